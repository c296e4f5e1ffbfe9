import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { findUpload } from '../rules/find-upload.ts';
import { compareKeys, listedKey, listingQuery, takePage } from '../rules/listing-page.ts';
import { listedTime, quoted } from '../rules/object-reply.ts';
import { integerParameter, queryParameter } from '../s3-request.ts';
import type { MultipartUpload } from '../store/multipart-uploads.ts';
import { OWNER_ID } from '../store/store.ts';
import { type XmlElement, xmlDocument } from '../xml.ts';

const OWNER: readonly XmlElement[] = [['ID', OWNER_ID]];

function checksumOf({ description }: MultipartUpload): readonly XmlElement[] {
  const { algorithm, type, named } = description.checksum;
  if (!named) return [];
  return [
    ['ChecksumAlgorithm', algorithm],
    ['ChecksumType', type],
  ];
}

export async function listMultipartUploads({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const query = listingQuery(request, 'max-uploads');
  const keyMarker = queryParameter(request, 'key-marker');
  // Without a key marker S3 ignores it.
  const idMarker = keyMarker === undefined ? undefined : queryParameter(request, 'upload-id-marker');
  const page = takePage(
    store.uploads.list(bucket.name).filter(({ key }) => compareKeys(key, query.prefix) >= 0),
    query,
    (upload, commonPrefix) => {
      if (keyMarker === undefined) return false;
      const order = compareKeys(upload.key, keyMarker);
      if (order !== 0) return order < 0 || commonPrefix === keyMarker;
      return idMarker === undefined || compareKeys(upload.id, idMarker) <= 0;
    },
  );
  const { next } = page;
  const nextKey = next === undefined ? undefined : 'entry' in next ? next.entry.key : next.commonPrefix;
  return {
    status: 200,
    xml: xmlDocument([
      'ListMultipartUploadsResult',
      [
        ['Bucket', bucket.name],
        ['KeyMarker', listedKey(keyMarker ?? '', query)],
        ['UploadIdMarker', idMarker ?? ''],
        ['Prefix', listedKey(query.prefix, query)],
        ['Delimiter', query.delimiter === undefined ? undefined : listedKey(query.delimiter, query)],
        ['EncodingType', query.urlEncoded ? 'url' : undefined],
        ['MaxUploads', query.limit],
        ['IsTruncated', nextKey !== undefined],
        ['NextKeyMarker', nextKey === undefined ? undefined : listedKey(nextKey, query)],
        ['NextUploadIdMarker', next !== undefined && 'entry' in next ? next.entry.id : undefined],
        ...page.entries.map(
          (upload): XmlElement => [
            'Upload',
            [
              ['Key', listedKey(upload.key, query)],
              ['UploadId', upload.id],
              ['Initiator', OWNER],
              ['Owner', OWNER],
              ['StorageClass', 'STANDARD'],
              ['Initiated', listedTime(upload.initiatedAt)],
              ...checksumOf(upload),
            ],
          ],
        ),
        ...page.commonPrefixes.map((prefix): XmlElement => ['CommonPrefixes', [['Prefix', listedKey(prefix, query)]]]),
      ],
    ]),
  };
}

export async function listParts({ store, request }: Call): Promise<Reply> {
  const upload = findUpload(store, request);
  const limit = Math.min(integerParameter(request, 'max-parts', { minimum: 0, maximum: 2 ** 31 - 1 }) ?? 1000, 1000);
  const marker = integerParameter(request, 'part-number-marker', { minimum: 0, maximum: 2 ** 31 - 1 }) ?? 0;
  const rest = store.uploads.parts(upload.id).filter(({ number }) => number > marker);
  const parts = rest.slice(0, limit);
  const truncated = limit > 0 && rest.length > limit;
  return {
    status: 200,
    xml: xmlDocument([
      'ListPartsResult',
      [
        ['Bucket', upload.bucket],
        ['Key', upload.key],
        ['UploadId', upload.id],
        ['Initiator', OWNER],
        ['Owner', OWNER],
        ['StorageClass', 'STANDARD'],
        ['PartNumberMarker', marker],
        ['NextPartNumberMarker', parts.at(-1)?.number ?? 0],
        ['MaxParts', limit],
        ['IsTruncated', truncated],
        ...checksumOf(upload),
        ...parts.map(
          (part): XmlElement => [
            'Part',
            [
              ['PartNumber', part.number],
              ['LastModified', listedTime(part.modifiedAt)],
              ['ETag', quoted(part.etag)],
              ['Size', part.size],
              [`Checksum${part.checksumAlgorithm}`, part.checksum],
            ],
          ],
        ),
      ],
    ]),
  };
}
