import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { compareKeys, firstKey, listedKey, listingQuery, takePage } from '../rules/listing-page.ts';
import { listedTime, quoted } from '../rules/object-reply.ts';
import { S3Error } from '../s3-error.ts';
import { queryParameter, type S3Request } from '../s3-request.ts';
import type { ObjectVersion } from '../store/object-versions.ts';
import { OWNER_ID } from '../store/store.ts';
import { type XmlElement, xmlDocument } from '../xml.ts';

/** Continuation tokens hold the last key or common prefix shown. */
function parseToken(request: S3Request): string | undefined {
  const token = queryParameter(request, 'continuation-token');
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (token === '' || Buffer.from(text).toString('base64url') !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', {
      ArgumentName: 'continuation-token',
    });
  }
  return text;
}

export async function listObjectsV2({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const query = listingQuery(request, 'max-keys');
  const token = parseToken(request);
  const startAfter = queryParameter(request, 'start-after');
  const showsOwner = queryParameter(request, 'fetch-owner') === 'true';
  const after = token ?? startAfter;
  const page = takePage(
    store.versions.listCurrent(bucket.name, firstKey(query.prefix, after)),
    query,
    ({ key }, commonPrefix) =>
      after !== undefined && (compareKeys(key, after) <= 0 || (token !== undefined && commonPrefix === token)),
  );
  const next =
    page.next === undefined ? undefined : 'entry' in page.next ? page.next.entry.key : page.next.commonPrefix;
  const contents = page.entries.map((version: ObjectVersion): XmlElement => {
    const { checksum } = version.description;
    return [
      'Contents',
      [
        ['Key', listedKey(version.key, query)],
        ['LastModified', listedTime(version.modifiedAt)],
        ['ETag', quoted(version.etag)],
        ['ChecksumAlgorithm', checksum?.algorithm],
        ['ChecksumType', checksum?.type],
        ['Size', version.size],
        ['StorageClass', 'STANDARD'],
        ['Owner', showsOwner ? [['ID', OWNER_ID]] : undefined],
      ],
    ];
  });
  return {
    status: 200,
    xml: xmlDocument([
      'ListBucketResult',
      [
        ['Name', bucket.name],
        ['Prefix', listedKey(query.prefix, query)],
        ['Delimiter', query.delimiter === undefined ? undefined : listedKey(query.delimiter, query)],
        ['MaxKeys', query.limit],
        ['EncodingType', query.urlEncoded ? 'url' : undefined],
        ['StartAfter', startAfter === undefined ? undefined : listedKey(startAfter, query)],
        ['KeyCount', page.entries.length + page.commonPrefixes.length],
        ['IsTruncated', next !== undefined],
        ['ContinuationToken', token === undefined ? undefined : queryParameter(request, 'continuation-token')],
        ['NextContinuationToken', next === undefined ? undefined : Buffer.from(next).toString('base64url')],
        ...contents,
        ...page.commonPrefixes.map((prefix): XmlElement => ['CommonPrefixes', [['Prefix', listedKey(prefix, query)]]]),
      ],
    ]),
  };
}
