import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { parseVersionId } from '../rules/find-version.ts';
import { compareKeys, firstKey, listedKey, listingQuery, takePage } from '../rules/listing-page.ts';
import { listedTime, quoted } from '../rules/object-reply.ts';
import { S3Error } from '../s3-error.ts';
import { queryParameter } from '../s3-request.ts';
import { type ObjectVersion, sequenceOfId } from '../store/object-versions.ts';
import { OWNER_ID } from '../store/store.ts';
import { type XmlElement, xmlDocument } from '../xml.ts';

interface ListedVersion extends ObjectVersion {
  readonly isLatest: boolean;
}

function* withLatest(versions: Iterable<ObjectVersion>): Generator<ListedVersion> {
  let previousKey: string | undefined;
  for (const version of versions) {
    yield { ...version, isLatest: version.key !== previousKey };
    previousKey = version.key;
  }
}

export async function listObjectVersions({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const query = listingQuery(request, 'max-keys');
  const keyMarker = queryParameter(request, 'key-marker');
  const idMarker = queryParameter(request, 'version-id-marker');
  if (idMarker !== undefined && keyMarker === undefined) {
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }
  parseVersionId(idMarker);
  const markerSequence =
    keyMarker === undefined || idMarker === undefined
      ? undefined
      : (sequenceOfId(idMarker) ?? store.versions.find(bucket.name, keyMarker, idMarker)?.sequence);

  const isDone = (version: ObjectVersion, commonPrefix: string | undefined): boolean => {
    if (keyMarker === undefined) return false;
    const order = compareKeys(version.key, keyMarker);
    if (order !== 0) return order < 0 || commonPrefix === keyMarker;
    if (idMarker === undefined) return true;
    // A marker that has since been deleted tells its place by its id; `null` does not, and then nothing is skipped.
    return markerSequence !== undefined && version.sequence >= markerSequence;
  };
  const page = takePage(
    withLatest(store.versions.listAll(bucket.name, firstKey(query.prefix, keyMarker))),
    query,
    isDone,
  );
  const { next } = page;
  const nextKey = next === undefined ? undefined : 'entry' in next ? next.entry.key : next.commonPrefix;
  const entries = page.entries.map((version): XmlElement => {
    const place: XmlElement[] = [
      ['Key', listedKey(version.key, query)],
      ['VersionId', version.id],
      ['IsLatest', version.isLatest],
      ['LastModified', listedTime(version.modifiedAt)],
      ['Owner', [['ID', OWNER_ID]]],
    ];
    if (version.content === undefined) return ['DeleteMarker', place];
    const { checksum } = version.description;
    return [
      'Version',
      [
        ...place,
        ['ETag', quoted(version.etag)],
        ['ChecksumAlgorithm', checksum?.algorithm],
        ['ChecksumType', checksum?.type],
        ['Size', version.size],
        ['StorageClass', 'STANDARD'],
      ],
    ];
  });
  return {
    status: 200,
    xml: xmlDocument([
      'ListVersionsResult',
      [
        ['Name', bucket.name],
        ['Prefix', listedKey(query.prefix, query)],
        ['Delimiter', query.delimiter === undefined ? undefined : listedKey(query.delimiter, query)],
        ['KeyMarker', listedKey(keyMarker ?? '', query)],
        ['VersionIdMarker', idMarker ?? ''],
        ['MaxKeys', query.limit],
        ['EncodingType', query.urlEncoded ? 'url' : undefined],
        ['IsTruncated', nextKey !== undefined],
        ['NextKeyMarker', nextKey === undefined ? undefined : listedKey(nextKey, query)],
        ['NextVersionIdMarker', next !== undefined && 'entry' in next ? next.entry.id : undefined],
        ...entries,
        ...page.commonPrefixes.map((prefix): XmlElement => ['CommonPrefixes', [['Prefix', listedKey(prefix, query)]]]),
      ],
    ]),
  };
}
