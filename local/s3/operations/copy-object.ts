import { digestContent } from '../body/digest-content.ts';
import { checksumAlgorithmOf, type ObjectChecksum } from '../checksum/checksum.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { type CopySource, findCopySource, requireStillThere } from '../rules/copy-source.ts';
import { objectHeadersOf } from '../rules/object-headers.ts';
import { checksumElements, listedTime, quoted, versionIdHeader } from '../rules/object-reply.ts';
import { lockOf } from '../rules/requested-lock.ts';
import { S3Error } from '../s3-error.ts';
import { amzHeader, type S3Request } from '../s3-request.ts';
import { commitObject } from '../store/commit-object.ts';
import type { Store } from '../store/store.ts';
import { xmlDocument } from '../xml.ts';
import { MOST_BYTES_PER_REQUEST } from './put-object.ts';

function replacesMetadata(request: S3Request): boolean {
  const directive = amzHeader(request, 'x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new S3Error('InvalidArgument', 'Unknown metadata directive.', {
      ArgumentName: 'x-amz-metadata-directive',
      ArgumentValue: directive,
    });
  }
  return directive === 'REPLACE';
}

/**
 * A copy is always an object in one piece: its ETag is the MD5 of its bytes and its checksum covers them all, even when
 * its source came in parts. Only then do the bytes have to be read.
 */
async function digestsOfCopy(
  store: Store,
  request: S3Request,
  { version }: CopySource,
): Promise<{ etag: string; checksum: ObjectChecksum }> {
  const named = amzHeader(request, 'x-amz-checksum-algorithm');
  const algorithm = named === undefined ? version.description.checksum?.algorithm : checksumAlgorithmOf(named);
  if (algorithm === undefined) {
    throw new S3Error('InvalidRequest', `Checksum algorithm provided is unsupported: ${named}`);
  }
  const known = version.description.checksum;
  if (known?.algorithm === algorithm && known.type === 'FULL_OBJECT' && !version.etag.includes('-')) {
    return { etag: version.etag, checksum: known };
  }
  const facts = await digestContent(store.blobs.read(store.contents.segments(version.content)), algorithm);
  return { etag: facts.md5.toString('hex'), checksum: { ...facts.checksum, type: 'FULL_OBJECT' } };
}

export async function copyObject({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const key = request.key ?? '';
  const source = findCopySource(store, request);
  const replaces = replacesMetadata(request);
  const lock = lockOf(request, bucket, store.now());
  if (source.version.size > MOST_BYTES_PER_REQUEST) {
    throw new S3Error(
      'InvalidRequest',
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MOST_BYTES_PER_REQUEST}`,
    );
  }
  if (!source.pinned && !replaces && source.bucket.name === bucket.name && source.version.key === key) {
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const headers = replaces ? objectHeadersOf(request) : source.version.description.headers;
  const digests = await digestsOfCopy(store, request, source);
  const copy = store.database.transact(() => {
    requireStillThere(store, source);
    return commitObject(
      store,
      bucket,
      {
        key,
        segments: store.contents.segments(source.version.content),
        size: source.version.size,
        headers,
        lock,
        ...digests,
      },
      {
        conditions: { ifMatch: request.headers['if-match'], ifNoneMatch: request.headers['if-none-match'] },
        event: 'ObjectCreated:Copy',
        cause: request,
      },
    );
  });
  return {
    status: 200,
    headers: {
      ...versionIdHeader(bucket, copy.id),
      'x-amz-copy-source-version-id': source.bucket.versioning === 'off' ? undefined : source.version.id,
    },
    xml: xmlDocument([
      'CopyObjectResult',
      [
        ['ETag', quoted(copy.etag)],
        ['LastModified', listedTime(copy.modifiedAt)],
        ...checksumElements(copy.description.checksum),
      ],
    ]),
  };
}
