import * as z from 'zod';

const EVENT_TYPES = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:LifecycleExpiration:*',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
] as const;

const wholeDays = z.int().positive();

const corsRule = z.strictObject({
  /** Each at most one `*`, as in `https://*.example.org`. */
  allowedOrigins: z.array(z.string()).min(1),
  allowedMethods: z.array(z.enum(['GET', 'PUT', 'HEAD', 'POST', 'DELETE'])).min(1),
  /** Request headers, each at most one `*`. */
  allowedHeaders: z.array(z.string()).optional(),
  exposedHeaders: z.array(z.string()).optional(),
  maxAgeSeconds: z.int().nonnegative().optional(),
});

const lifecycleRule = z
  .strictObject({
    id: z.string().optional(),
    enabled: z.boolean().optional(),
    prefix: z.string().optional(),
    abortIncompleteMultipartUploadAfterDays: wholeDays.optional(),
    /** Current versions: deleted, or hidden under a delete marker where the bucket is versioned. */
    expirationInDays: wholeDays.optional(),
    /** Versions that another one has replaced, counted from the replacement. */
    noncurrentVersionExpirationInDays: wholeDays.optional(),
    /** Delete markers with nothing left beneath them. */
    expiredObjectDeleteMarker: z.boolean().optional(),
  })
  .refine((rule) => !(rule.expiredObjectDeleteMarker === true && rule.expirationInDays !== undefined), {
    message: 'expiredObjectDeleteMarker cannot stand beside expirationInDays',
  });

const notification = z.strictObject({
  id: z.string().optional(),
  events: z.array(z.enum(EVENT_TYPES)).min(1),
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  /** Where events go: an opaque name, as a rule an ARN, handed to `onEvent`. */
  target: z.string().min(1),
});

const defaultRetention = z
  .strictObject({
    mode: z.enum(['COMPLIANCE', 'GOVERNANCE']),
    days: z.int().positive().max(36_500).optional(),
    years: z.int().positive().max(100).optional(),
  })
  .refine((rule) => (rule.days === undefined) !== (rule.years === undefined), {
    message: 'a default retention has days or years, and not both',
  });

/** The rules of S3 for names of general-purpose buckets. */
const bucketName = z
  .string()
  .regex(
    /^(?!xn--|sthree-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'is not a valid bucket name',
  );

/** Strict on purpose: a setting that this stand-in would not act on is an error, never ignored. */
export const bucketConfigurationSchema = z.strictObject({
  name: bucketName,
  /** Object Lock implies it. */
  versioning: z.boolean().optional(),
  /** `true`: locks may be set per object; a rule: every new version gets one. */
  objectLock: z.union([z.boolean(), defaultRetention]).optional(),
  cors: z.array(corsRule).max(100).optional(),
  lifecycle: z.array(lifecycleRule).max(1000).optional(),
  notifications: z.array(notification).optional(),
});

export type S3BucketConfiguration = z.input<typeof bucketConfigurationSchema>;
export type CorsRule = z.output<typeof corsRule>;
export type LifecycleRule = z.output<typeof lifecycleRule>;
export type NotificationRule = z.output<typeof notification>;

/** @throws Error that names the bucket and the setting at fault */
export function parseBucketConfiguration(configuration: unknown): S3BucketConfiguration {
  const parsed = bucketConfigurationSchema.safeParse(configuration);
  if (parsed.success) return parsed.data;
  const name = (configuration as { name?: unknown } | undefined)?.name;
  throw new Error(
    `The configuration of bucket '${String(name)}' is not one the local S3 can keep:\n${z.prettifyError(parsed.error)}`,
  );
}
