import { taughtClass } from '../claim-facts.ts';
import type { ClaimRule, LineRule } from '../rule.ts';
import { constant, fail, pass, refer } from '../rule.ts';

/** 一(六): trainees pay nothing. */
export const applicantFreeOfCharge: ClaimRule = {
  level: 'claim',
  id: 'applicant.free-of-charge',
  title: '免费培训',
  article: '一(六)',
  file: 'provisions/1-6-entrepreneurship.ts',
  words: ['创业培训直接补贴开展创业培训的高等院校或职业培训机构，培训对象免费参加培训。'],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: (route) => route.programme === 'entrepreneurship',
  evaluate({ applicant }) {
    const { chargedTrainees } = applicant;
    const facts = { chargedTrainees };
    if (chargedTrainees === undefined) {
      return refer('未说明是否向学员收费，创业培训须免费，请提交未收费的说明，由受理部门核实（一(六)）', facts);
    }
    if (chargedTrainees) return fail('已向学员收费，创业培训须由学员免费参加，不予补贴（一(六)）', facts);
    return pass('学员免费参加创业培训（一(六)）', facts);
  },
};

/** 一(六): IYB is mainly (主要) for founders who hold a business licence. */
export const entrepreneurshipLicence: LineRule = {
  level: 'line',
  id: 'entrepreneurship.licence',
  title: '营业执照',
  article: '一(六)',
  file: 'provisions/1-6-entrepreneurship.ts',
  words: ['IYB(改善你的企业)培训(主要针对已经领取营业执照的创业者)'],
  correctable: false,
  outcomes: ['pass', 'refer'],
  concerns: (route) => route.programme === 'entrepreneurship',
  evaluate({ claim, status }) {
    if (taughtClass(claim).subject !== 'IYB') return undefined;
    return status.businessLicence === true ? LICENSED : NOT_LICENSED;
  },
};

const LICENSED = constant(pass('学员已领取营业执照，符合IYB培训对象（一(六)）', { businessLicence: true }));
const NOT_LICENSED = constant(
  refer('IYB培训主要针对已领取营业执照的创业者，未见该学员的营业执照，请补充执照信息，由受理部门核定（一(六)）', {
    businessLicence: false,
  }),
);
