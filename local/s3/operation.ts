import type { Reply } from './reply.ts';
import { notImplemented } from './s3-error.ts';
import { amzHeaderNames, type S3Request } from './s3-request.ts';
import type { Store } from './store/store.ts';

/** An authenticated request on its way to its operation. */
export interface Call {
  readonly store: Store;
  readonly request: S3Request;
  /** What was signed as the hash of the body. */
  readonly payloadHash: string;
}

/** One operation of the S3 API: how a request for it looks, and what carries it out. */
export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly level: 'service' | 'bucket' | 'object';
  /** Query parameters, with their value if it matters, that make a request one for this operation. */
  readonly marks?: readonly (string | readonly [name: string, value: string])[];
  /** A header that does the same. */
  readonly markHeader?: string;
  /** Further query parameters that it understands. */
  readonly query?: readonly string[];
  /** `x-amz-*` settings and conditional headers that it understands; a `*` at the end stands for any continuation. */
  readonly headers?: readonly string[];
  readonly handle: (call: Call) => Promise<Reply>;
}

/** Understood everywhere: signing, tracing, and the SDK's note on which operation it means. */
const QUERY_FOR_ALL = new Set(['x-id']);
const HEADERS_FOR_ALL = [
  'x-amz-algorithm',
  'x-amz-content-sha256',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expected-bucket-owner',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
  'x-amz-user-agent',
];
const CONDITIONAL = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

function levelOf(request: S3Request): Operation['level'] {
  if (request.bucket === undefined) return 'service';
  return request.key === undefined ? 'bucket' : 'object';
}

function bears(request: S3Request, mark: string | readonly [string, string]): boolean {
  return typeof mark === 'string' ? mark in request.query : request.query[mark[0]] === mark[1];
}

function isMeant(operation: Operation, request: S3Request): boolean {
  return (
    operation.method === request.method &&
    operation.level === levelOf(request) &&
    (operation.marks ?? []).every((mark) => bears(request, mark)) &&
    (operation.markHeader === undefined || amzHeaderNames(request).includes(operation.markHeader))
  );
}

function weight(operation: Operation): number {
  return (operation.marks?.length ?? 0) + (operation.markHeader === undefined ? 0 : 1);
}

function allows(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}

/**
 * Finds the operation that a request means, and makes sure that it asks for nothing beyond what that operation does: an
 * unknown sub-resource, parameter or header must never be answered as if it had been obeyed.
 * @throws S3Error NotImplemented
 */
export function findOperation(operations: readonly Operation[], request: S3Request): Operation {
  const [operation] = operations
    .filter((candidate) => isMeant(candidate, request))
    .toSorted((left, right) => weight(right) - weight(left));
  if (operation === undefined) throw notImplemented(`${request.method} of a ${levelOf(request)} in this form`);

  const marks = (operation.marks ?? []).map((mark) => (typeof mark === 'string' ? mark : mark[0]));
  for (const name of Object.keys(request.query)) {
    const known = marks.includes(name) || operation.query?.includes(name) === true || QUERY_FOR_ALL.has(name);
    if (!known && !name.toLowerCase().startsWith('x-amz-')) {
      throw notImplemented(`the query parameter '${name}' for ${operation.name}`);
    }
  }
  const headers = [...HEADERS_FOR_ALL, ...(operation.headers ?? []), operation.markHeader ?? ''];
  for (const name of amzHeaderNames(request)) {
    if (!allows(headers, name)) throw notImplemented(`the header '${name}' for ${operation.name}`);
  }
  for (const name of CONDITIONAL) {
    if (name in request.headers && !allows(headers, name)) {
      throw notImplemented(`the header '${name}' for ${operation.name}`);
    }
  }
  return operation;
}
