import type { CalendarDate } from '../calendar-date.ts';
import { yearOf } from '../calendar-date.ts';
import type { Certificate } from '../contract.ts';
import { digits } from '../digits.ts';
import type { Edition } from '../edition.ts';
import type { LineRule } from '../rule.ts';
import { everyRoute, fail, pass } from '../rule.ts';
import { withoutWhiteSpace } from '../white-space.ts';

/** 附件4: which of the ten places of a completion certificate's number is wrong. */
type CodeFault = 'length' | 'place' | 'district' | 'fixed' | 'year' | 'serial';

const FAULT_TERMS: Readonly<Record<CodeFault, string>> = {
  length: '不是10位',
  place: '第一位不是本市简称',
  district: '第二位不是大写英文字母',
  fixed: '第三位不是固定位P',
  year: '第四、五位不是核发年份的后两位',
  serial: '第六至十位不是流水号（00001至99999）',
};

/**
 * What is wrong with the number of a completion certificate (培训合格证书编号) issued on a date, written without white
 * space; undefined where it follows annex 4, such as `温AP2000001` in 2020.
 */
export function codeFault(code: string, issuedOn: CalendarDate, edition: Edition): CodeFault | undefined {
  const { fixed, place } = edition.figures.certificateCode;
  if (code.length !== 10) return 'length';
  if (!code.startsWith(place)) return 'place';
  if (!isCapitalLetter(code.charCodeAt(1))) return 'district';
  if (!code.startsWith(fixed, 2)) return 'fixed';
  if (code.slice(3, 5) !== issuedOn.slice(2, 4)) return 'year';
  // Five digits from 00001; what is no number is not above 0.
  return digits(code, 5, 5) > 0 ? undefined : 'serial';
}

function isCapitalLetter(code: number): boolean {
  return code >= 65 && code <= 90;
}

export const certificateCode: LineRule = {
  level: 'line',
  id: 'certificate.code',
  title: '培训合格证书编码',
  article: '附件4',
  file: 'provisions/annex-4-certificate-codes.ts',
  words: [
    '培训合格证书由10位组成，第一位，温州市的简称，第二位，以英文顺序代表市本级或所辖县（市、区），每个地方的代表英文字母由市里确定；第三位为固定位“P”，代表培训；第四、五位代表年份后两位；第六—十位为参加职业技能培训人员的流水号。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ claim, counting }) {
    if (counting?.kind !== 'training-completion') return undefined;
    const code = withoutWhiteSpace(counting.number);
    const year = yearOf(counting.issuedOn);
    const fault = codeFault(code, counting.issuedOn, claim.edition);
    if (fault === undefined) return pass('培训合格证书编号符合编码规则（附件4）', { number: code, year });
    // The number is left out: people enter identity numbers here.
    return fail(
      `培训合格证书编号${FAULT_TERMS[fault]}，应形如${example(counting, claim.edition)}，请核对证书（附件4）`,
      {
        length: code.length,
        year,
        fault,
      },
    );
  },
};

function example({ issuedOn }: Certificate, edition: Edition): string {
  const { fixed, place } = edition.figures.certificateCode;
  return `${place}A${fixed}${issuedOn.slice(2, 4)}00001`;
}
