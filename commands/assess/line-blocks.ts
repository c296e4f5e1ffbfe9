import { Buffer } from 'node:buffer';

const NEWLINE = 10;

/** What the input was cut into: whole lines to be answered, or one line that is too long to be. */
export type Block = { readonly kind: 'lines'; readonly bytes: Buffer<ArrayBuffer> } | { readonly kind: 'too-long' };

/**
 * Cuts a stream of bytes into blocks of whole lines of about `size` bytes. A line of more than `longest` bytes is
 * dropped as it comes, so that no input makes the memory grow, and reported in its place.
 */
export class LineBlocks {
  readonly #size: number;
  readonly #longest: number;
  #whole: Uint8Array[] = [];
  #wholeLength = 0;
  #open: Uint8Array[] = [];
  #openLength = 0;
  #dropping = false;

  constructor(size: number, longest: number) {
    this.#size = size;
    this.#longest = longest;
  }

  /** The blocks that this chunk fills. */
  push(chunk: Uint8Array): Block[] {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) return this.#keepOpen(chunk);
    const first = chunk.indexOf(NEWLINE);
    const dropped = this.#dropping ? [] : this.#keepOpen(chunk.subarray(0, first));
    // A line that was too long ends here, found just now or before.
    const start = this.#dropping ? first + 1 : first;
    this.#dropping = false;
    this.#whole.push(...this.#open, chunk.subarray(start, last + 1));
    this.#wholeLength += this.#openLength + last + 1 - start;
    this.#open = [];
    this.#openLength = 0;
    const full = this.#wholeLength >= this.#size ? this.flush() : [];
    return [...dropped, ...full, ...this.#keepOpen(chunk.subarray(last + 1))];
  }

  /** The whole lines that are waiting, though they do not fill a block. */
  flush(): Block[] {
    if (this.#wholeLength === 0) return [];
    const bytes = joined(this.#whole, this.#wholeLength);
    this.#whole = [];
    this.#wholeLength = 0;
    return [{ kind: 'lines', bytes }];
  }

  /** All that is left; the last line may lack its newline. */
  end(): Block[] {
    this.#whole.push(...this.#open);
    this.#wholeLength += this.#openLength;
    this.#open = [];
    this.#openLength = 0;
    return this.flush();
  }

  #keepOpen(bytes: Uint8Array): Block[] {
    if (this.#dropping || bytes.length === 0) return [];
    this.#open.push(bytes);
    this.#openLength += bytes.length;
    if (this.#openLength <= this.#longest) return [];
    this.#open = [];
    this.#openLength = 0;
    this.#dropping = true;
    return [...this.flush(), { kind: 'too-long' }];
  }
}

/** One piece of memory of its own, fit to be handed to another thread. */
function joined(chunks: readonly Uint8Array[], length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
