import { amzHeader, type S3Request } from '../s3-request.ts';
import type { Bucket } from '../store/buckets.ts';
import {
  isLockEnabled,
  parseLegalHold,
  parseRetention,
  type RequestedLock,
  requireLockEnabled,
} from './object-lock.ts';

/** The headers by which a write asks for a lock. */
export const LOCK_HEADERS = [
  'x-amz-object-lock-mode',
  'x-amz-object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold',
] as const;

/**
 * The lock that a write asks for.
 * @throws S3Error InvalidRequest when the bucket has no Object Lock, InvalidArgument
 */
export function requestedLock(value: (name: string) => string | undefined, bucket: Bucket, now: Date): RequestedLock {
  const [mode, until, hold] = LOCK_HEADERS.map((name) => value(name));
  if (mode !== undefined || until !== undefined || hold !== undefined) requireLockEnabled(bucket.configuration);
  const retention = parseRetention(mode, until, now);
  return { ...(retention === undefined ? {} : { retention }), legalHold: parseLegalHold(hold) };
}

export function lockOf(request: S3Request, bucket: Bucket, now: Date): RequestedLock {
  return requestedLock((name) => amzHeader(request, name), bucket, now);
}

/** Whether what is written will be locked, by the request or by the bucket's default. */
export function willBeLocked(lock: RequestedLock, bucket: Bucket): boolean {
  return (
    lock.retention !== undefined ||
    lock.legalHold ||
    (isLockEnabled(bucket.configuration) && typeof bucket.configuration.objectLock !== 'boolean')
  );
}
