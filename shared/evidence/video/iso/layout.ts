import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import { ByteView, MalformedVideo } from '../byte-view.ts';
import type { ByteRange, RangeReader } from '../range-reader.ts';
import { BOX_HEADER_BYTES, type BoxHeader, readBoxHeader } from './box.ts';

/** The first read. With most phone clips it holds the whole index or its beginning; an adapter may fetch it on opening. */
export const FIRST_READ_BYTES = 32 * 1024;
/** What is fetched where a box header is looked for after a jump. */
const HEADER_WINDOW_BYTES = 8 * 1024;

/** A top-level box and where it lies. */
export interface PlacedBox extends BoxHeader {
  readonly start: number;
  /** As declared: maybe beyond the object; the object's size for a box that runs to the end. */
  readonly end: number;
}

/** Where the parts of a file lie, found by hopping from box header to box header. */
export interface IsoLayout {
  /** Major brand of `ftyp`, null for old QuickTime files without one. */
  readonly brand: string | null;
  readonly hasMedia: boolean;
  /** The body of `moov`. */
  readonly movie: ByteRange | null;
  readonly indexFirst: boolean;
  readonly firstFragment: number | null;
  /** Where a fragmented file goes on after its `moov`. */
  readonly afterMovie: number;
  /** The first box that declares more bytes than the object has, if the walk met one. */
  readonly cut: { readonly type: string; readonly declaredEnd: number } | null;
}

/** @throws MalformedVideo when what lies at `at` is no box */
export async function readPlacedBox(reader: RangeReader, at: number, windowBytes: number): Promise<PlacedBox> {
  const headerEnd = Math.min(reader.size, at + BOX_HEADER_BYTES);
  const head = new ByteView(await reader.read(at, headerEnd, at + windowBytes));
  const header = readBoxHeader(head, 0);
  const end = header.size === Number.POSITIVE_INFINITY && head.u32(0) === 0 ? reader.size : at + header.size;
  return { ...header, start: at, end };
}

async function brandOf(reader: RangeReader, box: PlacedBox): Promise<string | null> {
  const at = box.start + box.headerBytes;
  if (at + 4 > Math.min(box.end, reader.size)) return null;
  return new ByteView(await reader.read(at, at + 4)).fourcc(0);
}

/**
 * Walks top-level boxes up to `moov`.
 * @throws BudgetExhausted when `moov` does not come within the budget of boxes
 * @throws MalformedVideo when the walk meets what is no box
 */
export async function findMovie(reader: RangeReader, budgets: ProofBudgets): Promise<IsoLayout> {
  const found = {
    brand: null as string | null,
    hasMedia: false,
    movie: null as ByteRange | null,
    indexFirst: true,
    firstFragment: null as number | null,
    afterMovie: reader.size,
    cut: null as IsoLayout['cut'],
  };
  let boxes = 0;
  for (let at = 0; at < reader.size; ) {
    boxes += 1;
    if (boxes > budgets.boxesBeforeIndex) throw new BudgetExhausted('boxesBeforeIndex', budgets.boxesBeforeIndex);
    if (reader.size - at < 8) throw new MalformedVideo(`${reader.size - at} stray bytes at the end`);
    const box = await readPlacedBox(reader, at, at === 0 ? FIRST_READ_BYTES : HEADER_WINDOW_BYTES);
    if (box.type === 'ftyp') found.brand = await brandOf(reader, box);
    if (box.type === 'mdat') found.hasMedia = true;
    if (box.type === 'moof') found.firstFragment ??= at;
    if (box.end > reader.size) return { ...found, cut: { type: box.type, declaredEnd: box.end } };
    if (box.type === 'moov') {
      const movie = { start: at + box.headerBytes, end: box.end };
      return { ...found, movie, indexFirst: !found.hasMedia, afterMovie: box.end };
    }
    at = box.end;
  }
  return found;
}
