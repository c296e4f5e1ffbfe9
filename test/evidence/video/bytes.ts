/** Big-endian pieces of which test files are put together. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function u8(...values: readonly number[]): Bytes {
  return Uint8Array.from(values);
}

export function u16(...values: readonly number[]): Bytes {
  return concat(...values.map((value) => u8((value >> 8) & 255, value & 255)));
}

/** Negative values as two's complement. */
export function u32(...values: readonly number[]): Bytes {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value);
  });
  return bytes;
}

export function u64(...values: readonly (number | bigint)[]): Bytes {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setBigUint64(index * 8, BigInt.asUintN(64, BigInt(value)));
  });
  return bytes;
}

export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function zeros(count: number): Bytes {
  return new Uint8Array(count);
}

export function box(type: string, ...parts: readonly Uint8Array[]): Bytes {
  const body = concat(...parts);
  return concat(u32(body.length + 8), ascii(type), body);
}

export function fullBox(type: string, version: number, flags: number, ...parts: readonly Uint8Array[]): Bytes {
  return box(type, u32(version * 2 ** 24 + flags), ...parts);
}

/** A repeatable stream of numbers from 0 to 2^32 - 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
