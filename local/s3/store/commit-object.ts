import type { ObjectChecksum } from '../checksum/checksum.ts';
import type { EventName } from '../rules/notification.ts';
import type { ObjectHeaders } from '../rules/object-headers.ts';
import { defaultRetention, type RequestedLock } from '../rules/object-lock.ts';
import { checkWritePreconditions, type Preconditions } from '../rules/preconditions.ts';
import { announce, type Cause } from './announce.ts';
import type { ReceivedBlob, Segment } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import type { ObjectVersion } from './object-versions.ts';
import type { Store } from './store.ts';

export interface ObjectDraft {
  readonly key: string;
  readonly segments: readonly Segment[];
  readonly size: number;
  readonly etag: string;
  readonly headers: ObjectHeaders;
  readonly checksum: ObjectChecksum;
  readonly lock: RequestedLock;
}

/**
 * Makes a draft the current version of its key. Belongs inside a transaction.
 * @throws S3Error PreconditionFailed, NoSuchKey
 */
export function commitObject(
  store: Store,
  bucket: Bucket,
  draft: ObjectDraft,
  context: { readonly conditions: Preconditions; readonly event: EventName; readonly cause: Cause },
): ObjectVersion {
  const current = store.versions.current(bucket.name, draft.key);
  const visible = current?.content === undefined ? undefined : current;
  checkWritePreconditions(context.conditions, visible, draft.key);
  const id = store.versions.nextId(bucket);
  const replaced = id === 'null' ? store.versions.find(bucket.name, draft.key, id) : undefined;
  // Its content goes last: a copy onto itself shows the same blobs.
  const content = store.contents.create(draft.segments);
  if (replaced !== undefined) store.versions.remove(replaced);
  const now = store.now();
  const retention = draft.lock.retention ?? defaultRetention(bucket.configuration, now);
  const version = store.versions.insert({
    bucket: bucket.name,
    key: draft.key,
    id,
    content,
    size: draft.size,
    etag: draft.etag,
    modifiedAt: now,
    description: { headers: draft.headers, checksum: draft.checksum },
    lock: { ...(retention === undefined ? {} : { retention }), legalHold: draft.lock.legalHold },
  });
  announce(store, bucket, context.event, version, context.cause);
  return version;
}

/**
 * Runs a transaction that names a received blob for the first time; if it fails the bytes are removed again.
 * @param work gets the segments of the body
 */
export function commitReceived<T>(store: Store, received: ReceivedBlob, work: (segments: readonly Segment[]) => T): T {
  const { id, facts } = received;
  try {
    return store.database.transact(() => {
      if (id === undefined) return work([]);
      store.contents.register(id, facts.size);
      return work([{ blob: id, start: 0, length: facts.size }]);
    });
  } catch (error) {
    if (id !== undefined) store.blobs.discard([id]);
    throw error;
  }
}
