import { type ByteView, MalformedVideo } from './byte-view.ts';

/** Bits of a raw byte sequence payload (ISO/IEC 14496-10, 7.2, 9.1). */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new MalformedVideo('a parameter set ends early');
    const value = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return value;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit();
    return value;
  }

  /** ue(v) */
  exponential(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros += 1;
      if (zeros > 32) throw new MalformedVideo('an impossible Exp-Golomb number');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v) */
  signedExponential(): number {
    const code = this.exponential();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}

function withoutEmulationPrevention(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept.push(byte);
  }
  return Uint8Array.from(kept);
}

const PROFILES_WITH_CHROMA: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i += 1) {
    if (next !== 0) next = (last + bits.signedExponential() + 256) % 256;
    if (next !== 0) last = next;
  }
}

function skipChroma(bits: BitReader): void {
  const chroma = bits.exponential();
  if (chroma === 3) bits.bit();
  bits.exponential();
  bits.exponential();
  bits.bit();
  if (bits.bit() === 0) return;
  const lists = chroma === 3 ? 12 : 8;
  for (let i = 0; i < lists; i += 1) if (bits.bit() === 1) skipScalingList(bits, i < 6 ? 16 : 64);
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.exponential();
  if (type === 0) bits.exponential();
  if (type !== 1) return;
  bits.bit();
  bits.signedExponential();
  bits.signedExponential();
  const cycle = bits.exponential();
  if (cycle > 255) throw new MalformedVideo('an impossible picture order cycle');
  for (let i = 0; i < cycle; i += 1) bits.signedExponential();
}

/** Up to the timing of the video usability information (7.3.2.1.1, E.1.1). */
function readTiming(sps: Uint8Array): number | null {
  const bits = new BitReader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = bits.bits(8);
  bits.bits(16);
  bits.exponential();
  if (PROFILES_WITH_CHROMA.has(profile)) skipChroma(bits);
  bits.exponential();
  skipPictureOrder(bits);
  bits.exponential();
  bits.bit();
  bits.exponential();
  bits.exponential();
  if (bits.bit() === 0) bits.bit();
  bits.bit();
  if (bits.bit() === 1) for (let i = 0; i < 4; i += 1) bits.exponential();
  if (bits.bit() === 0) return null;
  if (bits.bit() === 1 && bits.bits(8) === 255) bits.bits(32);
  if (bits.bit() === 1) bits.bit();
  if (bits.bit() === 1) {
    bits.bits(4);
    if (bits.bit() === 1) bits.bits(24);
  }
  if (bits.bit() === 1) {
    bits.exponential();
    bits.exponential();
  }
  if (bits.bit() === 0) return null;
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  // A tick is a field: two to a frame.
  return unitsInTick === 0 || timeScale === 0 ? null : timeScale / (2 * unitsInTick);
}

/**
 * The frame rate that the H.264 coder noted in its sequence parameter set, null where it noted none.
 * It is a hint of whoever encoded the stream, independent of the container's clock: a file whose clock was stretched shows by it.
 */
export function h264FramesPerSecond(avcC: ByteView): number | null {
  if ((avcC.u8(5) & 0x1f) === 0) return null;
  const length = avcC.u16(6);
  try {
    return readTiming(avcC.part(8, 8 + length).bytes.subarray(0, 1024));
  } catch (error) {
    // A parameter set that cannot be read gives no hint; whether the samples are real is checked elsewhere.
    if (error instanceof MalformedVideo) return null;
    throw error;
  }
}
