import { S3Error } from '../s3-error.ts';

const LONGEST_SIZE_LINE = 128;
const LONGEST_TRAILER = 4096;
/** S3 refuses smaller chunks except at the end; clients must buffer small writes. */
const SMALLEST_CHUNK = 8192;

function incomplete(): S3Error {
  return new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
}

function malformed(why: string): S3Error {
  return new S3Error('InvalidRequest', `The aws-chunked body is malformed: ${why}`);
}

/** Bytes that have arrived but not been used, with refill on demand. */
class ChunkBuffer {
  readonly #source: AsyncIterator<Buffer>;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Lets go of the source: as long as it is being read it cannot be drained by anybody else. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #refill(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw incomplete();
    this.#bytes = this.#bytes.length === 0 ? next.value : Buffer.concat([this.#bytes, next.value]);
  }

  /** The next line, without its CRLF. */
  async line(longest: number): Promise<string> {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#bytes.toString('latin1', 0, end);
        this.#bytes = this.#bytes.subarray(end + 2);
        return line;
      }
      if (this.#bytes.length > longest) throw malformed('a line is too long');
      await this.#refill();
    }
  }

  /** At least one byte and at most that many. */
  async some(most: number): Promise<Buffer> {
    while (this.#bytes.length === 0) await this.#refill();
    const taken = this.#bytes.subarray(0, most);
    this.#bytes = this.#bytes.subarray(taken.length);
    return taken;
  }
}

async function* decodeChunks(buffer: ChunkBuffer): AsyncGenerator<Buffer> {
  let previousSize = Number.POSITIVE_INFINITY;
  for (;;) {
    const sizeText = (await buffer.line(LONGEST_SIZE_LINE)).split(';')[0] ?? '';
    if (!/^[0-9a-f]{1,12}$/i.test(sizeText)) throw malformed(`'${sizeText}' is not a chunk size`);
    const size = Number.parseInt(sizeText, 16);
    if (size === 0) return;
    if (previousSize < SMALLEST_CHUNK) {
      throw new S3Error(
        'InvalidChunkSizeError',
        `Only the last chunk is allowed to have a size less than ${SMALLEST_CHUNK} bytes`,
      );
    }
    previousSize = size;
    for (let rest = size; rest > 0; ) {
      const data = await buffer.some(rest);
      rest -= data.length;
      yield data;
    }
    if ((await buffer.line(2)) !== '') throw malformed('a chunk is longer than its size');
  }
}

async function decodeTrailers(buffer: ChunkBuffer, onTrailer: (name: string, value: string) => void): Promise<void> {
  let total = 0;
  for (;;) {
    const line = await buffer.line(LONGEST_TRAILER);
    if (line === '') return;
    total += line.length;
    const colon = line.indexOf(':');
    if (colon < 1 || total > LONGEST_TRAILER) throw malformed(`'${line}' is not a trailer`);
    onTrailer(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

/**
 * Unwraps the `STREAMING-UNSIGNED-PAYLOAD-TRAILER` form: `<hex size>\r\n<data>\r\n … 0\r\n<trailer>: <value>\r\n\r\n`.
 * @param onTrailer called with each trailing header (lower-case name) after the data
 * @throws S3Error IncompleteBody, InvalidRequest, InvalidChunkSizeError
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Buffer> {
  const buffer = new ChunkBuffer(source);
  try {
    yield* decodeChunks(buffer);
    await decodeTrailers(buffer, onTrailer);
  } finally {
    await buffer.close();
  }
}
