import { parse } from 'csv-parse/sync';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import type { InsuranceSubsidy } from './shared-record.ts';

const columns = ['身份证号', '年度', '凭证号'] as const;

/** More rows than this would not be imported within one request. */
export const mostSubsidies = 1000;

/** The insurance's own number of a payment. */
export const subsidyReference = /^[A-Za-z0-9-]{1,60}$/;

function refuse(message: string): DomainError {
  return new DomainError('validation-failed', message, [{ path: 'body.file', message }]);
}

/** The text of a file as spreadsheets save it: UTF-8 with or without its mark, or GB 18030. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/**
 * Reads the insurance's list of paid subsidies (失业保险技能提升补贴清单): CSV with the columns 身份证号, 年度 and 凭证号,
 * in any order.
 * @throws DomainError `validation-failed` that names every wrong row, or says that this is no such file
 */
export function readSubsidies(bytes: Uint8Array): InsuranceSubsidy[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(textOf(bytes), {
      bom: true,
      columns: true,
      trim: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
    });
  } catch {
    throw refuse('文件不是有效的CSV，请从原表另存为CSV后上传');
  }
  if (rows.length === 0) throw refuse('文件没有内容，请检查是否选错文件');
  if (rows.length > mostSubsidies) throw refuse(`文件有${rows.length}行，一次最多${mostSubsidies}行，请分批上传`);
  const missing = columns.filter((column) => !Object.hasOwn(rows[0] ?? {}, column));
  if (missing.length > 0) throw refuse(`文件缺少这些列：${missing.join('、')}`);
  const problems: Problem[] = [];
  const subsidies = rows.map((cells, index): InsuranceSubsidy => {
    const row = index + 1;
    const say = (column: string, message: string) =>
      problems.push({ path: `body.file.row[${row}].${column}`, message: `第${row}行${message}` });
    const year = (cells['年度'] ?? '').replace(/年$/, '');
    // A leading apostrophe is how spreadsheets keep a number as text.
    const reference = (cells['凭证号'] ?? '').replace(/^'/, '');
    if (!/^20\d\d$/.test(year)) say('年度', '年度应为四位年份，例如 2021');
    if (!subsidyReference.test(reference)) say('凭证号', '凭证号只能含字母、数字和短横线');
    return { idNumber: cells['身份证号'] ?? '', year: Number(year), reference };
  });
  if (problems.length > 0) {
    throw new DomainError('validation-failed', `有${problems.length}处错误，本次未导入任何记录。`, problems);
  }
  return subsidies;
}
