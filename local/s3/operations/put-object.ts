import { expectBody } from '../body/body-expectation.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { objectHeadersOf } from '../rules/object-headers.ts';
import { checksumHeaders, quoted, versionIdHeader } from '../rules/object-reply.ts';
import { lockOf, willBeLocked } from '../rules/requested-lock.ts';
import { S3Error } from '../s3-error.ts';
import { commitObject, commitReceived } from '../store/commit-object.ts';

/** The most that a single PUT may carry; S3's limit. */
export const MOST_BYTES_PER_REQUEST = 5 * 1024 ** 3;

export async function putObject({ store, request, payloadHash }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const key = request.key ?? '';
  const headers = objectHeadersOf(request);
  const lock = lockOf(request, bucket, store.now());
  const expectation = expectBody(request, payloadHash, Math.min(MOST_BYTES_PER_REQUEST, store.maximumObjectBytes));
  if (willBeLocked(lock, bucket) && expectation.md5 === undefined && expectation.checksum === undefined) {
    throw new S3Error(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  }
  const received = await store.blobs.receive(request.body.iterator({ destroyOnReturn: false }), expectation);
  const { size, md5, checksum } = received.facts;
  const version = commitReceived(store, received, (segments) =>
    commitObject(
      store,
      bucket,
      {
        key,
        segments,
        size,
        etag: md5.toString('hex'),
        headers,
        checksum: { ...checksum, type: 'FULL_OBJECT' },
        lock,
      },
      {
        conditions: { ifMatch: request.headers['if-match'], ifNoneMatch: request.headers['if-none-match'] },
        event: 'ObjectCreated:Put',
        cause: request,
      },
    ),
  );
  return {
    status: 200,
    headers: {
      etag: quoted(version.etag),
      ...versionIdHeader(bucket, version.id),
      ...checksumHeaders(version.description.checksum),
    },
  };
}
