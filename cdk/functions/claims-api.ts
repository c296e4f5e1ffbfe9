import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const claimsApi: FunctionDefinition = {
  name: 'claims-api',
  does: 'Claims: open, roster 花名册, pre-check 体检, submit, withdraw',
  trigger: {
    kind: 'http',
    routes: [
      'POST /claims',
      'GET /claims',
      'GET /claims/{claimId}',
      'GET /claims/{claimId}/lines',
      'PUT /claims/{claimId}/roster',
      'POST /claims/{claimId}/pre-check',
      'POST /claims/{claimId}/submission',
      'POST /claims/{claimId}/withdrawal',
    ],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1769,
  uses: {
    table: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['tenant'],
    personalData: true,
  },
};
