import { ByteView, MalformedVideo } from '../byte-view.ts';
import type { RangeReader } from '../range-reader.ts';
import { SAMPLE_WINDOW_BYTES } from '../sample-evidence.ts';
import { type FragmentIndex, findRandomAccessIndex, readSegmentIndex } from './fragment-index.ts';
import { FragmentWalk } from './fragment-walk.ts';
import { type PlacedBox, readPlacedBox } from './layout.ts';
import { measureByIndex } from './measure-by-index.ts';
import {
  type Measurement,
  measurementOf,
  measureProgressive,
  newTally,
  shownTicks,
  type TrackContext,
  tallyMovie,
} from './measurement.ts';
import { FragmentCounter } from './movie-fragment.ts';

/** With fewer fragments than this in the required time, walking them all costs no more than following an index. */
const FEW_FRAGMENTS = 12.5;
/** Of more fragments than this, samples are fetched only where they are inspected. */
const MANY_FRAGMENTS = 40;
/** Once enough is proven, the walk goes on to the file's end only while it has made fewer requests than this. */
const REQUESTS_TO_THE_END = 13;
/** So few bytes after the last counted fragment hold an index at most: looking there tells that the count is whole. */
const LEFTOVER_BYTES = 2048;
const BOXES_BEFORE_FRAGMENTS = 16;

interface Start {
  readonly firstFragment: number;
  readonly segmentIndex: FragmentIndex | undefined;
}

/** An index that contradicts itself is no index; the fragments speak for themselves. */
async function ignoringMalformed<Result>(read: () => Promise<Result> | Result): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MalformedVideo) return undefined;
    throw error;
  }
}

function boxAt(reader: RangeReader, at: number): Promise<PlacedBox | undefined> {
  return ignoringMalformed(() => readPlacedBox(reader, at, SAMPLE_WINDOW_BYTES));
}

/** Looks between `moov` and the first `moof` for a segment index. */
async function findStart(context: TrackContext): Promise<Start | 'cut' | undefined> {
  const { reader, layout, track } = context;
  let segmentIndex: FragmentIndex | undefined;
  let at = layout.firstFragment ?? layout.afterMovie;
  for (let boxes = 0; boxes < BOXES_BEFORE_FRAGMENTS && at + 8 <= reader.size; boxes += 1) {
    const box = await boxAt(reader, at);
    if (box === undefined) return undefined;
    if (box.type === 'moof') return { firstFragment: at, segmentIndex };
    if (box.end > reader.size) return 'cut';
    if (box.type === 'sidx' && box.size <= context.budgets.indexBytes) {
      const body = new ByteView(await reader.read(at + box.headerBytes, box.end));
      segmentIndex ??= await ignoringMalformed(() => readSegmentIndex(body, box.end, track.id, track.timescale));
    }
    at = box.end;
  }
  return undefined;
}

/** How many fragments the required time takes, judged by the first one that has video. */
async function fragmentsToWalk(context: TrackContext, from: number): Promise<number> {
  const { reader, budgets, movie, track } = context;
  const tally = newTally(context);
  const counter = new FragmentCounter(movie, track, tally, reader.size, budgets);
  await new FragmentWalk(reader, budgets).run(from, reader.size, counter, () => tally.ticks > 0);
  const fragments = (context.requiredMs * track.timescale) / (Math.max(1, tally.ticks) * 1000);
  const tracks = movie.videoTracks.length + movie.otherHandlers.filter((handler) => handler === 'soun').length;
  // Where each track has fragments of its own, they have to be passed as well.
  return fragments * Math.max(1, Math.floor(tracks / Math.max(1, counter.tracksInFragment)));
}

/** Counts fragment after fragment, to the end of the file or, if that is far, until enough is proven. */
async function walkAll(context: TrackContext, from: number, fragments: number): Promise<Measurement> {
  const { reader, budgets, movie, track } = context;
  const tally = newTally(context);
  tallyMovie(context, tally);
  const counter = new FragmentCounter(movie, track, tally, reader.size, budgets);
  const enoughTicks = (context.requiredMs * tally.timescale) / 1000;
  const isEnough = () =>
    reader.requests >= REQUESTS_TO_THE_END && shownTicks(context, tally, tally.ticks, true) >= enoughTicks;
  const sampleBytes = fragments <= MANY_FRAGMENTS ? SAMPLE_WINDOW_BYTES : 0;
  const walk = new FragmentWalk(reader, budgets, sampleBytes);
  const end = await walk.run(from, reader.size, counter, isEnough, LEFTOVER_BYTES);
  return measurementOf(context, {
    tally,
    ticks: tally.ticks,
    seenTicks: tally.ticks,
    claimedTicks: tally.claimedTicks,
    isComplete: end !== 'enough',
    isEveryFrameSeen: true,
    isCut: tally.missing > 0 || end === 'cut' || end === 'broken',
    isFragmented: true,
  });
}

/** Measures a track whose samples lie in movie fragments, or that promises fragments which do not come. */
export async function measureFragmented(context: TrackContext): Promise<Measurement> {
  const start = await findStart(context);
  if (start === undefined) return measureProgressive(context);
  if (start === 'cut') return { ...measureProgressive(context), isCut: true };
  const { firstFragment, segmentIndex } = start;
  const fragments = await fragmentsToWalk(context, firstFragment);
  const { reader, track, budgets } = context;
  const index =
    segmentIndex === undefined && fragments > FEW_FRAGMENTS
      ? await ignoringMalformed(() => findRandomAccessIndex(reader, firstFragment, track.id, budgets))
      : segmentIndex;
  const byIndex = index === undefined ? undefined : await ignoringMalformed(() => measureByIndex(context, index));
  return byIndex ?? walkAll(context, firstFragment, fragments);
}
