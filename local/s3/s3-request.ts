import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

const LONGEST_KEY_BYTES = 1024;

/** A received request, addressed path-style: `/bucket/key?query`. */
export interface S3Request {
  readonly id: string;
  readonly method: string;
  /** Still percent-encoded, as it was signed. */
  readonly path: string;
  /** Undefined when the service itself is addressed. */
  readonly bucket: string | undefined;
  /** Undefined when the bucket or the service is addressed. */
  readonly key: string | undefined;
  /** Decoded; a parameter without `=` is an empty string. */
  readonly query: Readonly<Record<string, string | string[]>>;
  /** Lower-case names, Latin-1 values. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sourceAddress: string;
  readonly body: IncomingMessage;
}

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', `Couldn't parse the specified URI: '${text}' is not valid percent-encoded UTF-8.`);
  }
  if (decoded.includes('\0')) throw new S3Error('InvalidURI', 'A name must not contain the character U+0000.');
  return decoded;
}

function parseQuery(text: string): Record<string, string | string[]> {
  // No prototype, so that a parameter may bear any name.
  const query: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1).replaceAll('+', ' '));
    const known = query[name];
    if (known === undefined) query[name] = value;
    else query[name] = [...(typeof known === 'string' ? [known] : known), value];
  }
  return query;
}

function flattenHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

/**
 * @throws S3Error InvalidURI, KeyTooLongError
 */
export function parseS3Request(message: IncomingMessage): S3Request {
  const url = message.url ?? '/';
  if (!url.startsWith('/')) throw new S3Error('InvalidURI', `Couldn't parse the specified URI: '${url}'.`);
  const questionMark = url.indexOf('?');
  const path = questionMark < 0 ? url : url.slice(0, questionMark);
  const [, rawBucket = '', rawKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const bucket = decode(rawBucket);
  const key = decode(rawKey);
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', {
      Size: String(Buffer.byteLength(key)),
      MaxSizeAllowed: String(LONGEST_KEY_BYTES),
    });
  }
  return {
    id: randomBytes(8).toString('hex').toUpperCase(),
    method: message.method ?? 'GET',
    path,
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query: parseQuery(questionMark < 0 ? '' : url.slice(questionMark + 1)),
    headers: flattenHeaders(message),
    sourceAddress: message.socket.remoteAddress ?? '127.0.0.1',
    body: message,
  };
}

/**
 * The value of a query parameter.
 * @throws S3Error InvalidArgument when it is given twice
 */
export function queryParameter(request: S3Request, name: string): string | undefined {
  const value = request.query[name];
  if (Array.isArray(value)) throw new S3Error('InvalidArgument', `The parameter ${name} is given more than once.`);
  return value;
}

/**
 * The value of an `x-amz-*` setting, which a presigned URL may carry in its query instead of in a header.
 * @throws S3Error InvalidArgument when it is given twice
 */
export function amzHeader(request: S3Request, name: string): string | undefined {
  const values = Object.entries(request.query)
    .filter(([parameter]) => parameter.toLowerCase() === name)
    .flatMap(([, value]) => value);
  const header = request.headers[name];
  if (header !== undefined) values.push(header);
  if (values.length > 1) throw new S3Error('InvalidArgument', `${name} is given more than once.`);
  return values[0];
}

/** Every `x-amz-*` name in use, lower-case, be it a header or a hoisted query parameter. */
export function amzHeaderNames(request: S3Request): readonly string[] {
  return [...Object.keys(request.headers), ...Object.keys(request.query).map((name) => name.toLowerCase())].filter(
    (name) => name.startsWith('x-amz-'),
  );
}

/**
 * A whole number in a query parameter.
 * @throws S3Error InvalidArgument unless it lies between the limits
 */
export function integerParameter(
  request: S3Request,
  name: string,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  const text = queryParameter(request, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < limits.minimum || value > limits.maximum) {
    throw new S3Error(
      'InvalidArgument',
      `${name} must be a whole number from ${limits.minimum} to ${limits.maximum}, not '${text}'.`,
      { ArgumentName: name, ArgumentValue: text },
    );
  }
  return value;
}
