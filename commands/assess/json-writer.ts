import { Buffer } from 'node:buffer';

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of a chunk of output: large enough that few are needed, small enough that one more costs nothing. */
const CHUNK = 1 << 18;
/** Texts whose bytes are remembered; beyond that the memory starts afresh, so that it never grows with the input. */
const MEMORY = 4_096;
/** Longer texts are rare, and would make the memory large. */
const LONGEST = 400;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN = 123;
const CLOSE = 125;

const remembered = new Map<string, Bytes>();

/** The bytes of a piece of JSON, to be written again and again. */
export function jsonBytes(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/**
 * Writes JSON as UTF-8 straight into memory, in chunks that can be handed to another thread. `JSON.stringify` makes a
 * text of two bytes a character wherever one Chinese character stands, and encoding it costs as much again; here plain
 * text is copied and Chinese text is encoded when it is first seen, since the same sentences come back on every line.
 */
export class JsonWriter {
  readonly #free: Bytes[];
  #full: Bytes[] = [];
  #chunk: Bytes;
  #at = 0;

  /** @param free chunks to use before new ones are made; those in use are taken out */
  constructor(free: Bytes[]) {
    this.#free = free;
    this.#chunk = this.#nextChunk(CHUNK);
  }

  /** Bytes of JSON made before. */
  bytes(bytes: Bytes): void {
    this.#reserve(bytes.length);
    this.#chunk.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Any piece of JSON that is not worth remembering. */
  json(text: string): void {
    this.bytes(jsonBytes(text));
  }

  /** A text as a JSON string. */
  text(text: string): void {
    if (text.length > LONGEST) this.json(JSON.stringify(text));
    else if (!this.#plainText(text)) this.bytes(bytesOfText(text));
  }

  /** A whole number or a truth value. */
  plain(value: number | boolean): void {
    const text = String(value);
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index += 1) this.#chunk[this.#at + index] = text.charCodeAt(index);
    this.#at += text.length;
  }

  /** An object of few keys, such as the facts of a finding; keys are identifiers. */
  object(value: Readonly<Record<string, unknown>>): void {
    let separator = OPEN;
    for (const key in value) {
      const item = value[key];
      if (item === undefined) continue;
      this.#key(separator, key);
      separator = COMMA;
      if (typeof item === 'string') this.text(item);
      else if (typeof item === 'number' || typeof item === 'boolean') this.plain(item);
      else this.json(JSON.stringify(item));
    }
    this.#reserve(2);
    if (separator === OPEN) this.#put(OPEN);
    this.#put(CLOSE);
  }

  /** Everything that another writer wrote; it is empty afterwards. What fills chunks is handed over, not copied. */
  takeOver(other: JsonWriter): void {
    if (other.#full.length > 0) {
      this.#close();
      this.#full.push(...other.#full);
      this.#chunk = this.#nextChunk(CHUNK);
      other.#full = [];
    }
    this.bytes(other.#chunk.subarray(0, other.#at));
    other.#at = 0;
  }

  /** Everything written since the last time, in order; its memory is the caller's. */
  take(): Bytes[] {
    this.#close();
    const taken = this.#full;
    this.#full = [];
    this.#chunk = this.#nextChunk(CHUNK);
    return taken;
  }

  #put(byte: number): void {
    this.#chunk[this.#at] = byte;
    this.#at += 1;
  }

  #key(separator: number, key: string): void {
    this.#reserve(key.length + 4);
    this.#put(separator);
    this.#put(QUOTE);
    for (let index = 0; index < key.length; index += 1) this.#chunk[this.#at + index] = key.charCodeAt(index);
    this.#at += key.length;
    this.#put(QUOTE);
    this.#put(58);
  }

  /** Writes a text of plain ASCII; false, with nothing written, where there is anything else in it. */
  #plainText(text: string): boolean {
    const { length } = text;
    this.#reserve(length + 2);
    const chunk = this.#chunk;
    let at = this.#at;
    chunk[at] = QUOTE;
    at += 1;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) return false;
      chunk[at] = code;
      at += 1;
    }
    chunk[at] = QUOTE;
    this.#at = at + 1;
    return true;
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#chunk.length) return;
    this.#close();
    this.#chunk = this.#nextChunk(length);
  }

  #nextChunk(length: number): Bytes {
    if (length > CHUNK) return Buffer.allocUnsafeSlow(length);
    let chunk = this.#free.pop();
    // A chunk made for one long text is not kept.
    while (chunk !== undefined && chunk.length !== CHUNK) chunk = this.#free.pop();
    return chunk ?? Buffer.allocUnsafeSlow(CHUNK);
  }

  #close(): void {
    if (this.#at > 0) this.#full.push(this.#chunk.subarray(0, this.#at));
    this.#at = 0;
  }
}

function bytesOfText(text: string): Bytes {
  let bytes = remembered.get(text);
  if (bytes === undefined) {
    bytes = jsonBytes(JSON.stringify(text));
    if (remembered.size >= MEMORY) remembered.clear();
    remembered.set(text, bytes);
  }
  return bytes;
}
