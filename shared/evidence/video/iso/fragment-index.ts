import type { ProofBudgets } from '../budgets.ts';
import { ByteView, MalformedVideo } from '../byte-view.ts';
import type { RangeReader } from '../range-reader.ts';
import { childBoxes, entryCount, readBoxHeader } from './box.ts';

/** A stretch of a fragmented file as an index describes it: a claim until it has been walked. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Ticks of the track's clock before it and in it. */
  readonly at: number;
  readonly ticks: number;
}

/** The index of a fragmented file: `sidx` or `mfra`. */
export interface FragmentIndex {
  readonly kind: 'sidx' | 'mfra';
  readonly segments: readonly Segment[];
}

/** What is fetched of a file's end in search of `mfra`; it holds some 400 entries. */
const TAIL_BYTES = 8192;
const MFRO_BYTES = 16;
const MAX_SEGMENTS = 100_000;

/** Ticks of another clock in ticks of the track's. */
function scaled(ticks: number, from: number, to: number): number {
  return from === to ? ticks : Math.round((ticks / from) * to);
}

/**
 * Reads a segment index (`sidx`, ISO/IEC 14496-12, 8.16.3) that ends at `end`.
 * Undefined when it is for another track, points to further indexes, or lists one fragment only (as where each has its own).
 */
export function readSegmentIndex(
  sidx: ByteView,
  end: number,
  trackId: number,
  timescale: number,
): FragmentIndex | undefined {
  const wide = sidx.u8(0) !== 0;
  const clock = sidx.u32(8);
  const countAt = wide ? 30 : 22;
  const count = sidx.u16(countAt);
  if (count * 12 > sidx.length - countAt - 2) throw new MalformedVideo(`sidx declares ${count} references`);
  if (sidx.u32(4) !== trackId || clock === 0 || count < 2) return undefined;
  const segments: Segment[] = [];
  let start = end + (wide ? sidx.u64(20) : sidx.u32(16));
  let elapsed = 0;
  for (let index = 0; index < count; index += 1) {
    const at = countAt + 2 + index * 12;
    const reference = sidx.u32(at);
    if (reference >= 0x80000000) return undefined;
    const from = scaled(elapsed, clock, timescale);
    elapsed += sidx.u32(at + 4);
    segments.push({ start, end: start + reference, at: from, ticks: scaled(elapsed, clock, timescale) - from });
    start += reference;
  }
  return { kind: 'sidx', segments };
}

/** Times and places of fragments from a `tfra`, ascending. */
function readEntries(tfra: ByteView): { time: number; place: number }[] {
  const wide = tfra.u8(0) === 1;
  const lengths = tfra.u32(8);
  const numberBytes = ((lengths >> 4) & 3) + ((lengths >> 2) & 3) + (lengths & 3) + 3;
  const entryBytes = (wide ? 16 : 8) + numberBytes;
  const count = entryCount(tfra, 12, entryBytes);
  if (count > MAX_SEGMENTS) return [];
  const entries: { time: number; place: number }[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 16 + index * entryBytes;
    const entry = wide
      ? { time: tfra.u64(at), place: tfra.u64(at + 8) }
      : { time: tfra.u32(at), place: tfra.u32(at + 4) };
    const last = entries.at(-1);
    if (last?.place === entry.place) continue;
    if (last !== undefined && (entry.place < last.place || entry.time <= last.time)) return [];
    entries.push(entry);
  }
  return entries;
}

/**
 * Looks for the random access index (`mfra`, 8.8.9) at the end of the object, where fragments begin at `firstFragment`.
 * Undefined when there is none, it does not begin there, or it lists one fragment only. The last segment's length is
 * unknown to this index and left 0.
 */
export async function findRandomAccessIndex(
  reader: RangeReader,
  firstFragment: number,
  trackId: number,
  budgets: ProofBudgets,
): Promise<FragmentIndex | undefined> {
  if (reader.size < firstFragment + MFRO_BYTES) return undefined;
  const tailStart = Math.max(firstFragment, reader.size - TAIL_BYTES);
  const tail = new ByteView(await reader.read(tailStart, reader.size));
  if (tail.fourcc(tail.length - 12) !== 'mfro') return undefined;
  const start = reader.size - tail.u32(tail.length - 4);
  if (start <= firstFragment || reader.size - start > budgets.indexBytes || reader.size - start < 8) return undefined;
  // The tail is at hand already; only what lies before it is fetched.
  const head = start < tailStart ? await reader.read(start, tailStart) : new Uint8Array(0);
  const whole = new ByteView(Buffer.concat([head, tail.part(Math.max(0, start - tailStart)).bytes]));
  const header = readBoxHeader(whole, 0);
  if (header.type !== 'mfra' || header.size !== whole.length) return undefined;
  for (const { type, body } of childBoxes(whole.part(header.headerBytes), budgets)) {
    if (type !== 'tfra' || body.u32(4) !== trackId) continue;
    const entries = readEntries(body);
    const first = entries[0];
    if (first === undefined || first.place !== firstFragment || entries.length < 2) return undefined;
    const segments = entries.map(({ time, place }, index): Segment => {
      const next = entries[index + 1];
      return {
        start: place,
        end: next?.place ?? start,
        at: time - first.time,
        ticks: next === undefined ? 0 : next.time - time,
      };
    });
    return { kind: 'mfra', segments };
  }
  return undefined;
}
