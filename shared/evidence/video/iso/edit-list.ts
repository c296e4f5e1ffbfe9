import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import type { ByteView } from '../byte-view.ts';
import { entryCount } from './box.ts';

/** One entry of an edit list (ISO/IEC 14496-12, 8.6.6): which part of the media is shown, in which order. */
export interface Edit {
  /** In ticks of the movie; 0 in a fragmented file means to the end. */
  readonly segmentTicks: number;
  /** Start in ticks of the media; negative for an empty edit, which only delays. */
  readonly mediaTime: number;
  /** 1 is normal speed, 0 a frozen picture. */
  readonly rate: number;
}

export function readEditList(elst: ByteView, budgets: ProofBudgets): Edit[] {
  const wide = elst.u8(0) === 1;
  const entryBytes = wide ? 20 : 12;
  const count = entryCount(elst, 4, entryBytes);
  if (count > budgets.edits) throw new BudgetExhausted('edits', budgets.edits);
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * entryBytes;
    return {
      segmentTicks: wide ? elst.u64(at) : elst.u32(at),
      mediaTime: wide ? elst.i64(at + 8) : elst.i32(at + 4),
      rate: elst.i16(at + entryBytes - 4) + elst.u16(at + entryBytes - 2) / 65_536,
    };
  });
}

/** What an edit list is held against, in ticks of the media. */
export interface MediaSpan {
  /** When the first picture shows and the last one ends. */
  readonly from: number;
  readonly to: number;
  readonly mediaTimescale: number;
  readonly movieTimescale: number;
  /** The last edit runs to the end, as in fragmented files, whose length was unknown when it was written. */
  readonly openEnded: boolean;
}

interface Shown {
  readonly from: number;
  readonly to: number;
  /** Ticks of presentation for one tick of media, at most 1. */
  readonly weight: number;
}

function shownBy(edit: Edit, open: boolean, span: MediaSpan): Shown {
  const movieTick = span.mediaTimescale / span.movieTimescale;
  const length = open ? Number.POSITIVE_INFINITY : Math.ceil(edit.segmentTicks * movieTick * edit.rate);
  const end = edit.mediaTime + length;
  // The movie's clock is coarser than the media's: an end within one movie tick of the media's end is that end.
  const to = Math.abs(end - span.to) <= movieTick ? span.to : Math.min(end, span.to);
  return { from: Math.max(edit.mediaTime, span.from), to, weight: 1 / Math.max(1, edit.rate) };
}

/**
 * Ticks of the span that the edit list leaves out. What several edits show counts once, a frozen picture and a delay not at all,
 * and a part played faster counts for the time that it takes.
 */
export function trimmedTicks(edits: readonly Edit[], span: MediaSpan): number {
  const whole = Math.max(0, span.to - span.from);
  if (edits.length === 0) return 0;
  const playing = edits.filter((edit) => edit.mediaTime >= 0 && edit.rate > 0);
  const shown = playing
    .map((edit, index) =>
      shownBy(edit, (span.openEnded && index === playing.length - 1) || edit.segmentTicks === 0, span),
    )
    .toSorted((a, b) => a.from - b.from);
  let kept = 0;
  let reached = span.from;
  for (const part of shown) {
    const from = Math.max(part.from, reached);
    if (part.to > from) kept += (part.to - from) * part.weight;
    reached = Math.max(reached, part.to);
  }
  return Math.max(0, whole - Math.floor(kept));
}
