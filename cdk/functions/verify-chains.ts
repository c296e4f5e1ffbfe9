import type { FunctionDefinition } from './function-definition.ts';

export const verifyChains: FunctionDefinition = {
  name: 'verify-chains',
  does: 'Verifies the audit chains of claims at work or lately paid, and of what belongs to them',
  trigger: {
    kind: 'schedule',
    expression: 'cron(50 4 * * ? *)',
    heartbeat: { metric: 'CheckHeartbeat', silenceMinutes: 24 * 60 },
  },
  timeoutSeconds: 900,
  memoryMb: 1769,
  uses: { table: ['BatchGetItem', 'Query'], indexes: ['tenant', 'worklist'] },
};
