import { addMonths, daysBetween, isPastMonths, isWithinMonths } from '../calendar-date.ts';
import { taughtClass } from '../claim-facts.ts';
import type { LineRule } from '../rule.ts';
import { constant, fail, pass, refer } from '../rule.ts';

/** 一(三)1: newly hired (新录用员工): trained, and passed, within so many months of signing the labour contract. */
export const preJobContract: LineRule = {
  level: 'line',
  id: 'pre-job.contract',
  title: '劳动合同签订期限',
  article: '一(三)1',
  file: 'provisions/1-3-1-new-employees.ts',
  words: ['对新录用员工且在劳动合同签订之日起12个月内'],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: ({ programme, route }) => programme === 'pre-job' && route === 'enterprise',
  evaluate({ claim, counting, status }) {
    const { startsOn, endsOn } = taughtClass(claim);
    const { contractSignedOn } = status;
    const months = claim.edition.figures.preJob.contractMonths;
    if (contractSignedOn === undefined) return NO_CONTRACT;
    const passedOn = claim.edition.parameters.preJobPassedBy === 'certificate' ? counting?.issuedOn : undefined;
    const facts = { contractSignedOn, startsOn, endsOn, passedOn, months };
    if (contractSignedOn > startsOn) {
      return fail(
        `劳动合同${contractSignedOn}签订，晚于开班日期${startsOn}，培训时尚未录用，不予补贴（一(三)1）`,
        facts,
      );
    }
    const last = addMonths(contractSignedOn, months);
    // A class that ends before it starts is for class.dates to judge, not for the term of the contract.
    if (isPastMonths(endsOn, contractSignedOn, months)) {
      return fail(
        `劳动合同${contractSignedOn}签订，岗前培训须在${last}前完成，培训班${endsOn}结束，超过${daysBetween(last, endsOn)}日，不予补贴（一(三)1）`,
        facts,
      );
    }
    if (passedOn !== undefined && !isWithinMonths(passedOn, contractSignedOn, months)) {
      return fail(
        `劳动合同${contractSignedOn}签订，须在${contractSignedOn}至${last}间考核合格，证书核发日期为${passedOn}，不予补贴（一(三)1）`,
        facts,
      );
    }
    return pass('岗前培训在劳动合同签订之日起规定期限内完成（一(三)1）', facts);
  },
};

const NO_CONTRACT = constant(
  refer('未提供劳动合同签订日期，无法确认属于新录用员工，请补充劳动合同信息（一(三)1）', {}),
);
