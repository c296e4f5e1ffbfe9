import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const operationsApi: FunctionDefinition = {
  name: 'operations-api',
  does: 'For whoever runs the suite: queues, and sending dead letters back to their workers',
  trigger: {
    kind: 'http',
    routes: ['GET /operations/queues', 'POST /operations/redrives', 'GET /operations/redrives'],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 512,
  uses: {
    table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
    indexes: ['tenant'],
    redrives: ['assess', 'verify'],
  },
};
