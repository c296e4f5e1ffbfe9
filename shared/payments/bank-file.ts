import { stringify } from 'csv-stringify/sync';

/** One row of the bank file. */
export interface BankFileRow {
  reference: string;
  holder: string;
  bank: string;
  account: string;
  /** Fen. */
  fen: number;
  purpose: string;
}

export const bankFileColumns = ['序号', '转账编号', '收款人', '开户行', '账号', '金额（元）', '用途'] as const;

/** Fen as yuan with exactly two decimals, without grouping: `123456` is `1234.56`. */
export function yuanText(fen: number): string {
  return `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/**
 * The file that goes to the bank (代发文件): CSV in UTF-8 with a byte-order mark, one row per transfer in the order of
 * the references, so that one batch always gives the same bytes. Cells that a spreadsheet would take for a formula
 * begin with an apostrophe.
 */
export function bankFile(rows: readonly BankFileRow[]): string {
  const ordered = rows.toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
  const cells = ordered.map((row, index) => [
    String(index + 1),
    row.reference,
    row.holder,
    row.bank,
    row.account,
    yuanText(row.fen),
    row.purpose,
  ]);
  return stringify([[...bankFileColumns], ...cells], { bom: true, record_delimiter: 'windows', escape_formulas: true });
}
