import { ByteView, MalformedVideo } from '../byte-view.ts';
import type { FrameTally } from '../frame-tally.ts';
import type { RangeReader } from '../range-reader.ts';
import { SAMPLE_WINDOW_BYTES } from '../sample-evidence.ts';
import { placesInMs } from '../sampling-plan.ts';
import { type FragmentIndex, findRandomAccessIndex, readSegmentIndex, type Segment } from './fragment-index.ts';
import { FragmentWalk } from './fragment-walk.ts';
import { type PlacedBox, readPlacedBox } from './layout.ts';
import { type Measurement, newTally, shownTicks, type TrackContext, ticksToMs, unstretched } from './measurement.ts';
import { mainDescription } from './movie.ts';
import { FragmentCounter } from './movie-fragment.ts';
import { tallyProgressive } from './progressive.ts';

/** With fewer fragments than this in the required time, walking them costs no more than an index would. */
const FEW_FRAGMENTS = 12.5;
/** Once enough is proven, the walk goes on to the file's end only while it has made fewer requests than this. */
const REQUESTS_TO_THE_END = 12;
/** An index may round each segment by so much, or by two frames. */
const INDEX_TOLERANCE = 0.02;
const BOXES_BEFORE_FRAGMENTS = 16;

interface Start {
  readonly firstFragment: number;
  readonly segmentIndex: FragmentIndex | undefined;
}

async function boxOrNothing(reader: RangeReader, at: number): Promise<PlacedBox | undefined> {
  try {
    return await readPlacedBox(reader, at, SAMPLE_WINDOW_BYTES);
  } catch (error) {
    if (error instanceof MalformedVideo) return undefined;
    throw error;
  }
}

/** Looks between `moov` and the first `moof` for a segment index. */
async function findStart(context: TrackContext): Promise<Start | 'cut' | undefined> {
  const { reader, layout, track } = context;
  let segmentIndex: FragmentIndex | undefined;
  let at = layout.firstFragment ?? layout.afterMovie;
  for (let boxes = 0; boxes < BOXES_BEFORE_FRAGMENTS && at + 8 <= reader.size; boxes += 1) {
    const box = await boxOrNothing(reader, at);
    if (box === undefined) return undefined;
    if (box.type === 'moof') return { firstFragment: at, segmentIndex };
    if (box.end > reader.size) return 'cut';
    if (box.type === 'sidx' && box.size <= context.budgets.indexBytes) {
      const body = new ByteView(await reader.read(at + box.headerBytes, box.end));
      segmentIndex ??= ignoringMalformed(() => readSegmentIndex(body, box.end, track.id, track.timescale));
    }
    at = box.end;
  }
  return undefined;
}

/** An index that contradicts itself is no index; the fragments speak for themselves. */
function ignoringMalformed<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedVideo) return undefined;
    throw error;
  }
}

function newCounter(context: TrackContext, tally: FrameTally): FragmentCounter {
  const { movie, track, reader, budgets } = context;
  return new FragmentCounter(movie, track, tally, reader.size, budgets);
}

/** A tally that begins with what `moov` itself describes: a hybrid file keeps its first samples there. */
function tallyOfMovie(context: TrackContext): FrameTally {
  const tally = newTally(context);
  tallyProgressive(context.track, tally, progressiveOptions(context));
  return tally;
}

function progressiveOptions({ reader, budgets }: TrackContext) {
  return { objectSize: reader.size, budgets, checkTime: () => reader.checkTime() };
}

interface Count {
  readonly tally: FrameTally;
  /** Counted in all, and of it what the tally saw itself. */
  readonly ticks: number;
  readonly seenTicks: number;
  readonly claimedTicks: number;
  readonly isComplete: boolean;
  readonly isEveryFrameSeen: boolean;
  readonly isCut: boolean;
}

function measurementOf(context: TrackContext, count: Count, isFragmented: boolean): Measurement {
  const { tally, ticks, seenTicks } = count;
  const { track } = context;
  const shown = shownTicks(context, tally, ticks, isFragmented);
  return {
    tally,
    countedTicks: ticks,
    ticks: unstretched(tally, shown, seenTicks, mainDescription(track).codedFrameRate),
    frames: seenTicks > 0 ? Math.round((tally.frames * ticks) / seenTicks) : tally.frames,
    isComplete: count.isComplete,
    isEveryFrameSeen: count.isEveryFrameSeen,
    claimedMs: Math.max(track.claimedMs, ticksToMs(count.claimedTicks, track.timescale)),
    isCut: count.isCut,
    isFragmented,
  };
}

/** Counts fragment after fragment, to the end of the file or, if that is far, until enough is proven. */
async function walkAll(context: TrackContext, from: number): Promise<Measurement> {
  const { reader, budgets } = context;
  const tally = tallyOfMovie(context);
  const enoughTicks = (context.requiredMs * tally.timescale) / 1000;
  const isEnough = () =>
    reader.requests >= REQUESTS_TO_THE_END && shownTicks(context, tally, tally.ticks, true) >= enoughTicks;
  const end = await new FragmentWalk(reader, budgets).run(from, reader.size, newCounter(context, tally), isEnough);
  const count: Count = {
    tally,
    ticks: tally.ticks,
    seenTicks: tally.ticks,
    claimedTicks: tally.claimedTicks,
    isComplete: end !== 'enough',
    isEveryFrameSeen: true,
    isCut: end === 'cut' || end === 'broken',
  };
  return measurementOf(context, count, true);
}

/**
 * The segments to walk: those at the places of the fingerprint, the last one of the required time and of the file, the longest,
 * and the one with the fewest bytes for its time, so that an index has to be true where lying would pay most.
 */
