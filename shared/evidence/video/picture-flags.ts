import type { FrameTally } from './frame-tally.ts';
import type { SampleDescription } from './iso/sample-description.ts';
import type { SampleEvidence } from './sample-evidence.ts';
import type { VideoFlag } from './video-proof.ts';

const MACROBLOCK_PIXELS = 16;
/** Share of frames that must look the same before the whole clip is called still. */
const STILL_SHARE = 0.95;
/** Frames on average no larger than this hold no moving picture in any codec. */
const TINY_FRAME_BYTES = 40;
/** Most frequent sizes that together make a clip still: a coder that repeats a picture repeats its frames to the byte. */
const REPEATED_SIZES = 2;
const FEWEST_FRAMES = 25;
/** Codecs whose frames take as many bytes as their picture needs, so that sizes tell something. */
const VARIABLE_SIZE_CODECS: ReadonlySet<string> = new Set(
  'h264 hevc vvc av1 vp8 vp9 mpeg1 mpeg2 mpeg4 h263 mjpeg'.split(' '),
);

function macroblocks(width: number, height: number): number {
  return Math.ceil(width / MACROBLOCK_PIXELS) * Math.ceil(height / MACROBLOCK_PIXELS);
}

/** A frame that only says "as before" costs a header and next to nothing per macroblock (measured with x264, x265). */
function unchangedFrameBytes(blocks: number): number {
  return 40 + blocks * 0.02;
}

/** A key frame of one colour, likewise. */
function plainKeyFrameBytes(blocks: number): number {
  return 64 + blocks * 0.1;
}

function shareOfCommonestSizes(sizes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const commonest = [...counts.values()].toSorted((a, b) => b - a).slice(0, REPEATED_SIZES);
  return commonest.reduce((sum, count) => sum + count, 0) / sizes.length;
}

function isStill(tally: FrameTally, blocks: number): boolean {
  if (tally.sizes.length < FEWEST_FRAMES) return false;
  if (tally.mediaBytes / tally.frames < TINY_FRAME_BYTES) return true;
  // Codecs without dependent frames are judged by all frames.
  const sizes = tally.deltaSizes.length >= FEWEST_FRAMES ? tally.deltaSizes : tally.sizes;
  const unchanged = sizes.filter((size) => size <= unchangedFrameBytes(blocks)).length;
  return unchanged / sizes.length >= STILL_SHARE || shareOfCommonestSizes(sizes) >= STILL_SHARE;
}

/**
 * The length of the longest stretch at the end of a sequence that repeats itself at least three times
 * (prefix function of the reversed sequence).
 */
function longestRepeatingEnd(sequence: readonly number[]): number {
  const reversed = sequence.toReversed();
  const borders = new Uint32Array(reversed.length);
  let longest = 0;
  for (let at = 1; at < reversed.length; at += 1) {
    let border = borders[at - 1] ?? 0;
    while (border > 0 && reversed[border] !== reversed[at]) border = borders[border - 1] ?? 0;
    if (reversed[border] === reversed[at]) border += 1;
    borders[at] = border;
    const length = at + 1;
    if (length >= 3 * (length - border)) longest = length;
  }
  return longest;
}

/** Whether at least half of the frames' sizes repeat in a cycle: two takes never coincide so, a copied take always does. */
function repeatsItself(sizes: readonly number[]): boolean {
  if (sizes.length < FEWEST_FRAMES) return false;
  return Math.max(longestRepeatingEnd(sizes), longestRepeatingEnd(sizes.toReversed())) >= sizes.length / 2;
}

function showsKeyFrameTwice(evidence: readonly SampleEvidence[]): boolean {
  const hashes = evidence.filter(({ planned }) => planned.frame.isKey).map(({ hash }) => hash);
  const known = hashes.filter((hash) => hash !== null);
  return known.length >= 4 && new Set(known).size <= known.length / 2;
}

/**
 * What the sizes of frames and the few pictures read tell about the picture, without decoding any.
 * `isWhole`: every frame of the required span passed the tally.
 */
export function pictureFlags(
  tally: FrameTally,
  evidence: readonly SampleEvidence[],
  description: SampleDescription,
  isWhole: boolean,
): VideoFlag[] {
  if (!VARIABLE_SIZE_CODECS.has(description.codec)) return [];
  const flags: VideoFlag[] = [];
  const blocks = macroblocks(description.width, description.height);
  const still = isStill(tally, blocks);
  const keys = evidence.filter(({ planned }) => planned.frame.isKey);
  const isPlain = keys.length > 0 && keys.every(({ pictureBytes }) => pictureBytes <= plainKeyFrameBytes(blocks));
  if (still) flags.push('still-picture');
  if (still && isPlain) flags.push('black');
  if (!still && ((isWhole && repeatsItself(tally.sizes)) || showsKeyFrameTwice(evidence))) flags.push('looped');
  return flags;
}
