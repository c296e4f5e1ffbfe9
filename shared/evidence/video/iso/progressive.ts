import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import type { FrameTally } from '../frame-tally.ts';
import { mainDescription, type VideoTrack } from './movie.ts';
import { readSampleTables, type SampleTables } from './sample-tables.ts';

/** How often long loops look at the clock. */
const SAMPLES_PER_CLOCK_LOOK = 65_536;

export interface ProgressiveOptions {
  readonly objectSize: number;
  readonly budgets: ProofBudgets;
  readonly checkTime: () => void;
}

interface Extents {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly ascending: boolean;
}

/** Where each chunk begins and ends, and whether they follow each other without overlap. */
function chunkExtents({ sizes, chunks }: SampleTables, options: ProgressiveOptions): Extents {
  const starts = new Float64Array(chunks.count);
  const ends = new Float64Array(chunks.count);
  let ascending = true;
  let reached = 0;
  let sample = 0;
  let chunkIndex = 0;
  const limit = Math.min(sizes.count, options.budgets.samples);
  for (const chunk of chunks) {
    let end = chunk.offset;
    for (const last = Math.min(limit, sample + chunk.samples); sample < last; sample += 1) {
      end += sizes.sizeOf(sample);
      if (sample % SAMPLES_PER_CLOCK_LOOK === 0) options.checkTime();
    }
    starts[chunkIndex] = chunk.offset;
    ends[chunkIndex] = end;
    if (end > chunk.offset) {
      ascending &&= chunk.offset >= reached;
      reached = Math.max(reached, end);
    }
    chunkIndex += 1;
  }
  return { starts, ends, ascending };
}

/**
 * Marks chunks whose bytes another chunk uses too: of each cluster of overlapping chunks all but the first in playing order.
 * Undefined where all chunks ascend, which is how nearly every file is laid out.
 */
function sharedChunks({ starts, ends, ascending }: Extents, budgets: ProofBudgets): Uint8Array | undefined {
  if (ascending) return undefined;
  if (starts.length > budgets.unorderedChunks) throw new BudgetExhausted('unorderedChunks', budgets.unorderedChunks);
  const shared = new Uint8Array(starts.length);
  const startOf = (chunk: number) => starts[chunk] ?? 0;
  const endOf = (chunk: number) => ends[chunk] ?? 0;
  const order = Uint32Array.from(starts, (_, chunk) => chunk)
    .filter((chunk) => endOf(chunk) > startOf(chunk))
    .toSorted((a, b) => startOf(a) - startOf(b) || a - b);
  let first = -1;
  let reached = Number.NEGATIVE_INFINITY;
  for (const chunk of order) {
    if (startOf(chunk) >= reached) {
      first = chunk;
    } else if (chunk < first) {
      shared[first] = 1;
      first = chunk;
    } else {
      shared[chunk] = 1;
    }
    reached = Math.max(reached, endOf(chunk));
  }
  return shared;
}

/**
 * Adds the samples that `moov` itself describes. False: counting stopped early, with more than the required span counted.
 * @throws MalformedVideo when the tables lie about their own size
 * @throws BudgetExhausted when there are more samples than anybody records in hours, and too little was counted by then
 */
export function tallyProgressive(track: VideoTrack, tally: FrameTally, options: ProgressiveOptions): boolean {
  const tables = readSampleTables(track.sampleTable, options.budgets);
  const shared = sharedChunks(chunkExtents(tables, options), options.budgets);
  const durations = tables.durations();
  const shifts = tables.shifts();
  const keys = tables.keys();
  let sample = 0;
  let chunkIndex = 0;
  for (const chunk of tables.chunks) {
    const description = track.descriptions[chunk.description] ?? mainDescription(track);
    const isOurs = description.selfContained && shared?.[chunkIndex] !== 1;
    chunkIndex += 1;
    let offset = chunk.offset;
    for (const last = Math.min(tables.sizes.count, sample + chunk.samples); sample < last; sample += 1) {
      if (sample % SAMPLES_PER_CLOCK_LOOK === 0) options.checkTime();
      if (sample >= options.budgets.samples) {
        if (tally.coversSpan) return false;
        throw new BudgetExhausted('samples', options.budgets.samples);
      }
      const size = tables.sizes.sizeOf(sample);
      tally.add({
        offset,
        size,
        duration: plausibleDuration(durations.next()),
        shift: shifts.next(),
        isKey: keys.isKey(sample + 1),
        isPresent: isOurs && offset + size <= options.objectSize,
        description,
      });
      offset += size;
    }
  }
  return true;
}

/** Durations are unsigned; what would be negative is a defect of some recorders and stands for no time. */
function plausibleDuration(value: number): number {
  return Math.max(0, value);
}
