import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { ClaimsTable } from './constructs/claims-table.ts';
import { EvidenceBuckets } from './constructs/evidence-buckets.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { verifyEvidence } from './functions/verify-evidence.ts';
import type { StageSettings } from './stage.ts';

/** What outlives a deployment. */
export class StorageStack extends Stack {
  readonly claims: ClaimsTable;
  readonly buckets: EvidenceBuckets;
  /** Evidence that waits to be proven. It lives beside the bucket that fills it. */
  readonly verifyQueue: WorkQueue;
  /** Wraps the data keys of identity, card and phone numbers. Losing it loses them for good. */
  readonly personalDataKey: Key;
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, props: StackProps, settings: StageSettings) {
    super(scope, id, { ...props, description: 'jipei: table, buckets and keys that outlive a deployment' });
    const { keepsData, webOrigins, alarmEmail } = settings;
    this.personalDataKey = new Key(this, 'PersonalDataKey', {
      description: 'Wraps the data keys of identity, card and phone numbers',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.claims = new ClaimsTable(this, 'Claims', { keepsData });
    this.verifyQueue = new WorkQueue(this, 'Verify', {
      workerTimeout: Duration.seconds(verifyEvidence.timeoutSeconds),
    });
    this.buckets = new EvidenceBuckets(this, 'Buckets', {
      keepsData,
      webOrigins,
      arrivals: this.verifyQueue.queue,
    });
    const email = alarmEmail === undefined ? {} : { email: alarmEmail };
    this.alarmTopic = new AlarmTopic(this, 'Alarms', { keepsData, ...email }).topic;
  }
}
