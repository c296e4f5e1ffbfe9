import { expect, test } from 'vitest';
import type { Resource, Synthesized } from '../synthesized.ts';

// Queues hold ids of work that the sweep finds again; everything else that holds something is here.
const holdData = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket'];

/** What holds data: kept, versioned, sealed, never public. */
export function storedDataGuards(suite: Synthesized): void {
  const { keepsData, region, webOrigins } = suite.settings;

  const one = (type: string, part = ''): Resource => {
    const [found, ...more] = suite.ofType(type).filter(({ id }) => id.includes(part));
    if (found === undefined || more.length > 0) throw new Error(`no ${type}, or several: ${part}`);
    return found;
  };
  const bucket = (name: string) => one('AWS::S3::Bucket', `Buckets${name}`).properties;

  test('all that holds data outlives its stack, but on one machine', () => {
    const found = suite.resources.filter(({ type }) => holdData.includes(type));
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(holdData));
    const policy = keepsData ? 'Retain' : 'Delete';
    for (const { id, deletionPolicy, updateReplacePolicy } of found) {
      expect({ id, deletionPolicy, updateReplacePolicy }).toEqual({
        id,
        deletionPolicy: policy,
        updateReplacePolicy: policy,
      });
    }
  });

  test('stacks with data cannot be removed by one command', () => {
    expect(suite.terminationProtection).toEqual([keepsData, keepsData]);
  });

  test('the table can be restored to any second of 35 days, is protected, streams and forgets what expires', () => {
    expect(one('AWS::DynamoDB::GlobalTable').properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [
        {
          Region: region,
          DeletionProtectionEnabled: keepsData,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        },
      ],
    });
  });

  test('the indexes are those of the data model, with keys only', () => {
    const { GlobalSecondaryIndexes: indexes } = one('AWS::DynamoDB::GlobalTable').properties as {
      GlobalSecondaryIndexes: { IndexName: string; KeySchema: { AttributeName: string }[]; Projection: unknown }[];
    };
    expect(
      indexes.map(({ IndexName, KeySchema }) => [IndexName, ...KeySchema.map(({ AttributeName }) => AttributeName)]),
    ).toEqual([
      ['worklist', 'wpk', 'wsk'],
      ['desk', 'dpk', 'dsk'],
      ['tenant', 'tpk', 'tsk'],
      ['person', 'ppk', 'psk'],
    ]);
    for (const { Projection } of indexes) expect(Projection).toEqual({ ProjectionType: 'KEYS_ONLY' });
  });

  test('no bucket is public or speaks without TLS, and each but the log itself writes a log', () => {
    const buckets = suite.ofType('AWS::S3::Bucket');
    expect(buckets).toHaveLength(4);
    const guarded = suite
      .ofType('AWS::S3::BucketPolicy')
      .filter((policy) => JSON.stringify(policy.properties['PolicyDocument']).includes('aws:SecureTransport'))
      .flatMap((policy) => suite.referencesIn(policy, policy.properties['Bucket']));
    for (const { id, properties } of buckets) {
      expect(properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
      expect(guarded).toContain(id);
      expect('LoggingConfiguration' in properties).toBe(!id.includes('AccessLogs'));
    }
  });

  test('evidence can be locked, by whoever puts it there and not by default, and never expires', () => {
    expect(bucket('Evidence')).toMatchObject({
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(bucket('Evidence')).not.toHaveProperty('ObjectLockConfiguration');
    expect(JSON.stringify(bucket('Evidence')['LifecycleConfiguration'])).not.toContain('Expiration');
  });

  test('what the public was shown stays as it was', () => {
    expect(bucket('Notices')).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
    expect(bucket('Notices')).not.toHaveProperty('LifecycleConfiguration');
  });

  test('uploads are versioned, may come in parts from the portal, and do not stay', () => {
    expect(bucket('Incoming')).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedMethods: ['PUT'],
            AllowedOrigins: webOrigins,
            AllowedHeaders: expect.arrayContaining(['content-type', 'x-amz-checksum-sha256']),
            ExposedHeaders: expect.arrayContaining(['ETag']),
          },
        ],
      },
      LifecycleConfiguration: {
        Rules: [
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
          { ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
        ],
      },
    });
  });

  test('keys turn by themselves; the one of personal data waits a month before it would die', () => {
    const keys = suite.ofType('AWS::KMS::Key');
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key.properties).toMatchObject({ EnableKeyRotation: true });
    expect(one('AWS::KMS::Key', 'PersonalData').properties).toMatchObject({ PendingWindowInDays: 30 });
  });
}
