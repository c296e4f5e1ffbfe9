import type { FunctionDefinition } from './function-definition.ts';

export const settlePayments: FunctionDefinition = {
  name: 'settle-payments',
  does: 'Goes on with payment batches and claims that a crash left half done',
  trigger: {
    kind: 'schedule',
    expression: 'rate(5 minutes)',
    heartbeat: { metric: 'SweepHeartbeat', silenceMinutes: 15 },
  },
  timeoutSeconds: 240,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['worklist'],
    personalData: true,
  },
};
