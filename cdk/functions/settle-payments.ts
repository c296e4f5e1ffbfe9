import type { FunctionDefinition } from './function-definition.ts';

export const settlePayments: FunctionDefinition = {
  name: 'settle-payments',
  does: 'Goes on with payments that a crash left half done, and locks the evidence of what was paid or refused for the years after',
  trigger: {
    kind: 'schedule',
    expression: 'rate(5 minutes)',
    heartbeat: { metric: 'SweepHeartbeat', silenceMinutes: 15 },
  },
  timeoutSeconds: 240,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['worklist'],
    // The lock of evidence is made longer at payment and at refusal (三(二)); nothing of it is read.
    evidence: ['GetObjectRetention', 'PutObjectRetention'],
    personalData: true,
  },
  settings: ['RETENTION_YEARS'],
};
