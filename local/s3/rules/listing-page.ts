import { S3Error } from '../s3-error.ts';
import { integerParameter, queryParameter, type S3Request } from '../s3-request.ts';

const MOST_ENTRIES = 1000;

/** Orders keys as S3 does: by their UTF-8 bytes, which is not JavaScript's order beyond the basic plane. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

export interface ListingQuery {
  readonly prefix: string;
  /** Keys that share what stands before the delimiter are rolled up to one common prefix. */
  readonly delimiter: string | undefined;
  readonly limit: number;
  /** Keys are shown URL-encoded: XML cannot hold every character. */
  readonly urlEncoded: boolean;
}

/** @throws S3Error InvalidArgument */
export function listingQuery(request: S3Request, limitName: string): ListingQuery {
  const encoding = queryParameter(request, 'encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  }
  const delimiter = queryParameter(request, 'delimiter');
  const limit = integerParameter(request, limitName, { minimum: 0, maximum: 2 ** 31 - 1 }) ?? MOST_ENTRIES;
  return {
    prefix: queryParameter(request, 'prefix') ?? '',
    delimiter: delimiter === '' ? undefined : delimiter,
    limit: Math.min(limit, MOST_ENTRIES),
    urlEncoded: encoding === 'url',
  };
}

/** How a key is written in this listing. */
export function listedKey(key: string, query: ListingQuery): string {
  if (!query.urlEncoded) return key;
  return encodeURIComponent(key)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export interface ListingPage<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** The last thing shown when there is more: an entry or a common prefix. */
  readonly next: { readonly entry: T } | { readonly commonPrefix: string } | undefined;
}

export function commonPrefixOf(key: string, { prefix, delimiter }: ListingQuery): string | undefined {
  if (delimiter === undefined) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/**
 * Takes one page from items in key order, none of which lies before the prefix.
 * @param isDone whether an item was shown on an earlier page
 */
export function takePage<T extends { readonly key: string }>(
  items: Iterable<T>,
  query: ListingQuery,
  isDone: (item: T, commonPrefix: string | undefined) => boolean,
): ListingPage<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let last: ListingPage<T>['next'];
  if (query.limit === 0) return { entries, commonPrefixes, next: undefined };
  for (const item of items) {
    if (!item.key.startsWith(query.prefix)) break;
    const commonPrefix = commonPrefixOf(item.key, query);
    if (isDone(item, commonPrefix)) continue;
    if (commonPrefix !== undefined && commonPrefix === commonPrefixes.at(-1)) continue;
    if (entries.length + commonPrefixes.length === query.limit) return { entries, commonPrefixes, next: last };
    if (commonPrefix === undefined) {
      entries.push(item);
      last = { entry: item };
    } else {
      commonPrefixes.push(commonPrefix);
      last = { commonPrefix };
    }
  }
  return { entries, commonPrefixes, next: undefined };
}

/** Where to begin reading: the later of the prefix and the marker. */
export function firstKey(prefix: string, marker: string | undefined): string {
  return marker !== undefined && compareKeys(marker, prefix) > 0 ? marker : prefix;
}
