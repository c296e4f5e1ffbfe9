import type { FunctionDefinition } from './function-definition.ts';

export const assessClaim: FunctionDefinition = {
  name: 'assess-claim',
  does: 'Assesses a submitted claim and decides its lines, one transaction each',
  // One claim a time: it may have 5,000 lines.
  trigger: { kind: 'queue', queue: 'assess', batchSize: 1, maxConcurrency: 10 },
  timeoutSeconds: 300,
  memoryMb: 1769,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    personalData: true,
  },
};
