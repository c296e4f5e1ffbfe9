import type { FunctionDefinition } from './function-definition.ts';

export const closeNotices: FunctionDefinition = {
  name: 'close-notices',
  does: 'Clears the lines of notices whose period is over, from the first minutes of the next day',
  trigger: {
    kind: 'schedule',
    expression: 'cron(5 0 * * ? *)',
    heartbeat: { metric: 'NoticeHeartbeat', silenceMinutes: 24 * 60 },
  },
  timeoutSeconds: 300,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['worklist'],
    notices: ['GetObject', 'ListBucket', 'PutObject'],
  },
};
