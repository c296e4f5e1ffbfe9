import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const classesApi: FunctionDefinition = {
  name: 'classes-api',
  does: 'Class filing 开班备案: file, change, accept, refuse',
  trigger: {
    kind: 'http',
    routes: [
      'POST /classes',
      'GET /classes',
      'GET /classes/{classId}',
      'PUT /classes/{classId}',
      'POST /classes/{classId}/copies',
      'POST /classes/{classId}/filing',
      'POST /classes/{classId}/acceptance',
      'POST /classes/{classId}/refusal',
    ],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['desk', 'tenant'],
    personalData: true,
  },
};
