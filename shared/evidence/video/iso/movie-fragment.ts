import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import { type ByteView, MalformedVideo } from '../byte-view.ts';
import type { FrameTally } from '../frame-tally.ts';
import { type Box, childBoxes, findBox, requireBox } from './box.ts';
import { type FragmentDefaults, type Movie, mainDescription, type VideoTrack } from './movie.ts';
import type { SampleDescription } from './sample-description.ts';

/** `sample_is_non_sync_sample` of sample flags (8.8.3.1). */
const NON_SYNC = 0x10000;
const NO_DEFAULTS: FragmentDefaults = { description: 1, duration: 0, size: 0, flags: 0 };

/** What a fragment's track header (`tfhd`) settles for its runs. */
interface FragmentHeader extends FragmentDefaults {
  /** Explicit start of the data, null where it follows from the fragment's own place. */
  readonly baseOffset: number | null;
  readonly baseIsFragment: boolean;
}

function readHeader(tfhd: ByteView, defaults: FragmentDefaults): FragmentHeader {
  const flags = tfhd.u24(1);
  let at = 8;
  const take = (flag: number, bytes: 4 | 8): number | null => {
    if ((flags & flag) === 0) return null;
    at += bytes;
    return bytes === 8 ? tfhd.u64(at - 8) : tfhd.u32(at - 4);
  };
  // In the order of the fields.
  const baseOffset = take(0x1, 8);
  const description = take(0x2, 4) ?? defaults.description;
  const duration = take(0x8, 4) ?? defaults.duration;
  const size = take(0x10, 4) ?? defaults.size;
  const sampleFlags = take(0x20, 4) ?? defaults.flags;
  return {
    baseOffset,
    baseIsFragment: (flags & 0x20000) !== 0,
    description,
    duration,
    size,
    flags: sampleFlags,
  };
}

/** One run of samples that lie side by side (`trun`), its declared count held against its box. */
class SampleRun {
  readonly count: number;
  readonly dataOffset: number | null;
  readonly #view: ByteView;
  readonly #flags: number;
  readonly #header: FragmentHeader;
  readonly #firstFlags: number | null;
  readonly #firstEntry: number;
  readonly #entryBytes: number;

  constructor(trun: ByteView, header: FragmentHeader) {
    this.#view = trun;
    this.#header = header;
    this.#flags = trun.u24(1);
    this.count = trun.u32(4);
    let at = 8;
    this.dataOffset = (this.#flags & 0x1) === 0 ? null : trun.i32(at);
    if (this.dataOffset !== null) at += 4;
    this.#firstFlags = (this.#flags & 0x4) === 0 ? null : trun.u32(at);
    if (this.#firstFlags !== null) at += 4;
    this.#firstEntry = at;
    this.#entryBytes = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => (this.#flags & flag) !== 0).length;
    if (this.count * this.#entryBytes > trun.length - at) {
      throw new MalformedVideo(`trun declares ${this.count} samples in ${trun.length - at} bytes`);
    }
  }

  at(index: number): { duration: number; size: number; flags: number; shift: number } {
    const header = this.#header;
    let at = this.#firstEntry + index * this.#entryBytes;
    const take = (flag: number): number | null => {
      if ((this.#flags & flag) === 0) return null;
      at += 4;
      return this.#view.u32(at - 4);
    };
    const duration = take(0x100) ?? header.duration;
    const size = take(0x200) ?? header.size;
    const own = take(0x400);
    const shift = take(0x800) ?? 0;
    const flags = (index === 0 ? this.#firstFlags : null) ?? own ?? header.flags;
    // What would be a negative duration is a defect and stands for no time; composition offsets may be negative.
    return { duration: Math.max(0, duration | 0), size, flags, shift: shift | 0 };
  }

  bytes(): number {
    if ((this.#flags & 0x200) === 0) return this.count * this.#header.size;
    let sum = 0;
    for (let index = 0; index < this.count; index += 1) sum += this.at(index).size;
    return sum;
  }
}

/** Counts the samples of one video track, fragment after fragment. */
export class FragmentCounter {
  readonly #track: VideoTrack;
  readonly #defaults: ReadonlyMap<number, FragmentDefaults>;
  readonly #tally: FrameTally;
  readonly #objectSize: number;
  readonly #budgets: ProofBudgets;
  /** End of the bytes that counted samples took: what lies before belongs to somebody already. */
  #reached = 0;
  #decodeTime: number | null = null;
  #tracksInFragment = 0;

  constructor(movie: Movie, track: VideoTrack, tally: FrameTally, objectSize: number, budgets: ProofBudgets) {
    this.#track = track;
    this.#defaults = movie.fragmentDefaults;
    this.#tally = tally;
    this.#objectSize = objectSize;
    this.#budgets = budgets;
  }

  /** The first place on the track's clock (`tfdt`) since it was forgotten, null where no fragment named one. */
  get decodeTime(): number | null {
    return this.#decodeTime;
  }

  /** How many tracks the latest fragment of this track held. */
  get tracksInFragment(): number {
    return this.#tracksInFragment;
  }

  forgetDecodeTime(): void {
    this.#decodeTime = null;
  }

  /** Adds the track's samples of one `moof`, whose box starts at `start`. */
  add(moof: ByteView, start: number): void {
    const tracks = childBoxes(moof, this.#budgets).filter(({ type }) => type === 'traf');
    let previousEnd = start;
    for (const { body } of tracks) {
      const seen = this.#tally.seen;
      previousEnd = this.#addTrack(childBoxes(body, this.#budgets), start, previousEnd);
      if (this.#tally.seen > seen) this.#tracksInFragment = tracks.length;
    }
  }

  /** The end of the data that this `traf` described. */
  #addTrack(boxes: readonly Box[], fragmentStart: number, previousEnd: number): number {
    const tfhd = requireBox(boxes, 'tfhd');
    const trackId = tfhd.u32(4);
    const isOurs = trackId === this.#track.id;
    const header = readHeader(tfhd, this.#defaults.get(trackId) ?? NO_DEFAULTS);
    const base = header.baseOffset ?? (header.baseIsFragment ? fragmentStart : previousEnd);
    const tfdt = findBox(boxes, 'tfdt');
    if (isOurs && tfdt !== undefined) this.#decodeTime ??= tfdt.u8(0) === 1 ? tfdt.u64(4) : tfdt.u32(4);
    let end = base;
    for (const { type, body } of boxes) {
      if (type !== 'trun') continue;
      const run = new SampleRun(body, header);
      const from = run.dataOffset === null ? end : base + run.dataOffset;
      end = isOurs ? this.#addRun(run, from, header.description) : from + run.bytes();
    }
    return end;
  }

  #addRun(run: SampleRun, from: number, descriptionIndex: number): number {
    const track = this.#track;
    const description: SampleDescription = track.descriptions[descriptionIndex - 1] ?? mainDescription(track);
    const isOurs = description.selfContained && from >= this.#reached;
    let offset = from;
    for (let index = 0; index < run.count; index += 1) {
      if (this.#tally.seen >= this.#budgets.samples) throw new BudgetExhausted('samples', this.#budgets.samples);
      const { duration, size, flags, shift } = run.at(index);
      const isPresent = isOurs && offset + size <= this.#objectSize;
      const isKey = (flags & NON_SYNC) === 0;
      this.#tally.add({ offset, size, duration, shift, isKey, isPresent, description });
      offset += size;
    }
    if (isOurs) this.#reached = Math.max(this.#reached, offset);
    return offset;
  }
}
