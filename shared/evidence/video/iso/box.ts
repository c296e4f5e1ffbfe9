import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import { type ByteView, MalformedVideo } from '../byte-view.ts';

/** Bytes of the longest box header: size, type, 64-bit size. */
export const BOX_HEADER_BYTES = 16;

export interface BoxHeader {
  readonly type: string;
  readonly headerBytes: number;
  /** Header included, as declared: maybe far more than there is. Infinity: to the end of what holds the box. */
  readonly size: number;
}

/** A box that lies whole in memory. */
export interface Box {
  readonly type: string;
  readonly body: ByteView;
}

/**
 * Reads a box header (ISO/IEC 14496-12, 4.2): size 1 means a 64-bit size follows, size 0 means to the end.
 * @throws MalformedVideo when the box would be smaller than its own header, or has no printable type
 */
export function readBoxHeader(view: ByteView, at: number): BoxHeader {
  const size32 = view.u32(at);
  const type = view.fourcc(at + 4);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) throw new MalformedVideo('a box without a printable type');
  if (size32 === 0) return { type, headerBytes: 8, size: Number.POSITIVE_INFINITY };
  const headerBytes = size32 === 1 ? 16 : 8;
  const size = size32 === 1 ? view.u64(at + 8) : size32;
  if (size < headerBytes) throw new MalformedVideo(`box ${type} declares ${size} bytes`);
  return { type, headerBytes, size };
}

/**
 * The boxes directly inside a box body, from offset `from`; none is entered, so depth cannot grow with the input.
 * Fewer than 8 bytes at the end are padding (QuickTime closes some lists with a zero word).
 * @throws MalformedVideo when a box reaches beyond its parent
 */
export function childBoxes(parent: ByteView, budgets: ProofBudgets, from = 0): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= parent.length; ) {
    if (boxes.length === budgets.boxesPerBox) throw new BudgetExhausted('boxesPerBox', budgets.boxesPerBox);
    const { type, headerBytes, size } = readBoxHeader(parent, at);
    const end = size === Number.POSITIVE_INFINITY ? parent.length : at + size;
    if (end > parent.length) {
      throw new MalformedVideo(`box ${type} of ${size} bytes in a box with ${parent.length - at} left`);
    }
    boxes.push({ type, body: parent.part(at + headerBytes, end) });
    at = end;
  }
  return boxes;
}

export function findBox(boxes: readonly Box[], type: string): ByteView | undefined {
  return boxes.find((box) => box.type === type)?.body;
}

/** @throws MalformedVideo when absent */
export function requireBox(boxes: readonly Box[], type: string): ByteView {
  const body = findBox(boxes, type);
  if (body === undefined) throw new MalformedVideo(`box ${type} is missing`);
  return body;
}

/**
 * The number of entries that a table declares at `at`, once it is certain that the box holds them:
 * checked before anything is allocated or looped over.
 * @throws MalformedVideo when the box is too small for its declared entries
 */
export function entryCount(view: ByteView, at: number, entryBytes: number): number {
  const count = view.u32(at);
  if (count * entryBytes > view.length - at - 4) {
    throw new MalformedVideo(`${count} entries of ${entryBytes} bytes declared in ${view.length - at - 4} bytes`);
  }
  return count;
}
