import type { S3BucketConfiguration } from '../bucket-configuration.ts';
import { S3Error } from '../s3-error.ts';

/** COMPLIANCE: nobody may delete before the date. GOVERNANCE: only who says so explicitly (the bypass header). */
type RetentionMode = 'COMPLIANCE' | 'GOVERNANCE';

export interface Retention {
  readonly mode: RetentionMode;
  readonly until: Date;
}

/** What protects one version. */
export interface ObjectLock {
  readonly retention?: Retention;
  readonly legalHold: boolean;
}

/** What a writing request asks for; without a retention the bucket's default applies. */
export type RequestedLock = ObjectLock;

const DAY_MS = 24 * 60 * 60 * 1000;

export function isLockEnabled(configuration: S3BucketConfiguration): boolean {
  return configuration.objectLock !== undefined && configuration.objectLock !== false;
}

/** @throws S3Error InvalidRequest */
export function requireLockEnabled(configuration: S3BucketConfiguration): void {
  if (!isLockEnabled(configuration)) {
    throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  }
}

/** The retention that the bucket gives every new version, if it does. */
export function defaultRetention(configuration: S3BucketConfiguration, now: Date): Retention | undefined {
  const rule = configuration.objectLock;
  if (rule === undefined || typeof rule === 'boolean') return undefined;
  const until = new Date(now.getTime() + (rule.days ?? 0) * DAY_MS);
  if (rule.years !== undefined) until.setUTCFullYear(until.getUTCFullYear() + rule.years);
  return { mode: rule.mode, until };
}

/**
 * Reads a mode and a date given as text.
 * @throws S3Error InvalidArgument, InvalidRequest
 */
export function parseRetention(mode: string | undefined, until: string | undefined, now: Date): Retention | undefined {
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined) {
    throw new S3Error(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  }
  if (mode !== 'COMPLIANCE' && mode !== 'GOVERNANCE')
    throw new S3Error('InvalidArgument', 'Unknown wormMode directive.');
  const date = new Date(until);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(until) || Number.isNaN(date.getTime())) {
    throw new S3Error('InvalidArgument', 'The retain until date must be provided in ISO 8601 format');
  }
  if (date.getTime() <= now.getTime()) {
    throw new S3Error('InvalidArgument', 'The retain until date must be in the future!');
  }
  return { mode, until: date };
}

/** @throws S3Error InvalidArgument */
export function parseLegalHold(status: string | undefined): boolean {
  if (status === undefined || status === 'OFF') return false;
  if (status === 'ON') return true;
  throw new S3Error('InvalidArgument', 'Legal Hold must be either of "ON" or "OFF"');
}

function inForce(lock: ObjectLock, now: Date): Retention | undefined {
  return lock.retention !== undefined && lock.retention.until.getTime() > now.getTime() ? lock.retention : undefined;
}

/** Whether a version may be deleted for good now. */
export function mayDelete(lock: ObjectLock, now: Date, bypassGovernance: boolean): boolean {
  if (lock.legalHold) return false;
  const retention = inForce(lock, now);
  return retention === undefined || (retention.mode === 'GOVERNANCE' && bypassGovernance);
}

/**
 * Whether the retention may become another one (or none). It may always be made longer or stricter; COMPLIANCE can never
 * be shortened, weakened or taken off before its date, GOVERNANCE only with the bypass.
 */
export function mayReplaceRetention(
  lock: ObjectLock,
  next: Retention | undefined,
  now: Date,
  bypassGovernance: boolean,
): boolean {
  const current = inForce(lock, now);
  if (current === undefined) return true;
  const shorter = next === undefined || next.until.getTime() < current.until.getTime();
  const weaker = next === undefined || (current.mode === 'COMPLIANCE' && next.mode === 'GOVERNANCE');
  if (!shorter && !weaker) return true;
  return current.mode === 'GOVERNANCE' && bypassGovernance;
}

export function lockHeaders(lock: ObjectLock): Record<string, string | undefined> {
  return {
    'x-amz-object-lock-mode': lock.retention?.mode,
    'x-amz-object-lock-retain-until-date': lock.retention?.until.toISOString(),
    'x-amz-object-lock-legal-hold': lock.legalHold ? 'ON' : undefined,
  };
}
