import { type Bytes, box, concat, fullBox, randomNumbers, u8, u16, u32, zeros } from './bytes.ts';

/** Writes the bits of an H.264 parameter set. */
class BitWriter {
  readonly #bits: number[] = [];

  bits(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.#bits.push(Math.floor(value / 2 ** bit) % 2);
    return this;
  }

  /** ue(v) */
  exponential(value: number): this {
    const length = Math.floor(Math.log2(value + 1));
    return this.bits(0, length).bits(value + 1, length + 1);
  }

  /** With the stop bit, and 03 after two zeros before a small byte. */
  finish(): Bytes {
    this.bits(1, 1);
    while (this.#bits.length % 8 !== 0) this.bits(0, 1);
    const escaped: number[] = [];
    let zeroRun = 0;
    for (let at = 0; at < this.#bits.length; at += 8) {
      const byte = this.#bits.slice(at, at + 8).reduce((value, bit) => value * 2 + bit, 0);
      if (zeroRun >= 2 && byte <= 3) {
        escaped.push(3);
        zeroRun = 0;
      }
      escaped.push(byte);
      zeroRun = byte === 0 ? zeroRun + 1 : 0;
    }
    return Uint8Array.from(escaped);
  }
}

/** A baseline sequence parameter set of 320 × 240, with or without the coder's note of its frame rate. */
export function parameterSet(framesPerSecond: number | null): Bytes {
  const writer = new BitWriter().bits(66, 8).bits(0, 8).bits(30, 8);
  writer.exponential(0).exponential(0).exponential(2).exponential(1).bits(0, 1);
  writer.exponential(19).exponential(14).bits(1, 1).bits(1, 1).bits(0, 1);
  if (framesPerSecond === null) return concat(u8(0x67), writer.bits(0, 1).finish());
  writer
    .bits(1, 1)
    .bits(0, 4)
    .bits(1, 1)
    .bits(1, 32)
    .bits(framesPerSecond * 2, 32)
    .bits(1, 1);
  return concat(u8(0x67), writer.bits(0, 4).finish());
}

export function avcC(framesPerSecond: number | null = null, lengthBytes = 4): Bytes {
  const sps = parameterSet(framesPerSecond);
  const pps = u8(0x68, 0xce, 0x3c, 0x80);
  return box(
    'avcC',
    u8(1, 66, 0, 30, 0xfc | (lengthBytes - 1), 0xe1),
    u16(sps.length),
    sps,
    u8(1),
    u16(pps.length),
    pps,
  );
}

/** An entry of `stsd` for any video codec. */
export function visualEntry(format: string, ...boxes: readonly Uint8Array[]): Bytes {
  const settings = concat(zeros(6), u16(1), zeros(16), u16(320, 240), u32(0x480000, 0x480000), zeros(4), u16(1));
  return box(format, settings, zeros(32), u16(24, 0xffff), ...boxes);
}

export interface Frame {
  readonly bytes: Uint8Array;
  /** Ticks. */
  readonly duration: number;
  readonly isKey: boolean;
  /** Composition offset in ticks. */
  readonly shift?: number;
}

/** A length-prefixed slice whose bytes are never zero, as no coder would mind. */
export function slice(random: () => number, size: number, isKey: boolean): Bytes {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = 1 + (random() % 255);
  bytes.set(concat(u32(size - 4), isKey ? u8(0x65, 0x88) : u8(0x41, 0x9a)));
  return bytes;
}

export interface LessonSpec {
  readonly frames: number;
  readonly duration: number;
  /** Frames from key frame to key frame. */
  readonly group?: number;
  readonly seed?: number;
  /** All frames as large as this. */
  readonly size?: number;
}

/** Frames of a lesson: moving pictures, each of another size, a key frame every `group`. */
export function lesson({ frames, duration, group = 50, seed = 1, size }: LessonSpec): Frame[] {
  const random = randomNumbers(seed);
  return Array.from({ length: frames }, (_, index) => {
    const isKey = index % group === 0;
    return { bytes: slice(random, size ?? (isKey ? 400 : 80) + (random() % 160), isKey), duration, isKey };
  });
}

/** `stsd` with one entry. */
export function sampleDescriptions(entry: Uint8Array): Bytes {
  return fullBox('stsd', 0, 0, u32(1), entry);
}
