import * as z from 'zod';
import type { S3BucketConfiguration } from '../s3/server.ts';
import type { DeployedResource, Deployment } from '../template/deployment.ts';

const strings = z.array(z.string());

const bucketShape = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  ObjectLockEnabled: z.boolean().default(false),
  ObjectLockConfiguration: z
    .object({
      Rule: z
        .object({
          DefaultRetention: z.object({
            Mode: z.enum(['COMPLIANCE', 'GOVERNANCE']),
            Days: z.coerce.number().optional(),
            Years: z.coerce.number().optional(),
          }),
        })
        .optional(),
    })
    .optional(),
  CorsConfiguration: z
    .object({
      CorsRules: z.array(
        z.object({
          AllowedOrigins: strings,
          AllowedMethods: strings,
          AllowedHeaders: strings.optional(),
          ExposedHeaders: strings.optional(),
          MaxAge: z.coerce.number().optional(),
        }),
      ),
    })
    .optional(),
  LifecycleConfiguration: z.object({ Rules: z.array(z.record(z.string(), z.unknown())) }).optional(),
  NotificationConfiguration: z.record(z.string(), z.unknown()).optional(),
});

const filterShape = z
  .object({
    S3Key: z.object({ Rules: z.array(z.object({ Name: z.string(), Value: z.string() })) }).optional(),
    Key: z.object({ FilterRules: z.array(z.object({ Name: z.string(), Value: z.string() })) }).optional(),
  })
  .optional();

/** The custom resource writes as the S3 API does; the bucket's own property writes in singular. */
const customNotificationShape = z.object({
  BucketName: z.string(),
  NotificationConfiguration: z.object({
    QueueConfigurations: z.array(z.object({ Events: strings, Filter: filterShape, QueueArn: z.string() })).default([]),
    LambdaFunctionConfigurations: z
      .array(z.object({ Events: strings, Filter: filterShape, LambdaFunctionArn: z.string() }))
      .default([]),
    TopicConfigurations: z.array(z.unknown()).default([]),
    EventBridgeConfiguration: z.unknown().optional(),
  }),
});

const ownNotificationShape = z.object({
  QueueConfigurations: z.array(z.object({ Event: z.string(), Filter: filterShape, Queue: z.string() })).default([]),
  LambdaConfigurations: z.array(z.object({ Event: z.string(), Filter: filterShape, Function: z.string() })).default([]),
  TopicConfigurations: z.array(z.unknown()).default([]),
  EventBridgeConfiguration: z.unknown().optional(),
});

type Notification = NonNullable<S3BucketConfiguration['notifications']>[number];

/**
 * Reads the buckets of a deployment in the words of the S3 stand-in. Notifications come from the bucket itself or
 * from CDK's `Custom::S3BucketNotifications`.
 */
export function readBuckets(deployment: Deployment): S3BucketConfiguration[] {
  const custom = deployment.resources('Custom::S3BucketNotifications').map((resource) => {
    const { BucketName, NotificationConfiguration: all } = customNotificationShape.parse(resource.properties);
    refuseOtherTargets(resource, all);
    const queues = all.QueueConfigurations.map((one) => notification(one.Events, one.Filter, one.QueueArn));
    const functions = all.LambdaFunctionConfigurations.map((one) =>
      notification(one.Events, one.Filter, one.LambdaFunctionArn),
    );
    return { bucket: BucketName, notifications: [...queues, ...functions] };
  });
  return deployment.resources('AWS::S3::Bucket').map((resource) => {
    const bucket = bucketShape.parse(resource.properties);
    const lock = bucket.ObjectLockConfiguration?.Rule?.DefaultRetention;
    const notifications = [
      ...ownNotifications(resource, bucket.NotificationConfiguration),
      ...custom.filter((one) => one.bucket === resource.ref).flatMap((one) => one.notifications),
    ];
    return withoutUndefined({
      name: resource.ref,
      versioning: bucket.VersioningConfiguration?.Status === 'Enabled',
      objectLock: lock
        ? withoutUndefined({ mode: lock.Mode, days: lock.Days, years: lock.Years })
        : bucket.ObjectLockEnabled,
      cors: bucket.CorsConfiguration?.CorsRules.map((rule) =>
        withoutUndefined({
          allowedOrigins: rule.AllowedOrigins,
          allowedMethods: rule.AllowedMethods,
          allowedHeaders: rule.AllowedHeaders,
          exposedHeaders: rule.ExposedHeaders,
          maxAgeSeconds: rule.MaxAge,
        }),
      ),
      lifecycle: bucket.LifecycleConfiguration?.Rules.map((rule) => lifecycleRule(resource, rule)),
      notifications: notifications.length > 0 ? notifications : undefined,
    }) as S3BucketConfiguration;
  });
}

function ownNotifications(resource: DeployedResource, given: unknown): Notification[] {
  if (given === undefined) return [];
  const all = ownNotificationShape.parse(given);
  refuseOtherTargets(resource, all);
  return [
    ...all.QueueConfigurations.map((one) => notification([one.Event], one.Filter, one.Queue)),
    ...all.LambdaConfigurations.map((one) => notification([one.Event], one.Filter, one.Function)),
  ];
}

function refuseOtherTargets(
  resource: DeployedResource,
  all: { readonly TopicConfigurations: readonly unknown[]; readonly EventBridgeConfiguration?: unknown },
): void {
  if (all.TopicConfigurations.length > 0 || all.EventBridgeConfiguration !== undefined) {
    throw new Error(`refusing to pretend: ${resource.logicalId} notifies something else than queues and functions`);
  }
}

function notification(events: readonly string[], filter: z.infer<typeof filterShape>, target: string): Notification {
  const rules = filter?.Key?.FilterRules ?? filter?.S3Key?.Rules ?? [];
  const value = (name: string): string | undefined => rules.find((rule) => rule.Name.toLowerCase() === name)?.Value;
  return withoutUndefined({ events, prefix: value('prefix'), suffix: value('suffix'), target }) as Notification;
}

/** Names of lifecycle settings here and there, for those the stand-in acts on. */
const lifecycleReaders: Readonly<Record<string, (value: unknown) => object>> = {
  Id: (value) => ({ id: value }),
  Status: (value) => ({ enabled: value === 'Enabled' }),
  Prefix: (value) => ({ prefix: value }),
  ExpirationInDays: (value) => ({ expirationInDays: Number(value) }),
  ExpiredObjectDeleteMarker: (value) => ({ expiredObjectDeleteMarker: value }),
  AbortIncompleteMultipartUpload: (value) => ({
    abortIncompleteMultipartUploadAfterDays: Number((value as Record<string, unknown>)['DaysAfterInitiation']),
  }),
  NoncurrentVersionExpiration: (value) => ({
    noncurrentVersionExpirationInDays: Number((value as Record<string, unknown>)['NoncurrentDays']),
  }),
  NoncurrentVersionExpirationInDays: (value) => ({ noncurrentVersionExpirationInDays: Number(value) }),
  // Cheaper storage costs the same here.
  Transitions: () => ({}),
  NoncurrentVersionTransitions: () => ({}),
};

function lifecycleRule(resource: DeployedResource, rule: Readonly<Record<string, unknown>>): object {
  const parts = Object.entries(rule).map(([name, value]) => {
    const read = lifecycleReaders[name];
    if (read === undefined) {
      throw new Error(`refusing to pretend: bucket ${resource.logicalId} has a lifecycle rule with ${name}`);
    }
    return read(value);
  });
  return Object.assign({}, ...parts) as object;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
