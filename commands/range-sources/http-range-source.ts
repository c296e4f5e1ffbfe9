import { FIRST_READ_BYTES } from '../../shared/evidence/video/iso/layout.ts';
import type { RangeSource } from '../../shared/evidence/video/range-source.ts';
import { CannotOpen } from './cannot-open.ts';

const MAX_REDIRECTS = 5;
const ANSWER_TIMEOUT_MS = 15_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What ties later reads to the object that the first one saw. */
interface PinnedObject {
  /** After redirects. */
  readonly url: URL;
  readonly size: number;
  /** A strong ETag, or the date of the last change; null where the server names neither. */
  readonly validator: string | null;
}

interface RangeAnswer {
  readonly url: URL;
  readonly response: Response;
}

function requestHeaders(start: number, end: number, validator: string | null): Record<string, string> {
  // With a range, fetch itself asks for the identity encoding.
  const range = `bytes=${start}-${end - 1}`;
  return validator === null ? { range } : { range, 'if-range': validator };
}

function redirectTarget(from: URL, response: Response): URL {
  const location = response.headers.get('location');
  if (location === null || !URL.canParse(location, from.href)) throw new CannotOpen('a redirect that leads nowhere');
  const target = new URL(location, from);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new CannotOpen(`a redirect to ${target.protocol}//, which is not followed`);
  }
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    throw new CannotOpen('a redirect from https to http, which is not followed');
  }
  return target;
}

async function requestRange(url: URL, start: number, end: number, validator: string | null): Promise<RangeAnswer> {
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await fetch(target, {
      headers: requestHeaders(start, end, validator),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    if (!REDIRECTS.has(response.status)) return { url: target, response };
    await response.body?.cancel();
    target = redirectTarget(target, response);
  }
  throw new CannotOpen(`more than ${MAX_REDIRECTS} redirects`);
}

/** The body, of which not a byte more than `expected` is taken. */
async function readBody(response: Response, expected: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(expected);
  let filled = 0;
  for await (const part of response.body ?? []) {
    if (filled + part.length > expected) throw new Error(`the server sent more than the ${expected} bytes asked for`);
    bytes.set(part, filled);
    filled += part.length;
  }
  if (filled < expected) throw new Error(`the server sent ${filled} of ${expected} bytes`);
  return bytes;
}

interface ContentRange {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

function contentRangeOf(response: Response): ContentRange | undefined {
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(response.headers.get('content-range') ?? '');
  if (match === null) return undefined;
  const [first = 0, last = 0, size = 0] = match.slice(1).map(Number);
  return { start: first, end: last + 1, size };
}

function validatorOf(response: Response): string | null {
  const etag = response.headers.get('etag');
  // A weak tag may not stand in If-Range (RFC 9110, 13.1.5).
  return etag !== null && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
}

function whyNotPartial(response: Response): string {
  if (response.status === 200) return 'the server ignores ranges, or the object changed while being read';
  return `the server answers ${response.status} ${response.statusText}`.trim();
}

async function refusePartial(response: Response): Promise<void> {
  const encoding = response.headers.get('content-encoding');
  const isPlain = encoding === null || encoding === 'identity';
  if (response.status === 206 && isPlain) return;
  await response.body?.cancel();
  throw new Error(response.status === 206 ? `the server compresses (${encoding})` : whyNotPartial(response));
}

async function readRange(object: PinnedObject, start: number, end: number): Promise<Uint8Array> {
  const { response } = await requestRange(object.url, start, end, object.validator);
  await refusePartial(response);
  const range = contentRangeOf(response);
  if (
    range?.start !== start ||
    range.end !== end ||
    range.size !== object.size ||
    validatorOf(response) !== object.validator
  ) {
    await response.body?.cancel();
    throw new Error(
      `asked for ${start}-${end}, the server answered ${response.headers.get('content-range')}: the object changed`,
    );
  }
  return readBody(response, end - start);
}

/** The size from `bytes * /0`, by which a server refuses a range of an empty object. */
function isEmptyObject(response: Response): boolean {
  return response.status === 416 && response.headers.get('content-range') === 'bytes */0';
}

async function firstRange(place: string): Promise<{ object: PinnedObject; head: Uint8Array }> {
  const { url, response } = await requestRange(new URL(place), 0, FIRST_READ_BYTES, null);
  if (isEmptyObject(response)) return { object: { url, size: 0, validator: null }, head: new Uint8Array(0) };
  await refusePartial(response);
  const range = contentRangeOf(response);
  if (range?.start !== 0 || range.end !== Math.min(range.size, FIRST_READ_BYTES)) {
    await response.body?.cancel();
    throw new CannotOpen('the server does not say which range it sent');
  }
  const object = { url, size: range.size, validator: validatorOf(response) };
  return { object, head: await readBody(response, range.end) };
}

/**
 * Opens a URL for ranged GETs. One request tells the size and fetches the beginning; every later one is tied to the same object
 * by If-Range, size and validator. Follows a bounded number of redirects, and nothing that a body says.
 * @throws CannotOpen when the server does not answer, refuses, or does not serve ranges
 */
export async function openUrl(place: string): Promise<RangeSource & { close(): Promise<void> }> {
  if (!URL.canParse(place)) throw new CannotOpen('not a valid URL');
  const { object, head } = await firstRange(place).catch((cause: unknown) => {
    if (cause instanceof CannotOpen) throw cause;
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new CannotOpen(reason, { cause });
  });
  return {
    size: object.size,
    read: async (start, endExclusive) =>
      endExclusive <= head.length ? head.slice(start, endExclusive) : readRange(object, start, endExclusive),
    close: async () => undefined,
  };
}
