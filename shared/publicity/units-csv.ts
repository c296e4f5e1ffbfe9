import { stringify } from 'csv-stringify/sync';
import { type Column, unitColumns } from './annex-columns.ts';
import type { NoticeDocument, PublishedUnit } from './notice-document.ts';
import type { NoticeRowItem } from './notice-row.ts';

/** A figure without the grouping of print: 1,340.50 is 1340.50. */
function cellText(column: Column<PublishedUnit>, text: string): string {
  return column.look === 'n' ? text.replaceAll(',', '') : text;
}

/**
 * One published unit, a line for each of its items. What belongs to the whole row is repeated, so that every line says
 * whose it is; but a figure of the whole row stands in its first line only, so that a column can be summed.
 */
function unitLines(row: PublishedUnit, columns: readonly Column<PublishedUnit>[]): string[][] {
  const none: NoticeRowItem = { heads: 0, amountFen: 0 };
  const byItem = columns.some((column) => 'ofItem' in column) && row.items.length > 0;
  return (byItem ? row.items : [none]).map((item, index) =>
    columns.map((column) => {
      if ('ofItem' in column) return cellText(column, column.ofItem(item, row));
      return column.look === 'n' && index > 0 ? '' : cellText(column, column.ofRow(row));
    }),
  );
}

/**
 * The units of a notice with their heads and amounts (拟补贴明细表（单位）) for a spreadsheet: the columns of the printed annex,
 * CSV in UTF-8 with a byte-order mark. Cells that a spreadsheet would take for a formula begin with an apostrophe, as in
 * the bank file. Nothing of any person is in it.
 */
export function unitsCsv(document: NoticeDocument): string {
  const rows = document.annexes.flatMap((annex) => (annex.kind === 'units' ? annex.rows : []));
  const columns = unitColumns(document.programme, rows);
  const lines = [columns.map(({ label }) => label), ...rows.flatMap((row) => unitLines(row, columns))];
  return stringify(lines, { bom: true, record_delimiter: 'windows', escape_formulas: true });
}
