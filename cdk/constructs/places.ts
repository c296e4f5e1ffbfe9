import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionDefinition, QueueName, SettingName } from '../functions/function-definition.ts';
import type { ClaimsTable } from './claims-table.ts';
import type { WorkQueue } from './work-queue.ts';

/** The things that functions use, by the names that their definitions use. */
export interface Places {
  claims: ClaimsTable;
  incoming: Bucket;
  evidence: Bucket;
  notices: Bucket;
  work: Readonly<Record<QueueName, WorkQueue>>;
  personalDataKey: Key;
  /** Takes stream records that could not be relayed. */
  unrelayed: Queue;
  /** Takes scheduled runs that failed every try. */
  failedRuns: Queue;
  settings: Readonly<Record<SettingName, string>>;
}

const queueVariables: Readonly<Record<QueueName, string>> = {
  verify: 'VERIFY_QUEUE_URL',
  assess: 'ASSESS_QUEUE_URL',
};

const deadLetterVariables: Readonly<Record<QueueName, string>> = {
  verify: 'VERIFY_DEAD_LETTERS_URL',
  assess: 'ASSESS_DEAD_LETTERS_URL',
};

/** What a function reads from its environment: where the things are that it uses, and nothing else. */
export function environmentOf(definition: FunctionDefinition, places: Places): Record<string, string> {
  const { uses } = definition;
  const environment: Record<string, string> = {
    POWERTOOLS_SERVICE_NAME: definition.name,
    POWERTOOLS_METRICS_NAMESPACE: 'jipei',
    NODE_OPTIONS: '--enable-source-maps',
  };
  if (uses.table !== undefined) environment['TABLE_NAME'] = places.claims.table.tableName;
  if (uses.incoming !== undefined) environment['INCOMING_BUCKET'] = places.incoming.bucketName;
  if (uses.evidence !== undefined) environment['EVIDENCE_BUCKET'] = places.evidence.bucketName;
  if (uses.notices !== undefined) environment['NOTICES_BUCKET'] = places.notices.bucketName;
  if (uses.personalData === true) environment['KEY_ID'] = places.personalDataKey.keyArn;
  const { sendsTo = [], redrives = [] } = uses;
  for (const name of [...sendsTo, ...redrives]) environment[queueVariables[name]] = places.work[name].queue.queueUrl;
  for (const name of redrives) environment[deadLetterVariables[name]] = places.work[name].deadLetters.queueUrl;
  for (const name of definition.settings ?? []) environment[name] = places.settings[name];
  return environment;
}
