import type { SampleDescription } from './iso/sample-description.ts';

/** What the first bytes of one sample show. */
export interface InspectedSample {
  /** Why it cannot be a coded picture; null when it looks like one. */
  readonly fault: string | null;
  /** The first slice of the picture (H.264, HEVC) or the sample (other codecs), as far as it was read. */
  readonly slice: Uint8Array;
  /** The whole length of that slice, read or not; 0 when it lies behind what was read. */
  readonly sliceBytes: number;
  /** Bytes of the whole picture, without the settings and notes around it. */
  readonly pictureBytes: number;
}

/** A run of zeros this long inside a NAL unit cannot be a coincidence at the edge of what was read. */
const LONG_ZERO_RUN = 64;

/** One network abstraction layer unit of H.264 or HEVC. */
interface NalUnit {
  /** Offset in the sample, after the length field. */
  readonly at: number;
  readonly length: number;
}

interface NalKind {
  readonly headerBytes: number;
  isPicture(header: number): boolean;
  fault(bytes: Uint8Array, at: number): string | null;
}

const H264: NalKind = {
  headerBytes: 1,
  isPicture: (header) => (header & 0x1f) >= 1 && (header & 0x1f) <= 5,
  fault: (bytes, at) => ((bytes[at] ?? 0) & 0x80 ? 'an H.264 NAL unit with its forbidden bit set' : null),
};

const HEVC: NalKind = {
  headerBytes: 2,
  isPicture: (header) => header >> 1 < 32,
  fault: (bytes, at) => {
    if ((bytes[at] ?? 0) & 0x80) return 'an HEVC NAL unit with its forbidden bit set';
    return ((bytes[at + 1] ?? 0) & 7) === 0 ? 'an HEVC NAL unit without a temporal layer' : null;
  },
};

function lengthAt(bytes: Uint8Array, at: number, lengthBytes: number): number {
  let length = 0;
  for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + (bytes[at + index] ?? 0);
  return length;
}

/**
 * Inside a NAL unit three bytes 00 00 00, 00 00 01 or 00 00 02 cannot occur: the coder breaks them up (7.4.1 of both standards).
 * Zeros up to the unit's end are padding.
 */
function holdsForbiddenBytes(bytes: Uint8Array, unit: NalUnit): boolean {
  const end = Math.min(bytes.length, unit.at + unit.length);
  const isWhole = end === unit.at + unit.length;
  let zeros = 0;
  for (let at = unit.at; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) {
      zeros += 1;
      if (zeros >= LONG_ZERO_RUN) return true;
      continue;
    }
    if (zeros >= 3 || (zeros === 2 && byte <= 2)) return true;
    zeros = 0;
  }
  return !isWhole && zeros >= 3;
}

function isUniform(bytes: Uint8Array): boolean {
  return bytes.length > 8 && bytes.every((byte) => byte === bytes[0]);
}

/** Follows the lengths from NAL unit to NAL unit: they have to add up to the sample. */
function inspectNalUnits(bytes: Uint8Array, sampleBytes: number, lengthBytes: number, kind: NalKind): InspectedSample {
  let slice: NalUnit | undefined;
  let sliceSum = 0;
  let at = 0;
  const seen = (fault: string | null): InspectedSample => ({
    fault,
    slice: slice === undefined ? bytes.subarray(0, 0) : bytes.subarray(slice.at, slice.at + slice.length),
    sliceBytes: slice?.length ?? 0,
    pictureBytes: sliceSum + Math.max(0, sampleBytes - at),
  });
  while (at + lengthBytes + kind.headerBytes <= bytes.length) {
    const unit: NalUnit = { at: at + lengthBytes, length: lengthAt(bytes, at, lengthBytes) };
    if (unit.length < kind.headerBytes) return seen('an empty NAL unit');
    if (unit.at + unit.length > sampleBytes) return seen('a NAL unit longer than its sample');
    const fault = kind.fault(bytes, unit.at);
    if (fault !== null) return seen(fault);
    if (holdsForbiddenBytes(bytes, unit)) return seen('bytes that no coder writes inside a NAL unit');
    if (kind.isPicture(bytes[unit.at] ?? 0)) {
      slice ??= unit;
      sliceSum += unit.length;
    }
    at = unit.at + unit.length;
  }
  // A picture may lie behind notes longer than the window; a sample seen whole must add up and hold one.
  const isWhole = bytes.length === sampleBytes;
  if (isWhole && at !== sampleBytes) return seen('NAL units that do not add up to the sample');
  if (isWhole && slice === undefined) return seen('no picture among the NAL units');
  if (slice !== undefined && isUniform(bytes.subarray(slice.at + kind.headerBytes, slice.at + slice.length))) {
    return seen('a picture of one repeated byte');
  }
  return seen(null);
}

function hasMark(bytes: Uint8Array, marks: readonly number[]): boolean {
  for (let at = 0; at + 3 < bytes.length; at += 1) {
    const isStart = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1;
    if (isStart && marks.includes(bytes[at + 3] ?? 0)) return true;
  }
  return false;
}

/** Kinds of open bitstream units that AV1 defines. */
const AV1_UNITS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 15]);

/** Marks by which samples of other codecs begin; a codec not listed only has to hold something. */
const MARKS: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  mjpeg: (bytes) => hasJpegStart(bytes),
  mpeg4: (bytes) => hasMark(bytes, [0xb6]),
  mpeg1: (bytes) => hasMark(bytes, [0x00]),
  mpeg2: (bytes) => hasMark(bytes, [0x00]),
  h263: (bytes) => bytes[0] === 0 && bytes[1] === 0 && ((bytes[2] ?? 0) & 0xfc) === 0x80,
  vp9: (bytes) => ((bytes[0] ?? 0) & 0xc0) === 0x80,
  av1: (bytes) => ((bytes[0] ?? 0) & 0x81) === 0 && AV1_UNITS.has((bytes[0] ?? 0) >> 3),
  prores: (bytes) => String.fromCharCode(...bytes.subarray(4, 8)) === 'icpf',
};

function hasJpegStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

function inspectOther(bytes: Uint8Array, sampleBytes: number, codec: string): InspectedSample {
  const seen = (fault: string | null): InspectedSample => ({
    fault,
    slice: bytes,
    sliceBytes: sampleBytes,
    pictureBytes: sampleBytes,
  });
  if (bytes.every((byte) => byte === 0)) return seen('nothing but zeros');
  if (isUniform(bytes)) return seen('one repeated byte');
  const marked = MARKS[codec]?.(bytes) ?? true;
  return seen(marked ? null : `no ${codec} picture`);
}

/**
 * Judges whether the first bytes of a sample can be the coded picture that the index says they are. It decodes nothing.
 * @param bytes the beginning of the sample
 * @param sampleBytes the sample's whole size
 */
export function inspectSample(bytes: Uint8Array, sampleBytes: number, description: SampleDescription): InspectedSample {
  const { codec, lengthBytes } = description;
  if (codec === 'h264') return inspectNalUnits(bytes, sampleBytes, lengthBytes, H264);
  if (codec === 'hevc') return inspectNalUnits(bytes, sampleBytes, lengthBytes, HEVC);
  return inspectOther(bytes, sampleBytes, codec);
}
