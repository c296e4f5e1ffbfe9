import { type Bytes, box, concat, fullBox, u8, u16, u32, u64 } from './bytes.ts';
import { avcC, type Frame, sampleDescriptions, visualEntry } from './h264-builder.ts';
import {
  type Edit,
  editList,
  fileType,
  handler,
  mediaHeader,
  movieHeader,
  timeTable,
  trackHeader,
} from './mp4-builder.ts';

const NON_SYNC = 0x10000;

export interface FragmentedSpec {
  readonly frames: readonly Frame[];
  readonly timescale: number;
  readonly framesPerFragment: number;
  /** So many frames first in `moov` itself, as recorders do that turn fragmented later. */
  readonly framesInMovie?: number;
  /** After each fragment of pictures one of sound. */
  readonly soundFragments?: boolean;
  readonly segmentIndex?: boolean;
  readonly randomAccessIndex?: boolean;
  /** `false`: fragments do not say where on the clock they stand. */
  readonly decodeTimes?: boolean;
  readonly edits?: readonly Edit[];
  readonly createdAt?: Date;
  /** Takes the place of each `trun`. */
  readonly run?: (frames: readonly Frame[], dataOffset: number) => Uint8Array;
  /** Changes what the segment index claims: bytes and ticks of each fragment. */
  readonly claimSegments?: (segments: readonly Segment[]) => readonly Segment[];
  /** Changes the finished fragments. */
  readonly changeFragments?: (fragments: readonly Bytes[]) => readonly Bytes[];
}

export interface Segment {
  readonly bytes: number;
  readonly ticks: number;
}

function ticksOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, { duration }) => sum + duration, 0);
}

export function sampleRun(frames: readonly Frame[], dataOffset: number): Bytes {
  const entries = frames.flatMap(({ bytes, duration, isKey, shift = 0 }) => [
    duration,
    bytes.length,
    isKey ? 0 : NON_SYNC,
    shift,
  ]);
  return fullBox('trun', 1, 0xf01, u32(frames.length, dataOffset, ...entries));
}

function fragment(spec: FragmentedSpec, frames: readonly Frame[], sequence: number, decodeTime: number): Bytes {
  const build = spec.run ?? sampleRun;
  const clock = spec.decodeTimes === false ? u8() : fullBox('tfdt', 1, 0, u64(decodeTime));
  const moof = (dataOffset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box('traf', fullBox('tfhd', 0, 0x20000, u32(1)), clock, build(frames, dataOffset)),
    );
  const size = moof(0).length;
  return concat(moof(size + 8), box('mdat', ...frames.map(({ bytes }) => bytes)));
}

function groups(spec: FragmentedSpec): Frame[][] {
  const found: Frame[][] = [];
  for (let at = spec.framesInMovie ?? 0; at < spec.frames.length; at += spec.framesPerFragment) {
    found.push(spec.frames.slice(at, at + spec.framesPerFragment));
  }
  return found;
}

function pictureTable(frames: readonly Frame[], mediaStart: number): Bytes {
  const keys = frames.flatMap(({ isKey }, index) => (isKey ? [index + 1] : []));
  return box(
    'stbl',
    sampleDescriptions(visualEntry('avc1', avcC())),
    timeTable(
      'stts',
      frames.map(({ duration }) => duration),
    ),
    fullBox('stss', 0, 0, u32(keys.length, ...keys)),
    fullBox('stsz', 0, 0, u32(0, frames.length, ...frames.map(({ bytes }) => bytes.length))),
    fullBox('stsc', 0, 0, frames.length === 0 ? u32(0) : u32(1, 1, frames.length, 1)),
    fullBox('stco', 0, 0, frames.length === 0 ? u32(0) : u32(1, mediaStart)),
  );
}

const SOUND_TRACK = box('trak', trackHeader(2, 0), box('mdia', mediaHeader(48_000, 0), handler('soun')));

function initialMovie(spec: FragmentedSpec, mediaStart: number): Bytes {
  const frames = spec.frames.slice(0, spec.framesInMovie ?? 0);
  const table = pictureTable(frames, mediaStart);
  return box(
    'moov',
    movieHeader(1000, 0, spec.createdAt),
    box(
      'trak',
      trackHeader(1, 0),
      spec.edits === undefined ? u8() : box('edts', editList(spec.edits)),
      box('mdia', mediaHeader(spec.timescale, 0), handler('vide'), box('minf', table)),
    ),
    spec.soundFragments ? SOUND_TRACK : u8(),
    box('mvex', fullBox('trex', 0, 0, u32(1, 1, 0, 0, 0)), fullBox('trex', 0, 0, u32(2, 1, 1024, 30, 0))),
  );
}

/** A fragment of 43 sound frames of 30 bytes. */
function soundFragment(sequence: number): Bytes {
  const run = (dataOffset: number) => fullBox('trun', 0, 0x1, u32(43, dataOffset));
  const moof = (dataOffset: number) =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32(sequence)),
      box('traf', fullBox('tfhd', 0, 0x20000, u32(2)), run(dataOffset)),
    );
  return concat(moof(moof(0).length + 8), box('mdat', new Uint8Array(43 * 30).fill(0x21)));
}

function segmentIndex({ timescale }: FragmentedSpec, segments: readonly Segment[]): Bytes {
  const references = segments.map(({ bytes, ticks }) => u32(bytes, ticks, 0x90000000));
  return fullBox('sidx', 0, 0, u32(1, timescale, 0, 0), u16(0, segments.length), ...references);
}

function randomAccessIndex(places: readonly number[], segments: readonly Segment[]): Bytes {
  let time = 0;
  const entries = segments.map(({ ticks }, index) => {
    time += ticks;
    return concat(u64(time - ticks, places[index] ?? 0), u8(1, 1, 1));
  });
  const table = fullBox('tfra', 1, 0, u32(1, 0, segments.length), ...entries);
  return box('mfra', table, fullBox('mfro', 0, 0, u32(8 + table.length + 16)));
}

/** A fragmented MP4 of the given frames. */
export function fragmented(spec: FragmentedSpec): Bytes {
  const first = spec.frames.slice(0, spec.framesInMovie ?? 0);
  let decodeTime = ticksOf(first);
  const built = groups(spec).map((frames, index) => {
    decodeTime += ticksOf(frames);
    const pictures = fragment(spec, frames, index + 1, decodeTime - ticksOf(frames));
    return spec.soundFragments ? concat(pictures, soundFragment(index + 1)) : pictures;
  });
  const truth = groups(spec).map(
    (frames, index): Segment => ({ bytes: built[index]?.length ?? 0, ticks: ticksOf(frames) }),
  );
  const claimed = spec.claimSegments?.(truth) ?? truth;
  const fragments = spec.changeFragments?.(built) ?? built;
  const index = spec.segmentIndex ? segmentIndex(spec, claimed) : u8();
  const type = fileType('iso5');
  const mediaStart = type.length + initialMovie(spec, 0).length + 8;
  const firstMedia = first.length === 0 ? u8() : box('mdat', ...first.map(({ bytes }) => bytes));
  const start = concat(type, initialMovie(spec, mediaStart), firstMedia, index);
  let place = start.length;
  const places = fragments.map((bytes) => {
    place += bytes.length;
    return place - bytes.length;
  });
  return concat(start, ...fragments, spec.randomAccessIndex ? randomAccessIndex(places, claimed) : u8());
}
