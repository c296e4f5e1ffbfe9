import { canonicalIdentityNumber, type IdentityFault, readIdentityNumber } from '../regulation/identity-number.ts';
import type { RosterLine } from './line-record.ts';

/** What will become a finding if it stays: told when the roster comes in, while it is easy to mend. */
export interface RosterWarning {
  lineId: string;
  path: string;
  message: string;
}

const faults: Readonly<Record<IdentityFault, string>> = {
  length: '身份证号码不是18位，请按身份证重新填写',
  characters: '身份证号码含有数字和末位X以外的字符，请按身份证重新填写',
  'birth-date': '身份证号码中的出生日期不存在，请按身份证重新填写',
  'check-digit': '身份证号码末位校验码不符，请逐位核对身份证',
};

// A spreadsheet keeps 15 significant digits: a longer number typed into a numeric cell ends in zeros.
const lostDigits = /^\d{15}000$/;
const oldNumber = /^\d{15}$/;

function faultOf(number: string): string | undefined {
  const reading = readIdentityNumber(number);
  if (reading.valid) return undefined;
  if (reading.fault === 'check-digit' && lostDigits.test(number))
    return 'Excel 已破坏身份证号码末3位，请把该列设为文本格式后按身份证重填';
  if (oldNumber.test(number)) return '15位身份证号码已停用，请按现行身份证填写18位号码';
  return faults[reading.fault];
}

/** Warnings of a roster, in its order: broken identity numbers, blank names, people who stand in it twice. */
export function rosterWarnings(lines: readonly RosterLine[]): RosterWarning[] {
  const firstOf = new Map<string, number>();
  return lines.flatMap((line, index) => {
    const warn = (field: string, message: string) => ({ lineId: line.id, path: `lines[${index}].${field}`, message });
    const found: RosterWarning[] = [];
    if (line.name.trim() === '') found.push(warn('name', '姓名为空，请填写学员姓名'));
    const number = canonicalIdentityNumber(line.idNumber);
    const fault = faultOf(number);
    if (fault !== undefined) found.push(warn('idNumber', fault));
    const earlier = firstOf.get(number);
    if (earlier === undefined) firstOf.set(number, index);
    else
      found.push(
        warn('idNumber', `与第${earlier + 1}行是同一身份证号码，职业（工种）和等级没有不同的，后一行不予补贴`),
      );
    return found;
  });
}
