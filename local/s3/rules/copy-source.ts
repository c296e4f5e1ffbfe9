import { notImplemented, S3Error } from '../s3-error.ts';
import { amzHeader, type S3Request } from '../s3-request.ts';
import type { Bucket } from '../store/buckets.ts';
import type { Store } from '../store/store.ts';
import { findObject, parseVersionId, type StoredObject } from './find-version.ts';
import { checkReadPreconditions } from './preconditions.ts';

/** The headers of a copy that speak of its source. */
export const COPY_SOURCE_HEADERS = [
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-unmodified-since',
] as const;

export interface CopySource {
  readonly bucket: Bucket;
  readonly version: StoredObject;
  /** Whether the source was named by version, not as whatever is current. */
  readonly pinned: boolean;
}

function parseCopySource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  if (header.startsWith('arn:')) throw notImplemented('copying from an access point');
  const [place = '', query] = header.split('?', 2);
  const versionId = query === undefined ? undefined : /^versionId=(.+)$/.exec(query)?.[1];
  let decoded: string;
  try {
    decoded = decodeURIComponent(place.replaceAll('+', ' '));
  } catch {
    decoded = '';
  }
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decoded);
  if (match === null || (query !== undefined && versionId === undefined)) {
    throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: header,
    });
  }
  return { bucket: match[1] ?? '', key: match[2] ?? '', versionId };
}

/**
 * Finds the source of a copy and holds it against the conditions that the request sets.
 * @throws S3Error NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidArgument, PreconditionFailed
 */
export function findCopySource(store: Store, request: S3Request): CopySource {
  const place = parseCopySource(amzHeader(request, 'x-amz-copy-source') ?? '');
  const bucket = store.buckets.get(place.bucket);
  const version = findObject(store, bucket, place.key, parseVersionId(place.versionId));
  const verdict = checkReadPreconditions(
    {
      ifMatch: amzHeader(request, 'x-amz-copy-source-if-match'),
      ifNoneMatch: amzHeader(request, 'x-amz-copy-source-if-none-match'),
      ifModifiedSince: amzHeader(request, 'x-amz-copy-source-if-modified-since'),
      ifUnmodifiedSince: amzHeader(request, 'x-amz-copy-source-if-unmodified-since'),
    },
    version,
  );
  if (verdict === 'not-modified') {
    throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
      Condition: 'x-amz-copy-source-If-None-Match',
    });
  }
  return { bucket, version, pinned: place.versionId !== undefined };
}

/**
 * Makes sure that the source is still there when its copy is committed: reading it took time. Belongs inside the
 * transaction.
 * @throws S3Error NoSuchKey
 */
export function requireStillThere(store: Store, { version }: CopySource): void {
  const found = store.versions.find(version.bucket, version.key, version.id);
  if (found?.sequence !== version.sequence) {
    throw new S3Error('NoSuchKey', 'The source of the copy was deleted or replaced during the copy.', {
      Key: version.key,
    });
  }
}
