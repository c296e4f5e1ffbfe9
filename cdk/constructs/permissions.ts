import { type Acknowledgment, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { BucketAction, FunctionDefinition } from '../functions/function-definition.ts';
import type { Places } from './places.ts';

function allow(sid: string, actions: string[], resources: string[], conditions?: PolicyStatement['conditions']) {
  return new PolicyStatement({ sid, actions, resources, ...(conditions === undefined ? {} : { conditions }) });
}

function tableStatements({ uses }: FunctionDefinition, { claims }: Places): PolicyStatement[] {
  const actions = (uses.table ?? []).map((action) => `dynamodb:${action}`);
  const indexes = (uses.indexes ?? []).map((name) => `${claims.table.tableArn}/index/${name}`);
  return [
    ...(actions.length > 0 ? [allow('Table', actions, [claims.table.tableArn])] : []),
    ...(indexes.length > 0 ? [allow('TableIndexes', ['dynamodb:Query'], indexes)] : []),
  ];
}

function bucketStatements(sid: string, bucket: Bucket, actions: readonly BucketAction[] = []): PolicyStatement[] {
  const onObjects = actions.filter((action) => action !== 'ListBucket').map((action) => `s3:${action}`);
  return [
    ...(onObjects.length > 0 ? [allow(`${sid}Objects`, onObjects, [bucket.arnForObjects('*')])] : []),
    ...(actions.includes('ListBucket') ? [allow(`${sid}Bucket`, ['s3:ListBucket'], [bucket.bucketArn])] : []),
  ];
}

/** Dead letters are taken and deleted, and sent to the queue that they came from; both are counted. */
function redriveStatements({ redrives = [] }: FunctionDefinition['uses'], { work }: Places): PolicyStatement[] {
  if (redrives.length === 0) return [];
  const take = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
  const give = ['sqs:GetQueueAttributes', 'sqs:SendMessage'];
  return [
    allow(
      'RedriveFrom',
      take,
      redrives.map((name) => work[name].deadLetters.queueArn),
    ),
    allow(
      'RedriveTo',
      give,
      redrives.map((name) => work[name].queue.queueArn),
    ),
  ];
}

/** What Lambda itself does in the function's name, because of what wakes it. */
function triggerStatements({ trigger }: FunctionDefinition, places: Places): PolicyStatement[] {
  const sendTo = (sid: string, queueArn: string) => allow(sid, ['sqs:SendMessage'], [queueArn]);
  if (trigger.kind === 'queue') {
    const actions = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
    return [allow('TriggerQueue', actions, [places.work[trigger.queue].queue.queueArn])];
  }
  if (trigger.kind === 'stream') {
    const actions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
    return [
      allow('TriggerStream', actions, [places.claims.streamArn]),
      // The one action that knows no resource; Lambda refuses a stream source without it.
      allow('TriggerStreamList', ['dynamodb:ListStreams'], ['*']),
      sendTo('TriggerUnrelayed', places.unrelayed.queueArn),
    ];
  }
  return trigger.kind === 'schedule' ? [sendTo('TriggerFailedRuns', places.failedRuns.queueArn)] : [];
}

/**
 * The rights of one function: single actions on single things, each statement named after what it is about. Those that
 * begin with `Trigger` are used by Lambda in the function's name; the rest by the function's own code.
 */
export function statementsOf(definition: FunctionDefinition, places: Places): PolicyStatement[] {
  const { uses } = definition;
  const queues = (uses.sendsTo ?? []).map((name) => places.work[name].queue.queueArn);
  return [
    ...tableStatements(definition, places),
    ...bucketStatements('Incoming', places.incoming, uses.incoming),
    ...bucketStatements('Evidence', places.evidence, uses.evidence),
    ...bucketStatements('Notices', places.notices, uses.notices),
    ...(queues.length > 0 ? [allow('Queues', ['sqs:SendMessage'], queues)] : []),
    ...redriveStatements(uses, places),
    ...(uses.personalData === true
      ? [
          allow('PersonalDataKey', ['kms:Decrypt', 'kms:GenerateDataKey'], [places.personalDataKey.keyArn], {
            StringLike: { 'kms:EncryptionContext:purpose': 'jipei/*' },
          }),
        ]
      : []),
    ...triggerStatements(definition, places),
  ];
}

function objectsOf(bucket: Bucket): Acknowledgment {
  const stack = Stack.of(bucket);
  // cdk-nag names the finding after the export by which another stack knows the bucket.
  const reference = stack.resolve(stack.exportValue(bucket.bucketArn)) as { 'Fn::ImportValue': string };
  return {
    id: `AwsSolutions-IAM5[Resource::${reference['Fn::ImportValue']}/*]`,
    reason: 'The objects of one bucket of ours; their keys are made at run time.',
  };
}

/** What cdk-nag is right to ask about in those rights, with the answers. */
export function acknowledgementsOf({ uses, trigger }: FunctionDefinition, places: Places): Acknowledgment[] {
  return [
    ...(uses.incoming === undefined ? [] : [objectsOf(places.incoming)]),
    ...(uses.evidence === undefined ? [] : [objectsOf(places.evidence)]),
    ...(uses.notices === undefined ? [] : [objectsOf(places.notices)]),
    ...(trigger.kind === 'stream'
      ? [
          {
            id: 'AwsSolutions-IAM5[Resource::*]',
            reason: 'dynamodb:ListStreams knows no resource, and Lambda refuses a stream source without it.',
          },
        ]
      : []),
  ];
}
