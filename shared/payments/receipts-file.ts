import { parse } from 'csv-parse/sync';
import { showsPersonalNumber } from '../access/personal-numbers.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import type { BankWord } from './transfer.ts';

/** What the bank says of one transfer (回执). */
export interface Receipt {
  /** The row in the file, the header being row 1. */
  row: number;
  reference: string;
  word: BankWord;
  /** 银行流水号 */
  bankSerial: string;
  reason: string;
}

export const receiptColumns = ['转账编号', '结果', '银行流水号', '原因'] as const;

const words: Readonly<Record<string, BankWord>> = { 成功: 'paid', 退回: 'bounced', 未知: 'unknown' };

// Some banks repeat the payee's account here; the reason goes on record with the line.
function quotable(reason: string): string {
  return showsPersonalNumber(reason) ? '银行所填原因含个人号码，未收录，详见回执原件' : reason;
}

/** More rows than this would not be settled within one request. */
export const mostReceipts = 2000;

/**
 * Reads a receipts file: CSV with the columns 转账编号, 结果 (成功, 退回 or 未知), 银行流水号 and 原因, in any order. Good
 * rows are given back although others are bad; each bad one is named by its row.
 * @throws DomainError `validation-failed` when it is no such file at all.
 */
export function readReceipts(file: string): { receipts: Receipt[]; problems: Problem[] } {
  const rows = readRows(file);
  const receipts: Receipt[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  rows.forEach((cells, index) => {
    const row = index + 2;
    const reference = (cells['转账编号'] ?? '').replace(/^'/, '');
    const word = words[cells['结果'] ?? ''];
    const say = (message: string) => problems.push({ path: `file.row[${row}]`, message: `第${row}行：${message}` });
    const earlier = seen.get(reference);
    if (!/^JP[0-9A-Z]{20}$/.test(reference)) say('转账编号格式不对，请按代发文件中的编号填写');
    else if (word === undefined) say('结果应为“成功”“退回”或“未知”');
    else if (word === 'paid' && cells['银行流水号'] === '') say('成功的转账须填写银行流水号');
    else if (earlier !== undefined) say(`与第${earlier}行的转账编号重复，请核对`);
    else {
      seen.set(reference, row);
      receipts.push({
        row,
        reference,
        word,
        bankSerial: cells['银行流水号'] ?? '',
        reason: quotable(cells['原因'] ?? ''),
      });
    }
  });
  return { receipts, problems };
}

function readRows(file: string): Record<string, string>[] {
  const refuse = (message: string) => new DomainError('validation-failed', message, [{ path: 'body.file', message }]);
  let rows: Record<string, string>[];
  try {
    rows = parse(file, { bom: true, columns: true, trim: true, skip_empty_lines: true, max_record_size: 10_000 });
  } catch {
    throw refuse('回执文件不是有效的CSV，请从网上银行重新导出后上传');
  }
  if (rows.length === 0) throw refuse('回执文件没有内容，请检查是否选错文件');
  if (rows.length > mostReceipts) throw refuse(`回执文件有${rows.length}行，一次最多${mostReceipts}行，请分批上传`);
  const missing = receiptColumns.filter((column) => !Object.hasOwn(rows[0] ?? {}, column));
  if (missing.length > 0) throw refuse(`回执文件缺少这些列：${missing.join('、')}`);
  return rows;
}
