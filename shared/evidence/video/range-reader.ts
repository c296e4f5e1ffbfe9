import { BudgetExhausted, type ProofBudgets } from './budgets.ts';
import { type RangeSource, SourceReadError } from './range-source.ts';

/** Windows up to this size stay in memory, so that what lies side by side is fetched once. */
const KEEP_BYTES = 64 * 1024;
/** Where reads take longer than this on average, time ran out because of the source and not of the video. */
const SLOW_SOURCE_MS = 500;

interface Window {
  readonly start: number;
  readonly bytes: Uint8Array;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The only way to the source: counts, limits, remembers and joins reads. */
export class RangeReader {
  readonly size: number;
  requests = 0;
  bytesRead = 0;
  readonly #source: RangeSource;
  readonly #budgets: ProofBudgets;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #windows: Window[] = [];
  #waitedMs = 0;

  constructor(source: RangeSource, budgets: ProofBudgets, now: () => number) {
    if (!Number.isSafeInteger(source.size) || source.size < 0) {
      throw new SourceReadError(`the source states the impossible size ${source.size}`);
    }
    this.#source = source;
    this.size = source.size;
    this.#budgets = budgets;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Called by long loops. */
  checkTime(): void {
    if (this.#now() - this.#startedAt <= this.#budgets.wallClockMs) return;
    if (this.requests > 0 && this.#waitedMs / this.requests > SLOW_SOURCE_MS) {
      throw new SourceReadError(`the source took ${Math.round(this.#waitedMs)} ms for ${this.requests} reads`);
    }
    throw new BudgetExhausted('wallClockMs', this.#budgets.wallClockMs);
  }

  /** Whether a read of `[start, end)` would cost nothing. */
  holds(start: number, end: number): boolean {
    return this.#windowOver(start, end) !== undefined;
  }

  /** The bytes `[start, end)`, which must lie inside the object; fetches on to `readAheadTo` when it must fetch at all. */
  async read(start: number, end: number, readAheadTo: number = end): Promise<Uint8Array> {
    if (start < 0 || end < start || end > this.size) throw new RangeError(`read ${start}-${end} of ${this.size}`);
    if (start === end) return new Uint8Array(0);
    const held = this.#windowOver(start, end);
    if (held !== undefined) return held.bytes.subarray(start - held.start, end - held.start);
    const fetchTo = Math.min(this.size, Math.max(end, readAheadTo));
    const left = this.#windowOver(start, start + 1);
    if (left === undefined) return (await this.#fetch(start, fetchTo)).subarray(0, end - start);
    const known = left.bytes.subarray(start - left.start);
    const rest = await this.#fetch(start + known.length, fetchTo);
    const joined = new Uint8Array(known.length + rest.length);
    joined.set(known);
    joined.set(rest, known.length);
    this.#keep({ start, bytes: joined });
    return joined.subarray(0, end - start);
  }

  /** Fetches all ranges at once, those less than `joinGap` bytes apart in one request; afterwards `read` finds them. */
  async prefetch(ranges: readonly ByteRange[], joinGap: number): Promise<void> {
    const wanted = ranges
      .filter((range) => range.end > range.start && !this.holds(range.start, range.end))
      .toSorted((a, b) => a.start - b.start);
    const joined: { start: number; end: number }[] = [];
    for (const range of wanted) {
      const last = joined.at(-1);
      if (last !== undefined && range.start - last.end < joinGap && range.end - last.start <= KEEP_BYTES) {
        last.end = Math.max(last.end, range.end);
      } else {
        joined.push({ start: range.start, end: range.end });
      }
    }
    await Promise.all(joined.map((range) => this.#fetch(range.start, range.end)));
  }

  #windowOver(start: number, end: number): Window | undefined {
    return this.#windows.find((window) => window.start <= start && window.start + window.bytes.length >= end);
  }

  #keep(window: Window): void {
    if (window.bytes.length <= KEEP_BYTES) this.#windows.unshift(window);
    if (this.#windows.length > 64) this.#windows.pop();
  }

  async #fetch(start: number, end: number): Promise<Uint8Array> {
    this.checkTime();
    if (this.requests + 1 > this.#budgets.requests) throw new BudgetExhausted('requests', this.#budgets.requests);
    if (this.bytesRead + end - start > this.#budgets.bytes) throw new BudgetExhausted('bytes', this.#budgets.bytes);
    this.requests += 1;
    this.bytesRead += end - start;
    const bytes = await this.#answer(start, end);
    if (bytes.length !== end - start) {
      throw new SourceReadError(`the source gave ${bytes.length} bytes for the range ${start}-${end}`);
    }
    this.#keep({ start, bytes });
    return bytes;
  }

  async #answer(start: number, end: number): Promise<Uint8Array> {
    const askedAt = this.#now();
    const leftMs = Math.max(0, this.#startedAt + this.#budgets.wallClockMs - askedAt);
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new SourceReadError(`no answer for the range ${start}-${end} in time`)), leftMs);
    });
    try {
      return await Promise.race([this.#source.read(start, end), silence]);
    } catch (cause) {
      if (cause instanceof SourceReadError) throw cause;
      throw new SourceReadError(`reading the range ${start}-${end} failed`, { cause });
    } finally {
      clearTimeout(timer);
      this.#waitedMs += this.#now() - askedAt;
    }
  }
}