function segmentsToCheck(segments: readonly Segment[], context: TrackContext): Segment[] {
  const ticks = (ms: number) => Math.floor((ms * context.track.timescale) / 1000);
  const places = [...placesInMs(context.requiredMs).map(ticks), ticks(context.requiredMs) - 1];
  const chosen = new Set(places.map((place) => segments.findLast((segment) => segment.at <= place)));
  const timed = segments.filter((segment) => segment.ticks > 0);
  const bytesPerTick = (segment: Segment) => (segment.end - segment.start) / segment.ticks;
  chosen.add(timed.toSorted((a, b) => b.ticks - a.ticks)[0]);
  chosen.add(timed.toSorted((a, b) => bytesPerTick(a) - bytesPerTick(b))[0]);
  chosen.add(segments.at(-1));
  return [...chosen].filter((segment) => segment !== undefined).toSorted((a, b) => a.at - b.at);
}

interface Checked {
  readonly seenTicks: number;
  readonly claimedTicks: number;
  /** Ticks of the last segment, which `mfra` leaves open. */
  readonly lastTicks: number;
}

/** Walks the given segments; undefined when one is not as its index says. */
async function walkSegments(
  context: TrackContext,
  tally: FrameTally,
  segments: readonly Segment[],
): Promise<Checked | undefined> {
  const counter = newCounter(context, tally);
  const walk = new FragmentWalk(context.reader, context.budgets);
  const base = tally.ticks;
  const checked = { seenTicks: 0, claimedTicks: 0, lastTicks: 0 };
  for (const segment of segments) {
    tally.jumpTo(base + segment.at);
    const framesBefore = tally.frames;
    const end = await walk.run(segment.start, segment.end, counter, () => false);
    const ticks = tally.ticks - base - segment.at;
    const frames = tally.frames - framesBefore;
    if (end !== 'end' || frames === 0) return undefined;
    const claimed = segment.ticks === 0 ? ticks : segment.ticks;
    if (Math.abs(ticks - claimed) > Math.max(claimed * INDEX_TOLERANCE, (2 * ticks) / frames)) return undefined;
    checked.seenTicks += ticks;
    checked.claimedTicks += claimed;
    checked.lastTicks = ticks;
  }
  return checked;
}

function sumOfTicks(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.ticks, 0);
}

/** Measures by an index; undefined when it does not prove true where it is checked. */
async function measureByIndex(context: TrackContext, index: FragmentIndex): Promise<Measurement | undefined> {
  const present = index.segments.filter((segment) => segment.end <= context.reader.size);
  const last = present.at(-1);
  if (last === undefined) return undefined;
  const tally = tallyOfMovie(context);
  const base = tally.ticks;
  const toCheck = segmentsToCheck(present, context);
  const checked = await walkSegments(context, tally, toCheck);
  if (checked === undefined) return undefined;
  const open = last.ticks === 0 ? checked.lastTicks : 0;
  // What was walked counts as walked; the rest as the index says, less what the index overstated where it was walked.
  const honesty = Math.min(1, checked.seenTicks / checked.claimedTicks);
  const unseen = Math.floor((sumOfTicks(present) + open - checked.claimedTicks) * honesty);
  const count: Count = {
    tally,
    ticks: base + checked.seenTicks + unseen,
    seenTicks: base + checked.seenTicks,
    claimedTicks: base + sumOfTicks(index.segments) + open,
    isComplete: true,
    isEveryFrameSeen: toCheck.length === present.length,
    isCut: present.length < index.segments.length,
  };
  return measurementOf(context, count, true);
}

/** Ticks of the first fragment that has any. */
async function firstFragmentTicks(context: TrackContext, from: number): Promise<number> {
  const tally = newTally(context);
  const walk = new FragmentWalk(context.reader, context.budgets);
  await walk.run(from, context.reader.size, newCounter(context, tally), () => tally.ticks > 0);
  return tally.ticks;
}

async function findIndex(context: TrackContext, start: Start): Promise<FragmentIndex | undefined> {
  if (start.segmentIndex !== undefined) return start.segmentIndex;
  const { reader, track, budgets } = context;
  const fragmentTicks = await firstFragmentTicks(context, start.firstFragment);
  if (fragmentTicks * FEW_FRAGMENTS * 1000 >= context.requiredMs * track.timescale) return undefined;
  try {
    return await findRandomAccessIndex(reader, start.firstFragment, track.id, budgets);
  } catch (error) {
    if (error instanceof MalformedVideo) return undefined;
    throw error;
  }
}

/** Measures a track whose samples `moov` describes. */
export function measureProgressive(context: TrackContext): Measurement {
  const { track } = context;
  const tally = newTally(context);
  const isComplete = tallyProgressive(track, tally, progressiveOptions(context));
  const { ticks, claimedTicks } = tally;
  const isEveryFrameSeen = isComplete;
  const count: Count = { tally, ticks, seenTicks: ticks, claimedTicks, isComplete, isEveryFrameSeen, isCut: false };
  return measurementOf(context, count, false);
}

/** Measures a track whose samples lie in movie fragments, or that promises fragments which do not come. */
export async function measureFragmented(context: TrackContext): Promise<Measurement> {
  const start = await findStart(context);
  if (start === 'cut') return { ...measureProgressive(context), isCut: true };
  if (start === undefined) return measureProgressive(context);
  const index = await findIndex(context, start);
  const byIndex = index === undefined ? undefined : await measureByIndex(context, index);
  return byIndex ?? walkAll(context, start.firstFragment);
}
