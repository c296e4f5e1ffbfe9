/** What one proof may cost at most. Everything is counted by {@link RangeReader} or the loops that name it. */
export interface ProofBudgets {
  /** Bytes read from the source. */
  readonly bytes: number;
  /** Ranged reads. */
  readonly requests: number;
  /** Bytes of one index: `moov`, or all `moof` boxes together. */
  readonly indexBytes: number;
  /** Top-level boxes before the index. */
  readonly boxesBeforeIndex: number;
  /** Top-level boxes after the index of a fragmented file. */
  readonly boxesAfterIndex: number;
  /** Boxes directly inside one box. */
  readonly boxesPerBox: number;
  /** Samples looked at. Two hours at 240 frames per second are 1.7 million. */
  readonly samples: number;
  /** Chunks of one track. */
  readonly chunks: number;
  /** Chunks of one track that is not laid out in ascending order, where finding overlaps needs a sort. */
  readonly unorderedChunks: number;
  /** Entries of one edit list. */
  readonly edits: number;
  /** Milliseconds from start to end, the waiting for the source included. */
  readonly wallClockMs: number;
}

export const DEFAULT_BUDGETS: ProofBudgets = {
  bytes: 64 * 1024 * 1024,
  requests: 700,
  indexBytes: 40 * 1024 * 1024,
  boxesBeforeIndex: 64,
  boxesAfterIndex: 50_000,
  boxesPerBox: 4096,
  samples: 2_000_000,
  chunks: 1_000_000,
  unorderedChunks: 200_000,
  edits: 10_000,
  wallClockMs: 20_000,
};

/** A budget ran out: the verdict `too-costly`. Never leaves the prover. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted';
  readonly budget: keyof ProofBudgets;

  constructor(budget: keyof ProofBudgets, limit: number) {
    super(`budget ${budget} of ${limit} exhausted`);
    this.budget = budget;
  }
}
