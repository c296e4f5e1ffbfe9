import type { LineFacts } from '../line-facts.ts';
import type { LineRule } from '../rule.ts';
import { constant, fail, pass, refer } from '../rule.ts';
import { isIssuedInTerm } from './1-1-2-1-personal-claims.ts';
import { isAcceptedIssuer } from './5-2-certificate-issuers.ts';

const FILE = 'provisions/1-4-apprenticeship.ts';

/**
 * 取得培训合格证书和职业资格证书的，按补贴标准支付: whether the line's qualification certificate earns the full rate,
 * that is, it would itself be accepted by issuer (五(二)) and by date (一(一)2(1)).
 */
export function earnsFullRate({ claim, qualification }: LineFacts): boolean {
  return qualification !== undefined && isAcceptedIssuer(qualification) && isIssuedInTerm(qualification, claim.edition);
}

/** 一(四): the figure that the subsidy is computed from. */
export const apprenticeFigures: LineRule = {
  level: 'line',
  id: 'apprentice.figures',
  title: '学徒费用数据',
  article: '一(四)',
  file: FILE,
  words: [
    '职工学徒每人每年实际培训费低于4000元的，按实补贴',
    '学生学徒补贴金额按学徒月实习津贴标准确定，每人每年的补贴标准不高于3000元',
  ],
  correctable: false,
  outcomes: ['pass', 'refer'],
  concerns: ({ programme }) => programme === 'apprenticeship',
  evaluate({ apprentice, trainingYear }) {
    if (apprentice === 'student') {
      const { allowanceFen } = trainingYear;
      if (allowanceFen === undefined) return NO_ALLOWANCE;
      return pass('已提供学生学徒的年度实习津贴（一(四)）', { kind: 'student', allowanceFen });
    }
    const { actualCostFen } = trainingYear;
    if (actualCostFen === undefined) return NO_COST;
    return pass('已提供职工学徒的年度实际培训费（一(四)）', { kind: 'employee', actualCostFen });
  },
};

const NO_ALLOWANCE = constant(
  refer('未提供学生学徒的年度实习津贴，暂不能计算补贴，请补充津贴凭证（一(四)）', {
    kind: 'student',
  }),
);
const NO_COST = constant(
  refer('未提供职工学徒的年度实际培训费，暂不能计算补贴，请补充票据（一(四)）', { kind: 'employee' }),
);

/** 一(四): after training, a labour contract of a year or more, and social insurance. */
export const apprenticeStudentContract: LineRule = {
  level: 'line',
  id: 'apprentice.student-contract',
  title: '学生学徒劳动合同和社会保险',
  article: '一(四)',
  file: FILE,
  words: [
    '培训后企业未与实习学徒签订劳动合同和缴纳社会保险费的不予补贴。',
    '属于学生学徒的，应提供企业支付给学生的全部津贴凭证，与实习企业签订的一年以上劳动合同和参加社会保险登记证明。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: ({ programme }) => programme === 'apprenticeship',
  evaluate({ apprentice, claim, trainingYear }) {
    if (apprentice !== 'student') return undefined;
    const required = claim.edition.figures.apprenticeship.studentContractMonths;
    const { contractMonths, socialInsured } = trainingYear;
    const facts = { contractMonths, required, socialInsured };
    if (contractMonths !== undefined && contractMonths < required) {
      return fail(
        `与学生学徒签订的劳动合同为${contractMonths}个月，少于${required}个月，差${required - contractMonths}个月，不予补贴（一(四)）`,
        facts,
      );
    }
    if (socialInsured === false) return fail('企业未为学生学徒缴纳社会保险费，不予补贴（一(四)）', facts);
    if (contractMonths === undefined || socialInsured === undefined) {
      const unknown = [
        ...(contractMonths === undefined ? ['劳动合同期限'] : []),
        ...(socialInsured === undefined ? ['社会保险缴纳情况'] : []),
      ].join('、');
      return refer(`未提供学生学徒的${unknown}，请补充证明，由受理部门核实（一(四)）`, facts);
    }
    return pass('已与学生学徒签订一年以上劳动合同并缴纳社会保险费（一(四)）', facts);
  },
};
