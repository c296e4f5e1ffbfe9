import type { ProofBudgets } from '../budgets.ts';
import { FrameTally } from '../frame-tally.ts';
import type { RangeReader } from '../range-reader.ts';
import { trimmedTicks } from './edit-list.ts';
import type { IsoLayout } from './layout.ts';
import { type Movie, mainDescription, type VideoTrack } from './movie.ts';
import { tallyProgressive } from './progressive.ts';

/** What the proof of one track works with. */
export interface TrackContext {
  readonly reader: RangeReader;
  readonly budgets: ProofBudgets;
  readonly layout: IsoLayout;
  readonly movie: Movie;
  readonly track: VideoTrack;
  readonly requiredMs: number;
}

/** What was counted of one track, by whichever way. */
export interface Count {
  readonly tally: FrameTally;
  /** Counted in all. */
  readonly ticks: number;
  /** Of these, what the tally saw itself; the rest an index vouches for. */
  readonly seenTicks: number;
  readonly claimedTicks: number;
  /** False: at least so much; counting stopped there. */
  readonly isComplete: boolean;
  /** False: some frames passed unseen. */
  readonly isEveryFrameSeen: boolean;
  /** Something of the file is missing at its end. */
  readonly isCut: boolean;
  readonly isFragmented: boolean;
}

/** How much video of one track lies in the object. */
export interface Measurement extends Count {
  /** The proven duration: counted, shown by the edit list, and at no stretched clock. */
  readonly provenTicks: number;
  /** Frames in `ticks`; extrapolated where an index vouches for parts not looked at. */
  readonly frames: number;
  readonly claimedMs: number;
}

/** Below this on average, frames are a slide show and vouch for one second each. */
const LEAST_FRAMES_PER_SECOND = 1;
/** A clock that runs so much slower than the coder noted makes a slide show of a film. */
const SUSPICIOUS_FRAMES_PER_SECOND = 5;
const STRETCHED_SHARE = 0.9;

export function ticksToMs(ticks: number, timescale: number): number {
  return Number((BigInt(Math.max(0, Math.floor(ticks))) * 1000n) / BigInt(timescale));
}

/** Counted ticks less what the edit list leaves out. */
export function shownTicks(context: TrackContext, tally: FrameTally, ticks: number, isFragmented: boolean): number {
  if (tally.frames === 0) return 0;
  const trimmed = trimmedTicks(context.track.edits, {
    from: tally.shownFrom,
    to: tally.shownTo,
    mediaTimescale: context.track.timescale,
    movieTimescale: context.movie.timescale,
    openEnded: isFragmented,
  });
  return Math.max(0, ticks - trimmed);
}

/**
 * Takes back what a slowed clock added. Two floors: a frame vouches for one second on average; and where nearly all frames stand
 * at least four times as long as the coder noted in the stream, at less than five a second, the coder's rate counts.
 */
function unstretched({ tally, seenTicks }: Count, ticks: number, codedFrameRate: number | null): number {
  if (tally.frames === 0 || seenTicks <= 0) return 0;
  const frames = (ticks / seenTicks) * tally.frames;
  const isSuspicious = tally.frames * tally.timescale < SUSPICIOUS_FRAMES_PER_SECOND * seenTicks;
  const isStretched = isSuspicious && tally.slowedFrames >= STRETCHED_SHARE * tally.frames;
  if (codedFrameRate !== null && isStretched) return Math.floor((frames * tally.timescale) / codedFrameRate);
  return Math.min(ticks, Math.floor((frames * tally.timescale) / LEAST_FRAMES_PER_SECOND));
}

export function measurementOf(context: TrackContext, count: Count): Measurement {
  const { tally, ticks, seenTicks } = count;
  const { track } = context;
  const shown = shownTicks(context, tally, ticks, count.isFragmented);
  return {
    ...count,
    provenTicks: unstretched(count, shown, mainDescription(track).codedFrameRate),
    frames: seenTicks > 0 ? Math.round((tally.frames * ticks) / seenTicks) : tally.frames,
    claimedMs: Math.max(track.claimedMs, ticksToMs(count.claimedTicks, track.timescale)),
  };
}

export function newTally({ track, requiredMs }: TrackContext): FrameTally {
  return new FrameTally(track.timescale, requiredMs);
}

/** Adds what `moov` itself describes; false when counting stopped early, with enough counted. */
export function tallyMovie({ reader, budgets, track }: TrackContext, tally: FrameTally): boolean {
  return tallyProgressive(track, tally, { objectSize: reader.size, budgets, checkTime: () => reader.checkTime() });
}

/** Measures a track whose samples `moov` describes. */
export function measureProgressive(context: TrackContext): Measurement {
  const tally = newTally(context);
  const isComplete = tallyMovie(context, tally);
  return measurementOf(context, {
    tally,
    ticks: tally.ticks,
    seenTicks: tally.ticks,
    claimedTicks: tally.claimedTicks,
    isComplete,
    isEveryFrameSeen: isComplete,
    isCut: tally.missing > 0,
    isFragmented: false,
  });
}
