import { notImplemented, S3Error } from '../s3-error.ts';
import { amzHeader, amzHeaderNames, type S3Request } from '../s3-request.ts';

/** The headers that S3 keeps with an object and gives back with it. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

const USER_PREFIX = 'x-amz-meta-';
const MOST_USER_METADATA_BYTES = 2048;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

export interface ObjectHeaders {
  /** By lower-case name; always with a content type. */
  readonly system: Readonly<Record<string, string>>;
  /** By lower-case name without the prefix `x-amz-meta-`. */
  readonly user: Readonly<Record<string, string>>;
}

/** `aws-chunked` describes the transfer and is not part of the object. */
function storedEncoding(value: string): string {
  return value
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'aws-chunked')
    .join(',');
}

/**
 * Collects what is to be kept, from headers or the fields of a form.
 * @throws S3Error MetadataTooLarge, InvalidArgument, NotImplemented for a storage class other than STANDARD
 */
export function keepHeaders(value: (name: string) => string | undefined, names: readonly string[]): ObjectHeaders {
  const system: Record<string, string> = { 'content-type': DEFAULT_CONTENT_TYPE };
  for (const name of KEPT) {
    const given = value(name);
    const stored = given !== undefined && name === 'content-encoding' ? storedEncoding(given) : given;
    if (stored !== undefined && stored !== '') system[name] = stored;
  }
  const user = new Map<string, string>();
  let bytes = 0;
  for (const header of new Set(names.filter((candidate) => candidate.startsWith(USER_PREFIX)))) {
    const name = header.slice(USER_PREFIX.length);
    // Forms and URLs can bring names that no header can bear, and the object could never be read again.
    if (!HEADER_NAME.test(name)) throw new S3Error('InvalidArgument', `'${header}' cannot be the name of a header.`);
    const text = value(header) ?? '';
    user.set(name, text);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  if (bytes > MOST_USER_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(bytes),
      MaxSizeAllowed: String(MOST_USER_METADATA_BYTES),
    });
  }
  const storageClass = value('x-amz-storage-class');
  if (storageClass !== undefined && storageClass !== 'STANDARD')
    throw notImplemented(`the storage class ${storageClass}`);
  return { system, user: Object.fromEntries(user) };
}

/** @throws S3Error as `keepHeaders` */
export function objectHeadersOf(request: S3Request): ObjectHeaders {
  return keepHeaders(
    (name) => (name.startsWith('x-amz-') ? amzHeader(request, name) : request.headers[name]),
    amzHeaderNames(request),
  );
}

/** Metadata beyond ASCII, possible through forms, travels as an RFC 2047 word, as S3 sends it. */
function headerText(value: string): string {
  return /^[\x20-\x7e\t]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

/** The reply headers of an object. */
export function replyHeadersOf({ system, user }: ObjectHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(system)) headers[name] = headerText(value);
  for (const [name, value] of Object.entries(user)) headers[`${USER_PREFIX}${name}`] = headerText(value);
  return headers;
}
