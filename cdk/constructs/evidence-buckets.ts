import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  HttpMethods,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface EvidenceBucketsProps {
  keepsData: boolean;
  /** Web origins that may upload. */
  webOrigins: readonly string[];
  /** Told of every object that arrives in `incoming`. */
  arrivals: IQueue;
}

/**
 * The buckets: `incoming` takes what applicants upload, `evidence` keeps what was proven, under lock, and `notices`
 * holds what the public may read. None is public; the notices are served by notices-api.
 */
export class EvidenceBuckets extends Construct {
  readonly incoming: Bucket;
  readonly evidence: Bucket;
  readonly notices: Bucket;

  constructor(scope: Construct, id: string, props: EvidenceBucketsProps) {
    super(scope, id);
    const common = {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    } satisfies BucketProps;
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...common,
      lifecycleRules: [{ id: 'forget-after-the-lawful-time', expiration: Duration.days(400) }],
    });
    Validations.of(accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It receives the access logs of the other buckets; logging it into itself would never end.',
    });
    const logged = (name: string) => ({
      ...common,
      versioned: true,
      // The library's own types disagree under exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: `${name}/`,
    });
    const abandonedUploads = { id: 'drop-abandoned-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) };

    this.incoming = new Bucket(this, 'Incoming', {
      ...logged('incoming'),
      lifecycleRules: [
        abandonedUploads,
        {
          // What was proven lies in the evidence bucket long since; the rest was refused.
          id: 'drop-what-was-not-proven',
          expiration: Duration.days(30),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
      cors: [
        {
          allowedMethods: [HttpMethods.PUT],
          allowedOrigins: [...props.webOrigins],
          allowedHeaders: ['content-type', 'x-amz-checksum-sha256', 'x-amz-sdk-checksum-algorithm'],
          // A browser must read the ETag of each part to complete a multipart upload.
          exposedHeaders: ['ETag', 'x-amz-checksum-sha256', 'x-amz-version-id'],
          maxAge: 3600,
        },
      ],
    });
    announceArrivals(this.incoming, props.arrivals);

    // No default retention: whoever puts evidence here locks it expressly, by version. A default would also lock
    // what came here by mistake, and a compliance lock cannot be taken back for years.
    this.evidence = new Bucket(this, 'Evidence', {
      ...logged('evidence'),
      objectLockEnabled: true,
      lifecycleRules: [abandonedUploads],
    });

    this.notices = new Bucket(this, 'Notices', logged('notices'));
  }
}

/**
 * Sends the bucket's "object created" events to a queue of the same stack. Said in the bucket's own properties: the
 * construct library would add a function of its own, with the right to change every bucket of the account.
 */
function announceArrivals(bucket: Bucket, queue: IQueue): void {
  const stack = Stack.of(bucket);
  // Beside the queue's own refusal of plain HTTP, in one policy: a queue has only one, and a second would replace it.
  const { policyDependable: policy } = queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'BucketAnnouncesArrivals',
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        // By the stack's prefix, not by name: the bucket waits for this policy, so the policy cannot wait for the bucket.
        ArnLike: {
          'aws:SourceArn': stack.formatArn({
            service: 's3',
            region: '',
            account: '',
            resource: `${stack.stackName}-*`,
            arnFormat: ArnFormat.NO_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  if (policy === undefined) throw new Error(`${queue.node.path} takes no statement of ours`);
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error(`${bucket.node.path} is not a bucket of ours`);
  resource.notificationConfiguration = {
    queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: queue.queueArn }],
  };
  resource.node.addDependency(policy);
}
