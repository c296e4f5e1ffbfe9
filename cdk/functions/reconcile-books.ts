import type { FunctionDefinition } from './function-definition.ts';

export const reconcileBooks: FunctionDefinition = {
  name: 'reconcile-books',
  does: 'Holds the books of every special account 专账 against each other, and what was paid against what was approved',
  trigger: {
    kind: 'schedule',
    // Before anybody pays, and long enough before the working day to look into a difference.
    expression: 'cron(20 4 * * ? *)',
    heartbeat: { metric: 'CheckHeartbeat', silenceMinutes: 24 * 60 },
  },
  timeoutSeconds: 900,
  memoryMb: 1024,
  uses: { table: ['BatchGetItem', 'Query'], indexes: ['tenant'] },
};
