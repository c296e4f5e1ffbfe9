/** Rights that the journey of all routes does not use and the main job, with what goes wrong in it, does. */
export const usedByMainJob: readonly string[] = [
  'desk-api kms:Decrypt PersonalDataKey',
  'evidence-api s3:GetObject BucketsIncoming/*',
  'evidence-api s3:ListMultipartUploadParts BucketsIncoming/*',
  // Also what clients do with a presigned address, by the rights of whoever signed it.
  'evidence-api s3:PutObject BucketsIncoming/*',
  'evidence-api sqs:SendMessage VerifyQueue',
  'operations-api dynamodb:GetItem ClaimsTable',
  'operations-api dynamodb:PutItem ClaimsTable',
  'operations-api dynamodb:UpdateItem ClaimsTable',
  'operations-api sqs:DeleteMessage VerifyDeadLetters',
  'operations-api sqs:GetQueueAttributes AssessDeadLetters',
  'operations-api sqs:GetQueueAttributes AssessQueue',
  'operations-api sqs:GetQueueAttributes VerifyDeadLetters',
  'operations-api sqs:GetQueueAttributes VerifyQueue',
  'operations-api sqs:ReceiveMessage VerifyDeadLetters',
  'operations-api sqs:SendMessage VerifyQueue',
  'relay-events sqs:SendMessage VerifyQueue',
  'sweep-work dynamodb:GetItem ClaimsTable',
  'sweep-work dynamodb:UpdateItem ClaimsTable',
  'sweep-work sqs:SendMessage VerifyQueue',
];

/** Rights that neither of the two uses, by what they are for; tests of the function or of its adapter reach them. */
const usedByReason: Readonly<Record<string, readonly string[]>> = {
  'an Idempotency-Key is freed after a failure of ours': [
    'claims-api dynamodb:DeleteItem ClaimsTable',
    'classes-api dynamodb:DeleteItem ClaimsTable',
    'evidence-api dynamodb:DeleteItem ClaimsTable',
    'notices-api dynamodb:DeleteItem ClaimsTable',
    'operations-api dynamodb:DeleteItem ClaimsTable',
    'records-api dynamodb:DeleteItem ClaimsTable',
    'registry-api dynamodb:DeleteItem ClaimsTable',
  ],
  'the data keys are made by whoever comes first, once': [
    'assess-claim kms:GenerateDataKey PersonalDataKey',
    'claims-api kms:GenerateDataKey PersonalDataKey',
    'classes-api kms:GenerateDataKey PersonalDataKey',
    'desk-api kms:GenerateDataKey PersonalDataKey',
    'notices-api kms:GenerateDataKey PersonalDataKey',
    'payments-api kms:GenerateDataKey PersonalDataKey',
    'records-api kms:GenerateDataKey PersonalDataKey',
    'settle-payments kms:GenerateDataKey PersonalDataKey',
  ],
  'an object that is absent answers 404 instead of 403; the right itself is never called upon': [
    'close-notices s3:ListBucket BucketsNotices',
    'desk-api s3:ListBucket BucketsNotices',
    'evidence-api s3:ListBucket BucketsIncoming',
    'notices-api s3:ListBucket BucketsNotices',
    'publish-notices s3:ListBucket BucketsNotices',
    'verify-evidence s3:ListBucket BucketsEvidence',
    'verify-evidence s3:ListBucket BucketsIncoming',
  ],
  'rows of a notice are taken down at once: test/publicity/withdraw-rows.test.ts': [
    'desk-api s3:GetObject BucketsNotices/*',
    'desk-api s3:PutObject BucketsNotices/*',
  ],
  'a batch that its request left is collected by the schedule: test/payments/collect-at-once.test.ts': [
    'settle-payments dynamodb:ConditionCheckItem ClaimsTable',
  ],
  'lists, versions and certificates that the stories do not ask for': [
    'claims-api dynamodb:Query ClaimsTable/index/tenant',
    'classes-api dynamodb:BatchGetItem ClaimsTable',
    'classes-api dynamodb:Query ClaimsTable',
    'classes-api dynamodb:Query ClaimsTable/index/desk',
    'classes-api dynamodb:Query ClaimsTable/index/tenant',
    'notices-api dynamodb:Query ClaimsTable/index/tenant',
    'operations-api dynamodb:BatchGetItem ClaimsTable',
    'operations-api dynamodb:Query ClaimsTable/index/tenant',
    'payments-api dynamodb:Query ClaimsTable/index/tenant',
    'records-api kms:Decrypt PersonalDataKey',
    'registry-api dynamodb:BatchGetItem ClaimsTable',
  ],
  'an officer’s word on a line is held against the other lines of the person': [
    'desk-api dynamodb:ConditionCheckItem ClaimsTable',
  ],
  'dead letters of claims; those of evidence are sent back in the main job': [
    'operations-api sqs:DeleteMessage AssessDeadLetters',
    'operations-api sqs:ReceiveMessage AssessDeadLetters',
    'operations-api sqs:SendMessage AssessQueue',
  ],
  'what a crash or a lost event left is finished by a schedule': [
    'close-notices dynamodb:DeleteItem ClaimsTable',
    'settle-payments dynamodb:BatchGetItem ClaimsTable',
    'settle-payments kms:Decrypt PersonalDataKey',
    // Setting money aside for a claim that waited: the audit record and the entry.
    'sweep-work dynamodb:PutItem ClaimsTable',
    'sweep-work sqs:SendMessage AssessQueue',
  ],
  'uploads in parts that nobody completed or that were given up, and copies that were made before': [
    'evidence-api s3:AbortMultipartUpload BucketsIncoming/*',
    'verify-evidence s3:AbortMultipartUpload BucketsIncoming/*',
    'verify-evidence s3:GetObjectRetention BucketsEvidence/*',
    'verify-evidence s3:ListMultipartUploadParts BucketsIncoming/*',
    'verify-evidence s3:PutObject BucketsIncoming/*',
  ],
};

/** Every right that the journey of all routes may leave unused. */
export const usedElsewhere: readonly string[] = [...usedByMainJob, ...Object.values(usedByReason).flat()];
