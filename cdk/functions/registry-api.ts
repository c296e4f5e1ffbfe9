import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const registryApi: FunctionDefinition = {
  name: 'registry-api',
  does: 'Registers: organisations 单位登记, shared records 共享信息, insurance subsidies, catalogues 目录',
  trigger: {
    kind: 'http',
    routes: [
      'PUT /organisations/{organisationId}',
      'GET /organisations/{organisationId}',
      'POST /organisations/{organisationId}/unblocking',
      'POST /shared-records',
      'POST /insurance-subsidies',
      'POST /insurance-subsidies/file',
      'POST /insurance-subsidies/{reference}/reversal',
      'POST /catalogue/shortage-lists',
      'GET /catalogue/shortage-lists',
      'POST /catalogue/annex-changes',
      'GET /catalogue/annex-changes',
      'GET /catalogue/annexes',
    ],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    personalData: true,
  },
};
