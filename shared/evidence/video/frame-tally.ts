import type { SampleDescription } from './iso/sample-description.ts';
import { SamplingPlan } from './sampling-plan.ts';

/** One frame vouches for no more than this, however long the clock says it stands. */
const LONGEST_FRAME_MS = 10_000;
/** A frame that stands this many times as long as the coder noted was slowed down. */
const STRETCH_FACTOR = 4;
/** A picture that stands longer than this does not move. */
const STANDING_MS = 2000;
/** Sizes are kept for the judgement of the picture; more frames than these in two minutes tell nothing new. */
const KEPT_SIZES = 240_000;

export interface Sample {
  readonly offset: number;
  readonly size: number;
  readonly duration: number;
  /** Composition offset: when it shows, counted from when it is decoded. */
  readonly shift: number;
  readonly isKey: boolean;
  /** Whether its bytes lie in the object and belong to it alone. */
  readonly isPresent: boolean;
  readonly description: SampleDescription;
}

/** Adds up the samples of one track, in integer ticks of its clock. Only samples that are present count. */
export class FrameTally {
  readonly timescale: number;
  readonly plan: SamplingPlan;
  /** Samples seen, present or not. */
  seen = 0;
  /** Samples whose bytes are not in the object, or are another sample's too. */
  missing = 0;
  frames = 0;
  mediaBytes = 0;
  /** Counted video. */
  ticks = 0;
  /** What the tables claim, present or not. */
  claimedTicks = 0;
  /** When the first counted picture shows and the last one ends. */
  shownFrom = Number.POSITIVE_INFINITY;
  shownTo = Number.NEGATIVE_INFINITY;
  /** Frames that stand at least {@link STRETCH_FACTOR} times as long as the coder noted. */
  slowedFrames = 0;
  /** Counted video during which a picture stood for more than two seconds. */
  standingTicks = 0;
  /** Sizes within the required span: of all frames in order, and of those that are no key frames. */
  readonly sizes: number[] = [];
  readonly deltaSizes: number[] = [];
  readonly #longestTicks: number;
  readonly #standingTicks: number;
  readonly #spanTicks: number;
  #decodeTime = 0;
  #roomOfLastFrame = 0;

  constructor(timescale: number, spanMs: number) {
    this.timescale = timescale;
    this.plan = new SamplingPlan(timescale, spanMs);
    this.#longestTicks = (LONGEST_FRAME_MS / 1000) * timescale;
    this.#standingTicks = (STANDING_MS / 1000) * timescale;
    this.#spanTicks = Math.ceil((spanMs * timescale) / 1000);
  }

  get coversSpan(): boolean {
    return this.ticks >= this.#spanTicks;
  }

  add(sample: Sample): void {
    const { size, duration, description } = sample;
    const decodeTime = this.#decodeTime;
    this.seen += 1;
    this.claimedTicks += duration;
    this.#decodeTime += duration;
    if (!sample.isPresent) {
      this.missing += 1;
      this.#roomOfLastFrame = 0;
      return;
    }
    if (size === 0) {
      // A dropped frame: the one before it stays on the screen.
      this.#credit(duration);
      return;
    }
    this.plan.consider({ offset: sample.offset, size, at: this.ticks, isKey: sample.isKey, description });
    if (this.ticks < this.#spanTicks && this.sizes.length < KEPT_SIZES) {
      this.sizes.push(size);
      if (!sample.isKey) this.deltaSizes.push(size);
    }
    const noted = description.codedFrameRate;
    if (noted !== null && duration * noted >= STRETCH_FACTOR * this.timescale) this.slowedFrames += 1;
    this.frames += 1;
    this.mediaBytes += size;
    this.shownFrom = Math.min(this.shownFrom, decodeTime + sample.shift);
    this.shownTo = Math.max(this.shownTo, decodeTime + sample.shift + duration);
    this.#roomOfLastFrame = this.#longestTicks;
    this.#credit(duration);
  }

  #credit(duration: number): void {
    const credited = Math.min(duration, this.#roomOfLastFrame);
    this.#roomOfLastFrame -= credited;
    this.ticks += credited;
    if (duration > this.#standingTicks) this.standingTicks += credited;
  }

  /** Goes on at another place of the clip, for which an index vouches. */
  jumpTo(ticks: number): void {
    this.plan.startStretch();
    this.ticks = ticks;
    this.#decodeTime = ticks;
    this.#roomOfLastFrame = 0;
  }
}
