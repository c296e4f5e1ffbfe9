import type { FunctionDefinition } from './function-definition.ts';

export const sweepWork: FunctionDefinition = {
  name: 'sweep-work',
  does: 'Finds everything that waits for an event again, so that a lost event costs minutes and nothing else',
  trigger: {
    kind: 'schedule',
    expression: 'rate(5 minutes)',
    heartbeat: { metric: 'SweepHeartbeat', silenceMinutes: 15 },
  },
  timeoutSeconds: 240,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'],
    indexes: ['worklist'],
    sendsTo: ['assess', 'verify'],
  },
};
