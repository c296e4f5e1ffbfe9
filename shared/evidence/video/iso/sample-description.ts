import type { ProofBudgets } from '../budgets.ts';
import { type ByteView, MalformedVideo } from '../byte-view.ts';
import { h264FramesPerSecond } from '../h264-timing.ts';
import { childBoxes, entryCount, findBox } from './box.ts';

/** One way in which samples of a track are coded (an entry of `stsd`). */
export interface SampleDescription {
  /** The entry's four characters, such as `avc1`. */
  readonly format: string;
  /** The codec in one word, such as `h264`; the four characters where no common word exists. */
  readonly codec: string;
  /** Coded picture size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether the media lie in this file and not in another one that it names. */
  readonly selfContained: boolean;
  /** Bytes of the length before each NAL unit (H.264, HEVC); 0 for other codecs. */
  readonly lengthBytes: number;
  /** Frames per second by the coder's own note inside the stream, null where there is none. */
  readonly codedFrameRate: number | null;
}

const CODECS: Readonly<Record<string, string>> = {
  avc1: 'h264',
  avc2: 'h264',
  avc3: 'h264',
  avc4: 'h264',
  dva1: 'h264',
  dvav: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
  dvh1: 'hevc',
  dvhe: 'hevc',
  vvc1: 'vvc',
  vvi1: 'vvc',
  av01: 'av1',
  vp08: 'vp8',
  vp09: 'vp9',
  s263: 'h263',
  h263: 'h263',
  H263: 'h263',
  jpeg: 'mjpeg',
  mjpa: 'mjpeg',
  mjpb: 'mjpeg',
  MJPG: 'mjpeg',
  mjpg: 'mjpeg',
  apcn: 'prores',
  apch: 'prores',
  apcs: 'prores',
  apco: 'prores',
  ap4h: 'prores',
  ap4x: 'prores',
  encv: 'encrypted',
  'png ': 'png',
};

/** Object types of MPEG-4 systems (ISO/IEC 14496-1, table 5) that are video. */
const OBJECT_TYPES: Readonly<Record<number, string>> = {
  32: 'mpeg4',
  33: 'h264',
  35: 'hevc',
  96: 'mpeg2',
  97: 'mpeg2',
  98: 'mpeg2',
  99: 'mpeg2',
  100: 'mpeg2',
  101: 'mpeg2',
  106: 'mpeg1',
  108: 'mjpeg',
};

/** Bytes of a VisualSampleEntry before its boxes. */
const VISUAL_ENTRY_BYTES = 78;

function descriptorBody(view: ByteView, at: number, tag: number): number {
  if (view.u8(at) !== tag) throw new MalformedVideo(`descriptor ${view.u8(at)} in place of ${tag}`);
  let next = at + 1;
  while (view.u8(next) >= 0x80 && next < at + 4) next += 1;
  return next + 1;
}

function objectType(esds: ByteView): number {
  const stream = descriptorBody(esds, 4, 3);
  const flags = esds.u8(stream + 2);
  let at = stream + 3;
  if ((flags & 0x80) !== 0) at += 2;
  if ((flags & 0x40) !== 0) at += 1 + esds.u8(at);
  if ((flags & 0x20) !== 0) at += 2;
  return esds.u8(descriptorBody(esds, at, 4));
}

function readEntry(
  format: string,
  body: ByteView,
  dataReferences: readonly boolean[],
  budgets: ProofBudgets,
): SampleDescription {
  const named = CODECS[format] ?? format.trim();
  // Only where a setting is needed: old QuickTime codecs carry extensions that are no boxes.
  const extended = ['h264', 'hevc', 'mp4v'].includes(named) && body.length > VISUAL_ENTRY_BYTES;
  const boxes = extended ? childBoxes(body, budgets, VISUAL_ENTRY_BYTES) : [];
  const esds = findBox(boxes, 'esds');
  const codec = format === 'mp4v' && esds !== undefined ? (OBJECT_TYPES[objectType(esds)] ?? 'mp4v') : named;
  const avcC = codec === 'h264' ? findBox(boxes, 'avcC') : undefined;
  const hvcC = codec === 'hevc' ? findBox(boxes, 'hvcC') : undefined;
  if (codec === 'h264' && avcC === undefined) throw new MalformedVideo('H.264 without avcC');
  if (codec === 'hevc' && hvcC === undefined) throw new MalformedVideo('HEVC without hvcC');
  let lengthBytes = 0;
  if (avcC !== undefined) lengthBytes = (avcC.u8(4) & 3) + 1;
  if (hvcC !== undefined) lengthBytes = (hvcC.u8(21) & 3) + 1;
  return {
    format,
    codec,
    width: body.u16(24),
    height: body.u16(26),
    // A reference that the file does not list says nothing about another file.
    selfContained: dataReferences[body.u16(6) - 1] ?? true,
    lengthBytes,
    codedFrameRate: avcC === undefined ? null : h264FramesPerSecond(avcC),
  };
}

/** @throws MalformedVideo when there is no entry, or one lies */
export function readSampleDescriptions(
  stsd: ByteView,
  dataReferences: readonly boolean[],
  budgets: ProofBudgets,
): SampleDescription[] {
  const count = entryCount(stsd, 4, VISUAL_ENTRY_BYTES);
  const entries = childBoxes(stsd, budgets, 8).slice(0, count);
  if (entries.length === 0) throw new MalformedVideo('stsd without an entry');
  return entries.map(({ type, body }) => readEntry(type, body, dataReferences, budgets));
}

/** For each entry of `dref`, whether it says "in this same file". */
export function readDataReferences(dref: ByteView | undefined, budgets: ProofBudgets): boolean[] {
  if (dref === undefined) return [];
  return childBoxes(dref, budgets, 8).map(({ body }) => (body.u24(1) & 1) === 1);
}
