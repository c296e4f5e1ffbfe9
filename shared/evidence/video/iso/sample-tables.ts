import type { ProofBudgets } from '../budgets.ts';
import { BudgetExhausted } from '../budgets.ts';
import { type ByteView, MalformedVideo } from '../byte-view.ts';
import { type Box, entryCount, findBox, requireBox } from './box.ts';

/** Walks a run-length table (`stts`, `ctts`): pairs of a count and a value, one sample at a time. */
export class RunCursor {
  readonly #table: ByteView | undefined;
  readonly #entries: number;
  readonly #beyond: number;
  #entry = 0;
  #left = 0;
  #value = 0;

  /** `beyond`: the value for samples that the table leaves out. */
  constructor(table: ByteView | undefined, beyond: number) {
    this.#table = table;
    this.#entries = table === undefined ? 0 : entryCount(table, 4, 8);
    this.#beyond = beyond;
  }

  /** The next sample's value as the 32 bits in the table, signed. */
  next(): number {
    while (this.#left === 0 && this.#table !== undefined && this.#entry < this.#entries) {
      this.#left = this.#table.u32(8 + this.#entry * 8);
      this.#value = this.#table.i32(12 + this.#entry * 8);
      this.#entry += 1;
    }
    if (this.#left === 0) return this.#beyond;
    this.#left -= 1;
    return this.#value;
  }
}

/** Walks the ascending sample numbers of `stss`; without the table every sample is a key frame. */
export class SyncCursor {
  readonly #table: ByteView | undefined;
  readonly #entries: number;
  #entry = 0;

  constructor(table: ByteView | undefined) {
    this.#table = table;
    this.#entries = table === undefined ? 0 : entryCount(table, 4, 4);
  }

  /** `sample` counts from 1 and only ever grows. */
  isKey(sample: number): boolean {
    if (this.#table === undefined) return true;
    while (this.#entry < this.#entries && this.#table.u32(8 + this.#entry * 4) < sample) this.#entry += 1;
    return this.#entry < this.#entries && this.#table.u32(8 + this.#entry * 4) === sample;
  }
}

/** Sample sizes of `stsz` or `stz2`. */
export interface SizeTable {
  readonly count: number;
  /** `sample` counts from 0. */
  sizeOf(sample: number): number;
}

function readSizes(boxes: readonly Box[]): SizeTable {
  const stsz = findBox(boxes, 'stsz');
  if (stsz !== undefined) {
    const constant = stsz.u32(4);
    // The count of samples of one size is bounded by no box: the chunks bound it, and the budget.
    if (constant !== 0) return { count: stsz.u32(8), sizeOf: () => constant };
    return { count: entryCount(stsz, 8, 4), sizeOf: (sample) => stsz.u32(12 + sample * 4) };
  }
  const stz2 = requireBox(boxes, 'stz2');
  const bits = stz2.u8(7);
  if (bits !== 4 && bits !== 8 && bits !== 16) throw new MalformedVideo(`sample sizes of ${bits} bits`);
  const count = entryCount(stz2, 8, bits / 8);
  if (bits === 16) return { count, sizeOf: (sample) => stz2.u16(12 + sample * 2) };
  if (bits === 8) return { count, sizeOf: (sample) => stz2.u8(12 + sample) };
  return { count, sizeOf: (sample) => (stz2.u8(12 + (sample >> 1)) >> (sample % 2 === 0 ? 4 : 0)) & 15 };
}

export interface Chunk {
  readonly offset: number;
  /** Samples by the table; the last chunk of a track may hold fewer. */
  readonly samples: number;
  /** Counts from 0. */
  readonly description: number;
}

/** Chunks of `stco` or `co64` with their runs of `stsc`. */
export class ChunkTable {
  readonly count: number;
  readonly #offsets: ByteView;
  readonly #wide: boolean;
  readonly #runs: ByteView;
  readonly #runCount: number;

  constructor(boxes: readonly Box[], budgets: ProofBudgets) {
    const stco = findBox(boxes, 'stco');
    this.#wide = stco === undefined;
    this.#offsets = stco ?? requireBox(boxes, 'co64');
    this.count = entryCount(this.#offsets, 4, this.#wide ? 8 : 4);
    if (this.count > budgets.chunks) throw new BudgetExhausted('chunks', budgets.chunks);
    this.#runs = requireBox(boxes, 'stsc');
    this.#runCount = entryCount(this.#runs, 4, 12);
    if (this.count > 0 && (this.#runCount === 0 || this.#runs.u32(8) !== 1)) {
      throw new MalformedVideo('stsc does not begin with the first chunk');
    }
  }

  *[Symbol.iterator](): Generator<Chunk> {
    let run = -1;
    let nextRunAt = 1;
    for (let chunk = 1; chunk <= this.count; chunk += 1) {
      while (chunk >= nextRunAt) {
        run += 1;
        const following = run + 1 < this.#runCount ? this.#runs.u32(8 + (run + 1) * 12) : Number.POSITIVE_INFINITY;
        if (following <= nextRunAt && run > 0) throw new MalformedVideo('stsc is not ascending');
        nextRunAt = following;
      }
      const offset = this.#wide ? this.#offsets.u64(chunk * 8) : this.#offsets.u32(4 + chunk * 4);
      yield {
        offset,
        samples: this.#runs.u32(12 + run * 12),
        description: this.#runs.u32(16 + run * 12) - 1,
      };
    }
  }
}

/** The sample table of a track (`stbl`), every count held against its box. */
export interface SampleTables {
  readonly sizes: SizeTable;
  readonly chunks: ChunkTable;
  readonly durations: () => RunCursor;
  readonly shifts: () => RunCursor;
  readonly keys: () => SyncCursor;
}

/** @throws MalformedVideo when a table is missing or declares more entries than its box holds */
export function readSampleTables(boxes: readonly Box[], budgets: ProofBudgets): SampleTables {
  const stts = requireBox(boxes, 'stts');
  const ctts = findBox(boxes, 'ctts');
  const stss = findBox(boxes, 'stss');
  const tables: SampleTables = {
    sizes: readSizes(boxes),
    chunks: new ChunkTable(boxes, budgets),
    durations: () => new RunCursor(stts, 0),
    shifts: () => new RunCursor(ctts, 0),
    keys: () => new SyncCursor(stss),
  };
  // Built once here so that a lying count shows even in a table that no sample would reach.
  tables.durations();
  tables.shifts();
  tables.keys();
  return tables;
}
