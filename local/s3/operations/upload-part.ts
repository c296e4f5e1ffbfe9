import { type BodyExpectation, expectBody } from '../body/body-expectation.ts';
import { digestContent } from '../body/digest-content.ts';
import type { BodyFacts } from '../body/verified-body.ts';
import { checksumHeader } from '../checksum/checksum.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { parseCopyRange } from '../rules/byte-range.ts';
import { findCopySource, requireStillThere } from '../rules/copy-source.ts';
import { findUpload } from '../rules/find-upload.ts';
import { listedTime, quoted } from '../rules/object-reply.ts';
import { willBeLocked } from '../rules/requested-lock.ts';
import { S3Error } from '../s3-error.ts';
import { amzHeader, integerParameter, type S3Request } from '../s3-request.ts';
import type { Segment } from '../store/blobs.ts';
import { commitReceived } from '../store/commit-object.ts';
import { sliceSegments } from '../store/contents.ts';
import type { MultipartUpload, UploadedPart } from '../store/multipart-uploads.ts';
import type { Store } from '../store/store.ts';
import { xmlDocument } from '../xml.ts';
import { MOST_BYTES_PER_REQUEST } from './put-object.ts';

const MOST_PARTS = 10_000;

function partNumberOf(request: S3Request): number {
  const number = integerParameter(request, 'partNumber', { minimum: 1, maximum: MOST_PARTS });
  if (number === undefined) throw new S3Error('InvalidArgument', 'This operation needs the parameter partNumber.');
  return number;
}

/**
 * An upload created with a checksum algorithm takes parts with that checksum only; one with a checksum over the whole
 * object also takes parts without any.
 */
function expectationFor(upload: MultipartUpload, expectation: BodyExpectation): BodyExpectation {
  const { algorithm, type, named } = upload.description.checksum;
  const given = expectation.checksum?.algorithm;
  if (given === undefined && (!named || type === 'FULL_OBJECT')) return { ...expectation, compute: algorithm };
  if (given !== algorithm) {
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${named ? algorithm.toLowerCase() : 'null'}, actual checksum Type: ${given?.toLowerCase() ?? 'null'}`,
    );
  }
  return expectation;
}

function putPart(
  store: Store,
  upload: MultipartUpload,
  number: number,
  facts: BodyFacts,
  segments: readonly Segment[],
): UploadedPart {
  // It may have been aborted or completed while the bytes came in.
  store.uploads.get(upload.bucket, upload.key, upload.id);
  const part: UploadedPart = {
    number,
    content: store.contents.create(segments),
    size: facts.size,
    etag: facts.md5.toString('hex'),
    checksumAlgorithm: facts.checksum.algorithm,
    checksum: facts.checksum.value,
    modifiedAt: store.now(),
  };
  store.uploads.putPart(upload.id, part);
  return part;
}

export async function uploadPart({ store, request, payloadHash }: Call): Promise<Reply> {
  const upload = findUpload(store, request);
  const number = partNumberOf(request);
  const most = Math.min(MOST_BYTES_PER_REQUEST, store.maximumObjectBytes);
  const expectation = expectationFor(upload, expectBody(request, payloadHash, most));
  const locked = willBeLocked(upload.description.lock, store.buckets.get(upload.bucket));
  if (locked && expectation.md5 === undefined && expectation.checksum === undefined) {
    throw new S3Error(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Part requests with Object Lock parameters',
    );
  }
  const received = await store.blobs.receive(request.body.iterator({ destroyOnReturn: false }), expectation);
  const part = commitReceived(store, received, (segments) => putPart(store, upload, number, received.facts, segments));
  return {
    status: 200,
    headers: {
      etag: quoted(part.etag),
      ...(expectation.checksum === undefined ? {} : { [checksumHeader(part.checksumAlgorithm)]: part.checksum }),
    },
  };
}

export async function uploadPartCopy({ store, request }: Call): Promise<Reply> {
  const upload = findUpload(store, request);
  const number = partNumberOf(request);
  const source = findCopySource(store, request);
  const { size, content } = source.version;
  const range = parseCopyRange(amzHeader(request, 'x-amz-copy-source-range'), size) ?? { start: 0, length: size };
  if (range.length > MOST_BYTES_PER_REQUEST) {
    throw new S3Error(
      'InvalidRequest',
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MOST_BYTES_PER_REQUEST}`,
    );
  }
  const segments = sliceSegments(store.contents.segments(content), range.start, range.length);
  const facts = await digestContent(store.blobs.read(segments), upload.description.checksum.algorithm);
  const part = store.database.transact(() => {
    requireStillThere(store, source);
    return putPart(store, upload, number, facts, segments);
  });
  return {
    status: 200,
    headers: {
      'x-amz-copy-source-version-id': source.bucket.versioning === 'off' ? undefined : source.version.id,
    },
    xml: xmlDocument([
      'CopyPartResult',
      [
        ['ETag', quoted(part.etag)],
        ['LastModified', listedTime(part.modifiedAt)],
        [`Checksum${part.checksumAlgorithm}`, part.checksum],
      ],
    ]),
  };
}
