/** The bytes contradict the format: the verdict `unreadable`. Never leaves the prover. */
export class MalformedVideo extends Error {
  override readonly name = 'MalformedVideo';
}

/** Big-endian reads that end in {@link MalformedVideo}, never beyond the bytes at hand. */
export class ByteView {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.byteLength;
  }

  #require(at: number, count: number): void {
    if (at < 0 || at + count > this.length) {
      throw new MalformedVideo(`${count} bytes wanted at ${at}, but the box holds ${this.length}`);
    }
  }

  u8(at: number): number {
    this.#require(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#require(at, 2);
    return this.#view.getUint16(at);
  }

  u24(at: number): number {
    this.#require(at, 3);
    return this.#view.getUint16(at) * 256 + this.#view.getUint8(at + 2);
  }

  u32(at: number): number {
    this.#require(at, 4);
    return this.#view.getUint32(at);
  }

  i16(at: number): number {
    this.#require(at, 2);
    return this.#view.getInt16(at);
  }

  i32(at: number): number {
    this.#require(at, 4);
    return this.#view.getInt32(at);
  }

  /** Infinity for what a double cannot hold exactly: such an offset or size lies beyond every object. */
  u64(at: number): number {
    this.#require(at, 8);
    const value = this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4);
    return value > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : value;
  }

  i64(at: number): number {
    this.#require(at, 8);
    return Number(this.#view.getBigInt64(at));
  }

  fourcc(at: number): string {
    this.#require(at, 4);
    return String.fromCharCode(...this.bytes.subarray(at, at + 4));
  }

  /** The part `[start, end)`, without copying. */
  part(start: number, end: number = this.length): ByteView {
    if (start > end) throw new MalformedVideo(`a part from ${start} to ${end}`);
    this.#require(start, end - start);
    return new ByteView(this.bytes.subarray(start, end));
  }
}
