import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const recordsApi: FunctionDefinition = {
  name: 'records-api',
  does: 'Certificates 培训合格证书, audit trails, dossiers 台账, books 专账核算, statistics, departments’ returns, inspections 监督检查',
  trigger: {
    kind: 'http',
    routes: [
      'POST /classes/{classId}/certificates',
      'GET /classes/{classId}/certificates',
      'POST /certificates/{number}/cancellation',
      'POST /settings/certificate-letters',
      'GET /claims/{claimId}/audit',
      'GET /classes/{classId}/dossier',
      'POST /inspection-plans',
      'GET /inspection-plans',
      'POST /classes/{classId}/inspections',
      'GET /classes/{classId}/inspections',
      'GET /funds/{account}/ledger',
      'GET /reports/statistics',
      'POST /department-plans',
      'GET /department-plans/{year}',
    ],
    publicRoutes: ['GET /certificates/{number}'],
    // Numbers run on, so nobody should be able to try them all.
    limits: { 'GET /certificates/{number}': { rate: 10, burst: 40 } },
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1769,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['desk', 'tenant'],
    personalData: true,
  },
};
