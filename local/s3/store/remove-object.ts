import { mayDelete } from '../rules/object-lock.ts';
import { S3Error } from '../s3-error.ts';
import { announce, type Cause } from './announce.ts';
import type { Bucket } from './buckets.ts';
import type { ObjectVersion } from './object-versions.ts';
import type { Store } from './store.ts';

export interface Removal {
  /** Of the version removed for good, or of the delete marker made. */
  readonly versionId: string | undefined;
  /** Whether what was removed, or made, is a delete marker. */
  readonly deleteMarker: boolean;
}

type Occasion = 'ObjectRemoved' | 'LifecycleExpiration';

/**
 * Removes the current version: for good where the bucket never kept versions, else by a delete marker on top of it.
 * Removing what is not there succeeds. Belongs inside a transaction.
 */
export function removeCurrent(store: Store, bucket: Bucket, key: string, cause: Cause, occasion: Occasion): Removal {
  if (bucket.versioning === 'off') {
    const current = store.versions.current(bucket.name, key);
    if (current !== undefined) {
      store.versions.remove(current);
      announce(store, bucket, `${occasion}:Delete`, current, cause);
    }
    return { versionId: undefined, deleteMarker: false };
  }
  const id = store.versions.nextId(bucket);
  const replaced = id === 'null' ? store.versions.find(bucket.name, key, id) : undefined;
  if (replaced !== undefined) store.versions.remove(replaced);
  const marker = store.versions.insert({
    bucket: bucket.name,
    key,
    id,
    content: undefined,
    size: 0,
    etag: '',
    modifiedAt: store.now(),
    description: { headers: { system: {}, user: {} } },
    lock: { legalHold: false },
  });
  announce(store, bucket, `${occasion}:DeleteMarkerCreated`, marker, cause);
  return { versionId: id, deleteMarker: true };
}

/**
 * Removes one version for good, unless a lock forbids it. Belongs inside a transaction.
 * @throws S3Error AccessDenied
 */
export function removeVersion(
  store: Store,
  bucket: Bucket,
  version: ObjectVersion,
  bypassGovernance: boolean,
  cause: Cause,
  occasion: Occasion,
): Removal {
  if (!mayDelete(version.lock, store.now(), bypassGovernance)) {
    throw new S3Error('AccessDenied', 'Access Denied because object protected by object lock.');
  }
  store.versions.remove(version);
  announce(store, bucket, `${occasion}:Delete`, version, cause);
  return { versionId: version.id, deleteMarker: version.content === undefined };
}
