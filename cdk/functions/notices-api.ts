import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const noticesApi: FunctionDefinition = {
  name: 'notices-api',
  does: 'Public notices 公示: read them, object, read the outcome; no log-in',
  trigger: {
    kind: 'http',
    routes: [],
    // 二(二) wants the notice before the public; whoever objects need not be known to us (二(三)).
    publicRoutes: [
      'GET /notices',
      'GET /notices/{noticeId}',
      'GET /notices/{noticeId}/data',
      'GET /notices/{noticeId}/units',
      'POST /notices/{noticeId}/objections',
      'GET /objections/{receiptNumber}',
    ],
    limits: {
      'POST /notices/{noticeId}/objections': { rate: 5, burst: 20 },
      'GET /objections/{receiptNumber}': { rate: 10, burst: 40 },
    },
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['tenant'],
    notices: ['GetObject', 'ListBucket'],
    // Who objects may leave a name and a number; both are sealed.
    personalData: true,
  },
};
