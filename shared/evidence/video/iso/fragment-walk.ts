import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import { ByteView, MalformedVideo } from '../byte-view.ts';
import type { RangeReader } from '../range-reader.ts';
import { SAMPLE_WINDOW_BYTES } from '../sample-evidence.ts';
import { BOX_HEADER_BYTES } from './box.ts';
import { type PlacedBox, readPlacedBox } from './layout.ts';
import type { FragmentCounter } from './movie-fragment.ts';

/** Fragments as small as this are fetched many at a time. */
const SMALL_FRAGMENT_BYTES = 8 * 1024;
const MANY_FRAGMENTS_BYTES = 64 * 1024;

/** Why a walk ended: at its goal, because the caller had enough, at a box cut off by the end of the object, at what is no box. */
export type WalkEnd = 'end' | 'enough' | 'cut' | 'broken';

/** Hops from box to box over fragments, fetching each `moof` together with the beginning of its first sample. */
export class FragmentWalk {
  readonly #reader: RangeReader;
  readonly #budgets: ProofBudgets;
  readonly #sampleBytes: number;
  #windowBytes: number;
  #boxes = 0;
  #indexBytes = 0;
  #lastFragmentAt: number | null = null;

  /** `sampleBytes`: how much of each fragment's first sample is fetched with it. */
  constructor(reader: RangeReader, budgets: ProofBudgets, sampleBytes: number = SAMPLE_WINDOW_BYTES) {
    this.#reader = reader;
    this.#budgets = budgets;
    this.#sampleBytes = sampleBytes;
    this.#windowBytes = SAMPLE_WINDOW_BYTES;
  }

  /**
   * Adds every fragment in `[from, to)`; `isEnough` is asked after each, and ends the walk where more than `leftoverBytes` remain.
   * @throws MalformedVideo when a `moof` contradicts itself
   */
  async run(
    from: number,
    to: number,
    counter: FragmentCounter,
    isEnough: () => boolean,
    leftoverBytes = 0,
  ): Promise<WalkEnd> {
    this.#lastFragmentAt = null;
    let at = from;
    let enough = false;
    while (at < to) {
      this.#boxes += 1;
      if (this.#boxes > this.#budgets.boxesAfterIndex) {
        throw new BudgetExhausted('boxesAfterIndex', this.#budgets.boxesAfterIndex);
      }
      const box = await this.#boxAt(at, to);
      if (box === undefined) return 'broken';
      if (box.type === 'mfra') return 'end';
      if (box.end > this.#reader.size && box.type !== 'mdat') return 'cut';
      if (box.type === 'moof') {
        counter.add(await this.#body(box), box.start);
        enough = isEnough();
      }
      if (box.end > this.#reader.size) return 'cut';
      at = box.end;
      if (enough && box.type !== 'moof' && to - at > leftoverBytes) return 'enough';
    }
    // A stretch that ends inside a box is not what its index says.
    return at === to ? 'end' : 'broken';
  }

  async #boxAt(at: number, to: number): Promise<PlacedBox | undefined> {
    if (this.#reader.size - at < 8) return undefined;
    try {
      const windowBytes = Math.min(this.#windowBytes, to - at);
      const box = await readPlacedBox(this.#reader, at, windowBytes);
      if (box.type === 'moof') this.#learn(box);
      return box;
    } catch (error) {
      if (error instanceof MalformedVideo) return undefined;
      throw error;
    }
  }

  /** The next fragment will be much like this one. */
  #learn(moof: PlacedBox): void {
    const distance = this.#lastFragmentAt === null ? Number.POSITIVE_INFINITY : moof.start - this.#lastFragmentAt;
    this.#lastFragmentAt = moof.start;
    const one = Math.min(moof.size * 1.25, MANY_FRAGMENTS_BYTES) + BOX_HEADER_BYTES + this.#sampleBytes;
    this.#windowBytes = distance <= SMALL_FRAGMENT_BYTES ? MANY_FRAGMENTS_BYTES : Math.ceil(one);
  }

  async #body(moof: PlacedBox): Promise<ByteView> {
    this.#indexBytes += moof.size;
    if (this.#indexBytes > this.#budgets.indexBytes) throw new BudgetExhausted('indexBytes', this.#budgets.indexBytes);
    const firstSampleEnd = moof.end + BOX_HEADER_BYTES + this.#sampleBytes;
    return new ByteView(await this.#reader.read(moof.start + moof.headerBytes, moof.end, firstSampleEnd));
  }
}
