import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const deskApi: FunctionDefinition = {
  name: 'desk-api',
  does: 'The officer’s desk: work list, return, line decisions, endorse 初核, approve 复核 or refuse, objections',
  trigger: {
    kind: 'http',
    routes: [
      'GET /desk/claims',
      'POST /claims/{claimId}/return',
      'POST /claims/{claimId}/lines/{lineId}/decision',
      'POST /claims/{claimId}/endorsement',
      'POST /claims/{claimId}/approval',
      'POST /claims/{claimId}/refusal',
      'POST /claims/{claimId}/reconsideration',
      'GET /desk/objections',
      'GET /desk/objections/{objectionId}',
      'POST /desk/objections/{objectionId}/objector',
      'POST /objections/{objectionId}/decision',
      'POST /notices/{noticeId}/corrections',
      'POST /notices/{noticeId}/withdrawals',
      'GET /desk/notices/{noticeId}/proofs',
      'GET /desk/notices/{noticeId}/audit',
      'PUT /claims/{claimId}/notice-row',
      'GET /desk/notice-settings',
      'PUT /desk/notice-settings',
    ],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1024,
  uses: {
    table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    indexes: ['desk'],
    notices: ['GetObject', 'ListBucket', 'PutObject'],
    personalData: true,
  },
};
