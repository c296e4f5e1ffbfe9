import { randomBytes } from 'node:crypto';
import type { LifecycleRule } from './bucket-configuration.ts';
import { mayDelete } from './rules/object-lock.ts';
import type { Cause } from './store/announce.ts';
import type { Bucket } from './store/buckets.ts';
import type { ObjectVersion } from './store/object-versions.ts';
import { removeCurrent, removeVersion } from './store/remove-object.ts';
import type { Store } from './store/store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** S3 counts whole days and acts at the next midnight UTC after they have passed. */
export function dueAt(since: Date, days: number): Date {
  return new Date(Math.ceil((since.getTime() + days * DAY_MS) / DAY_MS) * DAY_MS);
}

function isDue(now: Date, since: Date, days: number | undefined): boolean {
  return days !== undefined && now.getTime() >= dueAt(since, days).getTime();
}

function abortUploads(store: Store, bucket: Bucket, rule: LifecycleRule): number {
  const due = store.uploads
    .list(bucket.name)
    .filter(
      ({ key, initiatedAt }) =>
        key.startsWith(rule.prefix ?? '') &&
        isDue(store.now(), initiatedAt, rule.abortIncompleteMultipartUploadAfterDays),
    );
  for (const upload of due) store.database.transact(() => store.uploads.remove(upload.id));
  return due.length;
}

/** All versions of a key, newest first. */
function* groupByKey(versions: Iterable<ObjectVersion>): Generator<readonly ObjectVersion[]> {
  let group: ObjectVersion[] = [];
  for (const version of versions) {
    if (group.length > 0 && group[0]?.key !== version.key) {
      yield group;
      group = [];
    }
    group.push(version);
  }
  if (group.length > 0) yield group;
}

function expireKey(
  store: Store,
  bucket: Bucket,
  rule: LifecycleRule,
  versions: readonly ObjectVersion[],
  cause: Cause,
): number {
  const now = store.now();
  const [current, ...noncurrent] = versions;
  if (current === undefined) return 0;
  let done = 0;
  const remove = (version: ObjectVersion): void => {
    // A lock outranks the lifecycle, silently: the version is tried again at every run.
    if (!mayDelete(version.lock, now, false)) return;
    store.database.transact(() => removeVersion(store, bucket, version, false, cause, 'LifecycleExpiration'));
    done += 1;
  };
  noncurrent.forEach((version, index) => {
    // A version ceases to be current when its successor is written.
    const replacedAt = versions[index]?.modifiedAt ?? version.modifiedAt;
    if (isDue(now, replacedAt, rule.noncurrentVersionExpirationInDays)) remove(version);
  });
  const isMarker = current.content === undefined;
  if (!isMarker && isDue(now, current.modifiedAt, rule.expirationInDays)) {
    store.database.transact(() => removeCurrent(store, bucket, current.key, cause, 'LifecycleExpiration'));
    done += 1;
  }
  if (isMarker && noncurrent.length === 0) {
    if (rule.expiredObjectDeleteMarker === true || isDue(now, current.modifiedAt, rule.expirationInDays))
      remove(current);
  }
  return done;
}

function expireObjects(store: Store, bucket: Bucket, rule: LifecycleRule, cause: Cause): number {
  const prefix = rule.prefix ?? '';
  // Collected first: nothing may be written while rows are being read.
  const groups = [...groupByKey(store.versions.listAll(bucket.name, prefix))];
  return groups
    .filter(([first]) => first?.key.startsWith(prefix))
    .reduce((sum, versions) => sum + expireKey(store, bucket, rule, versions, cause), 0);
}

/**
 * Carries out what the rules of all buckets say is due by the store's clock.
 * @returns how many uploads were aborted and versions or delete markers made or removed
 */
export function applyLifecycle(store: Store): number {
  const cause: Cause = { id: randomBytes(8).toString('hex').toUpperCase(), sourceAddress: '127.0.0.1' };
  let done = 0;
  for (const bucket of store.buckets.list()) {
    for (const rule of bucket.configuration.lifecycle ?? []) {
      if (rule.enabled === false) continue;
      done += abortUploads(store, bucket, rule) + expireObjects(store, bucket, rule, cause);
    }
  }
  return done;
}
