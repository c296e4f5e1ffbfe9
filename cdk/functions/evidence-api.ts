import { type FunctionDefinition, requestTimeoutSeconds } from './function-definition.ts';

export const evidenceApi: FunctionDefinition = {
  name: 'evidence-api',
  does: 'Evidence: upload rows, presigned addresses, completion',
  trigger: {
    kind: 'http',
    routes: [
      'POST /claims/{claimId}/evidence',
      'GET /claims/{claimId}/evidence',
      'GET /claims/{claimId}/evidence/{evidenceId}',
      'POST /claims/{claimId}/evidence/{evidenceId}/urls',
      'POST /claims/{claimId}/evidence/{evidenceId}/completion',
    ],
  },
  timeoutSeconds: requestTimeoutSeconds,
  memoryMb: 1024,
  uses: {
    table: ['ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
    // What it presigns is done with its own rights.
    incoming: ['AbortMultipartUpload', 'GetObject', 'ListBucket', 'ListMultipartUploadParts', 'PutObject'],
    sendsTo: ['verify'],
  },
};
