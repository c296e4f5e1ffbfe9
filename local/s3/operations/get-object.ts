import { CHECKSUM_ALGORITHMS, checksumHeader, startChecksum } from '../checksum/checksum.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { type ByteRange, parseRange } from '../rules/byte-range.ts';
import { findObject, type StoredObject, versionIdOf } from '../rules/find-version.ts';
import { replyHeadersOf } from '../rules/object-headers.ts';
import { lockHeaders } from '../rules/object-lock.ts';
import { checksumHeaders, quoted, versionIdHeader } from '../rules/object-reply.ts';
import { checkReadPreconditions } from '../rules/preconditions.ts';
import { S3Error } from '../s3-error.ts';
import { amzHeader, queryParameter, type S3Request } from '../s3-request.ts';
import type { Bucket } from '../store/buckets.ts';
import { sliceSegments } from '../store/contents.ts';

/** The query parameters by which a signed URL sets headers of its reply. */
export const RESPONSE_OVERRIDES: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

function overridesOf(request: S3Request): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const [parameter, header] of Object.entries(RESPONSE_OVERRIDES)) {
    const value = queryParameter(request, parameter);
    if (value === undefined) continue;
    if (!/^[\x20-\x7e\xa0-\xff\t]*$/.test(value)) {
      throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
        ArgumentName: parameter,
        ArgumentValue: value,
      });
    }
    overrides[header] = value;
  }
  return overrides;
}

function headersOf(bucket: Bucket, version: StoredObject): Record<string, string | number | undefined> {
  return {
    'accept-ranges': 'bytes',
    etag: quoted(version.etag),
    'last-modified': version.modifiedAt.toUTCString(),
    ...versionIdHeader(bucket, version.id),
  };
}

function rangeHeaders(range: ByteRange | undefined, size: number): Record<string, string | number | undefined> {
  if (range === undefined) return { 'content-length': size };
  return {
    'content-length': range.length,
    'content-range': `bytes ${range.start}-${range.start + range.length - 1}/${size}`,
  };
}

/**
 * The SDK may send, with a GET, the checksum of its body, which is of no bytes.
 * @throws S3Error BadDigest when it is of anything else
 */
function requireChecksumOfNothing(request: S3Request): void {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = amzHeader(request, checksumHeader(algorithm));
    if (value !== undefined && value !== startChecksum(algorithm).digest().toString('base64')) {
      throw new S3Error('BadDigest', `The ${algorithm} you specified is not that of an empty body.`);
    }
  }
}

/** GET and HEAD of an object: the same head, with or without the bytes. */
export async function getObject({ store, request }: Call): Promise<Reply> {
  requireChecksumOfNothing(request);
  const bucket = store.buckets.get(request.bucket);
  const version = findObject(store, bucket, request.key ?? '', versionIdOf(request));
  const overrides = overridesOf(request);
  const conditions = {
    ifMatch: request.headers['if-match'],
    ifNoneMatch: request.headers['if-none-match'],
    ifModifiedSince: request.headers['if-modified-since'],
    ifUnmodifiedSince: request.headers['if-unmodified-since'],
  };
  if (checkReadPreconditions(conditions, version) === 'not-modified') {
    return { status: 304, headers: headersOf(bucket, version) };
  }
  const range = parseRange(request.headers['range'], version.size);
  // A checksum is of the whole object; beside a range it would only mislead.
  const withChecksum = range === undefined && amzHeader(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const headers = {
    ...headersOf(bucket, version),
    ...replyHeadersOf(version.description.headers),
    ...lockHeaders(version.lock),
    ...(withChecksum ? checksumHeaders(version.description.checksum) : {}),
    ...rangeHeaders(range, version.size),
    ...overrides,
  };
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD') return { status, headers };
  const segments = store.contents.segments(version.content);
  const shown = range === undefined ? segments : sliceSegments(segments, range.start, range.length);
  return { status, headers, content: store.blobs.read(shown) };
}
