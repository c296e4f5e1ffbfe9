import type { NoticeRow } from './notice-row.ts';

/** More rows than this make a page that no phone opens; the rest goes into the next batch of the same day. */
export const maxRowsOfNotice = 1000;
/**
 * More lines of its tables than this make a page of more than 4 MB; a reply of more than 6 MB never reaches a reader.
 */
export const maxLinesOfNotice = 10_000;

/** How many lines of the annex's table a row takes: one for each of its items. */
function linesOf(row: NoticeRow): number {
  return row.kind === 'unit' ? Math.max(1, row.items.length) : 1;
}

/** Cuts rows, in their order, into notices that can be read. A row that is too long by itself is a notice of its own. */
export function cutIntoNotices<T extends { row: NoticeRow }>(rows: readonly T[]): T[][] {
  const notices: T[][] = [];
  let lines = 0;
  for (const each of rows) {
    const current = notices.at(-1);
    lines += linesOf(each.row);
    if (current !== undefined && current.length < maxRowsOfNotice && lines <= maxLinesOfNotice) {
      current.push(each);
      continue;
    }
    notices.push([each]);
    lines = linesOf(each.row);
  }
  return notices;
}
