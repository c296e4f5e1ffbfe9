import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { versionIdOf } from '../rules/find-version.ts';
import { amzHeader, type S3Request } from '../s3-request.ts';
import type { Bucket } from '../store/buckets.ts';
import { type Removal, removeCurrent, removeVersion } from '../store/remove-object.ts';
import type { Store } from '../store/store.ts';

/** Whether the request says that it may delete what governance protects. */
export function bypassesGovernance(request: S3Request): boolean {
  return amzHeader(request, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
}

/**
 * Deletes a version, or the current one; what does not exist counts as deleted.
 * @throws S3Error AccessDenied when it is locked
 */
export function deleteOne(
  store: Store,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  request: S3Request,
): Removal {
  return store.database.transact(() => {
    if (versionId === undefined) return removeCurrent(store, bucket, key, request, 'ObjectRemoved');
    const version = store.versions.find(bucket.name, key, versionId);
    if (version === undefined) return { versionId, deleteMarker: false };
    return removeVersion(store, bucket, version, bypassesGovernance(request), request, 'ObjectRemoved');
  });
}

export async function deleteObject({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const removal = deleteOne(store, bucket, request.key ?? '', versionIdOf(request), request);
  return {
    status: 204,
    headers: {
      'x-amz-version-id': removal.versionId,
      'x-amz-delete-marker': removal.deleteMarker ? 'true' : undefined,
    },
  };
}
