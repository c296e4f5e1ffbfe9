import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { localCredentials } from '../credentials.ts';
import type { S3BucketConfiguration } from '../s3/server.ts';

/**
 * Creates the buckets on somebody else's S3 (`S3_ENDPOINT`). Their notifications and lifecycle stay undone: events
 * of that S3 do not come here.
 * @returns what stays undone, one line each.
 */
export async function createExternalBuckets(
  endpoint: string,
  region: string,
  buckets: readonly S3BucketConfiguration[],
): Promise<string[]> {
  const client = new S3Client({ endpoint, region, credentials: { ...localCredentials }, forcePathStyle: true });
  try {
    for (const bucket of buckets) await createBucket(client, bucket);
  } finally {
    client.destroy();
  }
  return buckets.flatMap(({ name, notifications, lifecycle }) => [
    ...(notifications === undefined ? [] : [`bucket ${name} at ${endpoint}: its events do not come here`]),
    ...(lifecycle === undefined ? [] : [`bucket ${name} at ${endpoint}: its lifecycle is not carried out`]),
  ]);
}

async function createBucket(client: S3Client, bucket: S3BucketConfiguration): Promise<void> {
  const Bucket = bucket.name;
  const locked = bucket.objectLock !== undefined && bucket.objectLock !== false;
  try {
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: locked }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
  if (bucket.versioning === true) {
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
  if (typeof bucket.objectLock === 'object') {
    const { mode, days, years } = bucket.objectLock;
    const DefaultRetention = { Mode: mode, ...(days === undefined ? { Years: years } : { Days: days }) };
    await client.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
      }),
    );
  }
  if (bucket.cors !== undefined) {
    const CORSRules = bucket.cors.map((rule) => ({
      AllowedOrigins: [...rule.allowedOrigins],
      AllowedMethods: [...rule.allowedMethods],
      AllowedHeaders: [...(rule.allowedHeaders ?? [])],
      ExposeHeaders: [...(rule.exposedHeaders ?? [])],
      MaxAgeSeconds: rule.maxAgeSeconds,
    }));
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  }
}
