import { S3Error } from '../s3-error.ts';

/** Fields before the file may take this much; S3's limit. */
const MOST_FIELD_BYTES = 20 * 1024;
const LONGEST_PART_HEAD = 4096;

export interface UploadForm {
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly fileName: string;
  /** The file's bytes; they end where the form's boundary begins. */
  readonly file: AsyncIterable<Buffer>;
  /** Lets go of the body, so that what is left of it can be drained. */
  readonly close: () => Promise<void>;
}

function malformed(why: string): S3Error {
  return new S3Error(
    'MalformedPOSTRequest',
    `The body of your POST request is not well-formed multipart/form-data: ${why}.`,
  );
}

/** Splits a stream at a delimiter without holding more than a piece of it. */
class DelimitedStream {
  readonly #source: AsyncIterator<Buffer>;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #refill(): Promise<void> {
    const next = await this.#source.next();
    if (next.done === true) throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
    this.#bytes = this.#bytes.length === 0 ? next.value : Buffer.concat([this.#bytes, next.value]);
  }

  /** Everything before the delimiter, which is consumed. */
  async readUntil(delimiter: Buffer, most: number, tooLong: () => S3Error): Promise<Buffer> {
    for (;;) {
      const end = this.#bytes.indexOf(delimiter);
      if (end > most || (end < 0 && this.#bytes.length > most + delimiter.length)) throw tooLong();
      if (end >= 0) {
        const found = this.#bytes.subarray(0, end);
        this.#bytes = this.#bytes.subarray(end + delimiter.length);
        return found;
      }
      await this.#refill();
    }
  }

  /** The same in pieces, for what does not fit into memory. */
  async *streamUntil(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#bytes.indexOf(delimiter);
      if (end >= 0) {
        if (end > 0) yield this.#bytes.subarray(0, end);
        this.#bytes = this.#bytes.subarray(end + delimiter.length);
        return;
      }
      // The delimiter may have begun in the last bytes.
      const safe = this.#bytes.length - delimiter.length + 1;
      if (safe > 0) {
        yield this.#bytes.subarray(0, safe);
        this.#bytes = this.#bytes.subarray(safe);
      }
      await this.#refill();
    }
  }
}

function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined || boundary.length > 70) throw malformed('its Content-Type names no boundary');
  return boundary;
}

function parseHead(head: string): { name: string; fileName: string } {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1] ?? '';
  const parameter = (name: string): string | undefined => {
    const value = new RegExp(`(?:^|;)\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1];
    return value?.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n');
  };
  const name = parameter('name');
  if (name === undefined) throw malformed('a part has no name');
  return { name: name.toLowerCase(), fileName: parameter('filename') ?? '' };
}

/**
 * Reads the fields of a browser's upload form up to its file, which is left to be streamed. What follows the file is not
 * looked at, as in S3.
 * @throws S3Error MalformedPOSTRequest, MaxPostPreDataLengthExceeded, IncompleteBody, InvalidArgument without a file
 */
export async function readUploadForm(source: AsyncIterable<Buffer>, contentType: string): Promise<UploadForm> {
  const boundary = `--${boundaryOf(contentType)}`;
  const delimiter = Buffer.from(`\r\n${boundary}`);
  const stream = new DelimitedStream(source);
  const tooLong = (): S3Error =>
    new S3Error('MaxPostPreDataLengthExceeded', 'Your POST request fields preceding the upload file were too large.');
  try {
    const preamble = await stream.readUntil(Buffer.from(boundary), LONGEST_PART_HEAD, () =>
      malformed('it has no parts'),
    );
    if (preamble.length > 0 && !preamble.toString('latin1').endsWith('\r\n')) throw malformed('it has no parts');
    const fields = new Map<string, string>();
    let total = 0;
    for (;;) {
      const rest = await stream.readUntil(Buffer.from('\r\n'), LONGEST_PART_HEAD, tooLong);
      if (rest.toString('latin1').startsWith('--')) {
        throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.', {
          ArgumentName: 'file',
          ArgumentValue: '0',
        });
      }
      const head = await stream.readUntil(Buffer.from('\r\n\r\n'), LONGEST_PART_HEAD, tooLong);
      const { name, fileName } = parseHead(head.toString('utf8'));
      if (name === 'file') {
        return { fields, fileName, file: stream.streamUntil(delimiter), close: () => stream.close() };
      }
      const value = await stream.readUntil(delimiter, MOST_FIELD_BYTES, tooLong);
      total += name.length + value.length;
      if (total > MOST_FIELD_BYTES) throw tooLong();
      if (fields.has(name)) throw new S3Error('InvalidArgument', `The field '${name}' is given more than once.`);
      fields.set(name, value.toString('utf8'));
    }
  } catch (error) {
    await stream.close();
    throw error;
  }
}
