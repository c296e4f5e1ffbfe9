import type { FunctionDefinition } from './function-definition.ts';

export const verifyEvidence: FunctionDefinition = {
  name: 'verify-evidence',
  does: 'Proves one pinned version of an upload and promotes it under lock',
  // One message a time: a large promotion must not hold up others, nor be repeated for their sake.
  trigger: { kind: 'queue', queue: 'verify', batchSize: 1, maxConcurrency: 20 },
  timeoutSeconds: 300,
  memoryMb: 1769,
  uses: {
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    // Parts that are all there are joined, and those of an upload that is given up are dropped.
    incoming: [
      'AbortMultipartUpload',
      'GetObject',
      'GetObjectVersion',
      'ListBucket',
      'ListMultipartUploadParts',
      'PutObject',
    ],
    // Reading a lock's date needs a right of its own.
    evidence: ['GetObject', 'GetObjectRetention', 'ListBucket', 'PutObject', 'PutObjectRetention'],
  },
  settings: ['RETENTION_YEARS'],
};
