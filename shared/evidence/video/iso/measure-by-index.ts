import type { FrameTally } from '../frame-tally.ts';
import { placesInMs } from '../sampling-plan.ts';
import type { FragmentIndex, Segment } from './fragment-index.ts';
import { FragmentWalk } from './fragment-walk.ts';
import { readPlacedBox } from './layout.ts';
import { type Measurement, measurementOf, newTally, type TrackContext, tallyMovie } from './measurement.ts';
import { FragmentCounter } from './movie-fragment.ts';

/** An index counts from when pictures show and not from when they are decoded: as many frames as coders reorder, either way. */
const TOLERANCE_FRAMES = 8;

/** A segment of an index after it was walked. */
interface WalkedSegment {
  readonly segment: Segment;
  /** Counted in it. */
  readonly ticks: number;
  readonly frames: number;
  /** Its place on the track's clock by its own word (`tfdt`), null where it has none. */
  readonly decodeTime: number | null;
}

/**
 * The segments to walk, after `base` ticks that `moov` described: those at the places of the fingerprint, the last one of the required time and of the file, the longest,
 * and the one with the fewest bytes for its time, so that an index has to be true where lying would pay most.
 */
function segmentsToWalk(segments: readonly Segment[], context: TrackContext, base: number): Segment[] {
  const ticks = (ms: number) => Math.floor((ms * context.track.timescale) / 1000) - base;
  const places = [...placesInMs(context.requiredMs).map(ticks), ticks(context.requiredMs) - 1];
  const chosen = new Set(places.map((place) => segments.findLast((segment) => segment.at <= place)));
  const timed = segments.filter((segment) => segment.ticks > 0);
  const bytesPerTick = (segment: Segment) => (segment.end - segment.start) / segment.ticks;
  chosen.add(timed.toSorted((a, b) => b.ticks - a.ticks)[0]);
  chosen.add(timed.toSorted((a, b) => bytesPerTick(a) - bytesPerTick(b))[0]);
  chosen.add(segments[0]);
  chosen.add(segments.at(-1));
  return [...chosen].filter((segment) => segment !== undefined).toSorted((a, b) => a.at - b.at);
}

function differs(one: number, other: number, { ticks, frames }: WalkedSegment): boolean {
  return Math.abs(one - other) > (TOLERANCE_FRAMES * ticks) / frames;
}

/** Walks the given segments; undefined when one is not as its index says. */
async function walkSegments(
  context: TrackContext,
  tally: FrameTally,
  segments: readonly Segment[],
): Promise<WalkedSegment[] | undefined> {
  const { movie, track, reader, budgets } = context;
  const counter = new FragmentCounter(movie, track, tally, reader.size, budgets);
  const walk = new FragmentWalk(reader, budgets);
  const base = tally.ticks;
  const walked: WalkedSegment[] = [];
  for (const segment of segments) {
    const start = base + segment.at;
    tally.jumpTo(start);
    counter.forgetDecodeTime();
    const framesBefore = tally.frames;
    const isEnough = () => segment.ticks > 0 && tally.ticks - start >= segment.ticks;
    const end = await walk.run(segment.start, segment.end, counter, isEnough);
    const result = {
      segment,
      ticks: tally.ticks - start,
      frames: tally.frames - framesBefore,
      decodeTime: counter.decodeTime,
    };
    if ((end !== 'end' && end !== 'enough') || result.frames === 0) return undefined;
    if (segment.ticks > 0 && differs(result.ticks, segment.ticks, result)) return undefined;
    walked.push(result);
  }
  return walked;
}

function sumOfTicks(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.ticks, 0);
}

/**
 * Ticks between two walked segments. The fragments' own clock decides, because indexes round; undefined when the index tells
 * another story.
 */
function ticksBetween(one: WalkedSegment, other: WalkedSegment): number | undefined {
  const indexed = other.segment.at - one.segment.at - one.segment.ticks;
  if (one.decodeTime === null || other.decodeTime === null) return indexed;
  const timed = other.decodeTime - one.decodeTime - one.ticks;
  return differs(timed, indexed, one) ? undefined : Math.max(0, timed);
}

const FRAGMENT_BOXES: ReadonlySet<string> = new Set(['moof', 'sidx', 'styp', 'emsg', 'prft']);

/** Whether more fragments follow than the index knows. */
async function isPartial({ reader }: TrackContext, { segments }: FragmentIndex): Promise<boolean> {
  const end = segments.at(-1)?.end ?? 0;
  if (end + 8 > reader.size) return false;
  const box = await readPlacedBox(reader, end, 0);
  return FRAGMENT_BOXES.has(box.type);
}

/** Measures by an index; undefined when it does not prove true where it is walked. */
export async function measureByIndex(context: TrackContext, index: FragmentIndex): Promise<Measurement | undefined> {
  const present = index.segments.filter((segment) => segment.end <= context.reader.size);
  if (present.length === 0 || (await isPartial(context, index))) return undefined;
  const tally = newTally(context);
  tallyMovie(context, tally);
  const base = tally.ticks;
  const walked = await walkSegments(context, tally, segmentsToWalk(present, context, base));
  if (walked === undefined) return undefined;
  const seenTicks = base + walked.reduce((sum, { ticks }) => sum + ticks, 0);
  let ticks = seenTicks;
  for (const [position, one] of walked.entries()) {
    const other = walked[position + 1];
    const between = other === undefined ? 0 : ticksBetween(one, other);
    if (between === undefined) return undefined;
    ticks += between;
  }
  return measurementOf(context, {
    tally,
    ticks,
    seenTicks,
    claimedTicks: Math.max(ticks, base + sumOfTicks(index.segments)),
    isComplete: true,
    isEveryFrameSeen: walked.length === present.length,
    isCut: present.length < index.segments.length,
    isFragmented: true,
  });
}
