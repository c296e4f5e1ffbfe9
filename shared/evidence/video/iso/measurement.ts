import type { ProofBudgets } from '../budgets.ts';
import { FrameTally } from '../frame-tally.ts';
import type { RangeReader } from '../range-reader.ts';
import { trimmedTicks } from './edit-list.ts';
import type { IsoLayout } from './layout.ts';
import type { Movie, VideoTrack } from './movie.ts';

/** What the proof of one track works with. */
export interface TrackContext {
  readonly reader: RangeReader;
  readonly budgets: ProofBudgets;
  readonly layout: IsoLayout;
  readonly movie: Movie;
  readonly track: VideoTrack;
  readonly requiredMs: number;
}

/** How much video of one track lies in the object. */
export interface Measurement {
  readonly tally: FrameTally;
  /** Counted, in ticks of the track. */
  readonly countedTicks: number;
  /** Counted, shown by the edit list, and at no stretched clock: the proven duration. */
  readonly ticks: number;
  /** Frames in `ticks`; extrapolated where an index vouches for parts not looked at. */
  readonly frames: number;
  /** False: at least so much; counting stopped there. */
  readonly isComplete: boolean;
  /** False: some of the first frames passed unseen. */
  readonly isEveryFrameSeen: boolean;
  readonly claimedMs: number;
  /** Something of the file is missing at its end. */
  readonly isCut: boolean;
  readonly isFragmented: boolean;
}

/** Below this on average, frames are a slide show and vouch for one second each. */
const LEAST_FRAMES_PER_SECOND = 1;
/** A clock that runs so much slower than the coder noted makes a slide show of a film. */
const SUSPICIOUS_FRAMES_PER_SECOND = 5;
const STRETCHED_SHARE = 0.9;

export function ticksToMs(ticks: number, timescale: number): number {
  return Number((BigInt(Math.max(0, Math.floor(ticks))) * 1000n) / BigInt(timescale));
}

export function newTally({ track, requiredMs }: TrackContext): FrameTally {
  return new FrameTally(track.timescale, requiredMs);
}

/** Counted ticks less what the edit list leaves out. */
export function shownTicks(
  { track, movie }: TrackContext,
  tally: FrameTally,
  ticks: number,
  openEnded: boolean,
): number {
  if (tally.frames === 0) return 0;
  const trimmed = trimmedTicks(track.edits, {
    from: tally.shownFrom,
    to: tally.shownTo,
    mediaTimescale: track.timescale,
    movieTimescale: movie.timescale,
    openEnded,
  });
  return Math.max(0, ticks - trimmed);
}

/**
 * Takes back what a slowed clock added. Two floors: a frame vouches for one second on average; and where nearly all frames stand
 * at least four times as long as the coder noted in the stream, at less than five a second, the coder's rate counts.
 * @param seenTicks the ticks that the tally's frames were seen to fill
 */
export function unstretched(
  tally: FrameTally,
  ticks: number,
  seenTicks: number,
  codedFrameRate: number | null,
): number {
  if (tally.frames === 0 || seenTicks <= 0) return 0;
  const framesPerTick = tally.frames / seenTicks;
  const isSuspicious = framesPerTick * tally.timescale < SUSPICIOUS_FRAMES_PER_SECOND;
  if (codedFrameRate !== null && isSuspicious && tally.slowedFrames >= STRETCHED_SHARE * tally.frames) {
    return Math.floor((ticks * framesPerTick * tally.timescale) / codedFrameRate);
  }
  return Math.min(ticks, Math.floor((ticks * framesPerTick * tally.timescale) / LEAST_FRAMES_PER_SECOND));
}
