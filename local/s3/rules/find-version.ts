import { S3Error } from '../s3-error.ts';
import { queryParameter, type S3Request } from '../s3-request.ts';
import type { Bucket } from '../store/buckets.ts';
import { isVersionId, type ObjectVersion } from '../store/object-versions.ts';
import type { Store } from '../store/store.ts';

/** @throws S3Error InvalidArgument */
export function parseVersionId(text: string | undefined): string | undefined {
  if (text !== undefined && !isVersionId(text)) {
    throw new S3Error('InvalidArgument', 'Invalid version id specified', {
      ArgumentName: 'versionId',
      ArgumentValue: text,
    });
  }
  return text;
}

export function versionIdOf(request: S3Request): string | undefined {
  return parseVersionId(queryParameter(request, 'versionId'));
}

/** A version that has bytes. */
export type StoredObject = ObjectVersion & { readonly content: number };

/**
 * The version with that id, or the current one; never a delete marker.
 * @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker asked for by id
 */
export function findObject(store: Store, bucket: Bucket, key: string, id: string | undefined): StoredObject {
  if (id === undefined) {
    const current = store.versions.current(bucket.name, key);
    if (current?.content === undefined) {
      const marker: Record<string, string> =
        current === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': current.id };
      throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key }, marker);
    }
    return { ...current, content: current.content };
  }
  const version = store.versions.find(bucket.name, key, id);
  if (version === undefined) {
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: id });
  }
  if (version.content === undefined) {
    throw new S3Error(
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      { Method: 'GET', ResourceType: 'DeleteMarker' },
      {
        'x-amz-delete-marker': 'true',
        'x-amz-version-id': id,
        allow: 'DELETE',
        'last-modified': version.modifiedAt.toUTCString(),
      },
    );
  }
  return { ...version, content: version.content };
}
