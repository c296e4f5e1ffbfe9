import { parse } from 'csv-parse/sync';
import { showsIdentityNumber, showsPersonalNumber } from '../access/personal-numbers.ts';
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

// Serial numbers of digits alone look like a card's one time in ten; only an identity number is never one.
/** 4 to 64 letters, digits and hyphens, as banks number their transfers; and nobody's identity number. */
function isSerial(serial: string): boolean {
  return /^[A-Za-z0-9-]{4,64}$/.test(serial) && !showsIdentityNumber(serial);
}

/**
 * Reads a receipts file: CSV with the columns 转账编号, 结果 (成功, 退回 or 未知), 银行流水号 and 原因, in any order. Good
 * rows are given back although others are bad; each bad one is named by its row. Rows that say different things of one
 * transfer are all bad: which of them is true only the bank knows.
 * @throws DomainError `validation-failed` when it is no such file at all.
 */
export function readReceipts(file: string): { receipts: Receipt[]; problems: Problem[] } {
  const readings = readRows(file).map(({ row, cells }) => readRow(row, cells));
  const sameTransfer = Map.groupBy(readings, ({ reference }) => reference);
  const receipts: Receipt[] = [];
  const problems: Problem[] = [];
  for (const { row, reference, result, receipt, problem } of readings) {
    const others = (sameTransfer.get(reference) ?? []).filter((other) => other.row !== row);
    const different = others.filter((other) => other.result !== result);
    const earlier = others.find((other) => other.row < row && other.receipt !== undefined);
    const say = (message: string) => problems.push({ path: `file.row[${row}]`, message: `第${row}行：${message}` });
    if (receipt === undefined) say(problem);
    else if (different.length > 0) {
      const rows = different.map((other) => other.row).join('、');
      say(`与第${rows}行对同一转账编号的结果不一致，均未登记，请与银行核实后只保留一行`);
    } else if (earlier !== undefined) say(`与第${earlier.row}行的转账编号重复，请核对`);
    else receipts.push(receipt);
  }
  return { receipts, problems };
}

/** One row of the file: what it says, or what is wrong with it. */
type Reading = { row: number; reference: string; result: string } & (
  | { receipt: Receipt; problem?: undefined }
  | { receipt?: undefined; problem: string }
);

function readRow(row: number, cells: Cells): Reading {
  const reference = (cells['转账编号'] ?? '').replace(/^'/, '');
  const result = cells['结果'] ?? '';
  const word = Object.hasOwn(words, result) ? words[result] : undefined;
  const bankSerial = cells['银行流水号'] ?? '';
  const wrong = (problem: string): Reading => ({ row, reference, result, problem });
  if (!/^JP[0-9A-Z]{20}$/.test(reference)) return wrong('转账编号格式不对，请按代发文件中的编号填写');
  if (word === undefined) return wrong('结果应为“成功”“退回”或“未知”');
  if (word === 'paid' && bankSerial === '') return wrong('成功的转账须填写银行流水号');
  if (bankSerial !== '' && !isSerial(bankSerial)) {
    return wrong('银行流水号应为4至64位字母、数字或短横线，且不能是身份证号码，请核对');
  }
  const receipt = { row, reference, word, bankSerial, reason: quotable(cells['原因'] ?? '') };
  return { row, reference, result, receipt };
}

type Cells = Record<string, string>;

/** The rows with their place in the file as a spreadsheet counts: the header is row 1, a blank line is a row. */
function readRows(file: string): { row: number; cells: Cells }[] {
  const refuse = (message: string) => new DomainError('validation-failed', message, [{ path: 'body.file', message }]);
  let rows: { record: Cells; info: { records: number; empty_lines: number } }[];
  try {
    rows = parse(file, {
      bom: true,
      columns: true,
      trim: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
      info: true,
    }) as unknown as typeof rows;
  } catch {
    throw refuse('回执文件不是有效的CSV，请从网上银行重新导出后上传');
  }
  if (rows.length === 0) throw refuse('回执文件没有内容，请检查是否选错文件');
  if (rows.length > mostReceipts) throw refuse(`回执文件有${rows.length}行，一次最多${mostReceipts}行，请分批上传`);
  const missing = receiptColumns.filter((column) => !Object.hasOwn(rows[0]?.record ?? {}, column));
  if (missing.length > 0) throw refuse(`回执文件缺少这些列：${missing.join('、')}`);
  return rows.map(({ record, info }) => ({ row: info.records + info.empty_lines + 1, cells: record }));
}
