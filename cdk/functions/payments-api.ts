import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const paymentsApi: FunctionDefinition = {
  name: 'payments-api',
  does: 'Money: special accounts 专账, batches and bank files, receipts, fund applications 资金申请, recovery 追回',
  trigger: {
    kind: 'http',
    routes: [
      'GET /funds',
      'GET /funds/{account}',
      'POST /funds/{account}/allotments',
      'POST /funds/{account}/corrections',
      'POST /payment-batches',
      'GET /payment-batches',
      'GET /payment-batches/{batchId}',
      'GET /payment-batches/{batchId}/bank-file',
      'GET /payment-batches/{batchId}/open-references',
      'POST /payment-batches/{batchId}/receipts',
      'POST /fund-applications',
      'GET /fund-applications',
      'GET /fund-applications/{applicationId}',
      'POST /fund-applications/{applicationId}/transfer',
      'PUT /claims/{claimId}/lines/{lineId}/card',
      'POST /claims/{claimId}/payment-reapplication',
      'POST /claims/{claimId}/recoveries',
      'POST /claims/{claimId}/recoveries/{recoveryId}/receipts',
      'POST /claims/{claimId}/recoveries/{recoveryId}/withdrawal',
      'GET /claims/{claimId}/recoveries',
      'GET /claims/{claimId}/recoveries/{recoveryId}',
    ],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1769,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['desk', 'tenant', 'worklist'],
    personalData: true,
  },
};
