import type { FunctionDefinition } from './function-definition.ts';

export const publishNotices: FunctionDefinition = {
  name: 'publish-notices',
  does: 'Publishes the notices 公示 of approved claims and keeps proof of what was shown each day',
  trigger: {
    kind: 'schedule',
    expression: 'cron(30 8 * * ? *)',
    heartbeat: { metric: 'NoticeHeartbeat', silenceMinutes: 24 * 60 },
  },
  timeoutSeconds: 300,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['worklist'],
    notices: ['GetObject', 'ListBucket', 'PutObject'],
  },
};
