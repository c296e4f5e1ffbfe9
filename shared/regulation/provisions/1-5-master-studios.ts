import { claimingStudio, taughtClass } from '../claim-facts.ts';
import { STUDIO_HOST_TERMS } from '../contract.ts';
import type { ClaimRule } from '../rule.ts';
import { fail, pass, refer } from '../rule.ts';

/** 一(五): studios that a school or a training institution hosts are left out. */
export const applicantStudio: ClaimRule = {
  level: 'claim',
  id: 'applicant.studio',
  title: '大师工作室依托单位',
  article: '一(五)',
  file: 'provisions/1-5-master-studios.ts',
  words: ['以师带徒培训是指县级以上技能大师工作室(不含依托院校、职业培训机构建立的工作室，以下简称“大师工作室”)'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: (route) => route.programme === 'master-apprentice',
  evaluate(claim) {
    const { hostKind, level } = claimingStudio(claim);
    const facts = { level, hostKind };
    if (hostKind === 'college' || hostKind === 'training-institution') {
      return fail(
        `大师工作室依托${STUDIO_HOST_TERMS[hostKind]}建立，不属于以师带徒补贴对象，不能申领（一(五)）`,
        facts,
      );
    }
    return pass('大师工作室不是依托院校、职业培训机构建立的（一(五)）', facts);
  },
};

/** 一(五), 一(六): how many are taught at a time; 一般 leaves more to an officer. */
export const classSize: ClaimRule = {
  level: 'claim',
  id: 'class.size',
  title: '班级人数',
  article: '一(五), 一(六)',
  file: 'provisions/1-5-master-studios.ts',
  words: ['以师带徒培训每期带徒人数一般不超过 10 人', '一般每班不超过 50 人'],
  correctable: false,
  outcomes: ['pass', 'refer'],
  concerns: (route) => route.programme === 'entrepreneurship' || route.programme === 'master-apprentice',
  evaluate(claim) {
    const { edition, route } = claim;
    const { enrolled } = taughtClass(claim);
    const studio = route.programme === 'master-apprentice';
    const limit = studio ? edition.figures.masterApprentice.classSize : edition.figures.entrepreneurship.classSize;
    const facts = { enrolled, limit };
    if (enrolled <= limit) return pass('培训人数未超过一般限额（一(五)、一(六)）', facts);
    const article = studio ? '一(五)' : '一(六)';
    return refer(
      `培训人数${enrolled}人，超过一般不超过的${limit}人，多出${enrolled - limit}人，请说明原因，由受理部门核定（${article}）`,
      facts,
    );
  },
};

/** 一(五): batches (期) a year. */
export const classBatches: ClaimRule = {
  level: 'claim',
  id: 'class.batches',
  title: '每年带徒期数',
  article: '一(五)',
  file: 'provisions/1-5-master-studios.ts',
  words: ['以师带徒培训每期带徒人数一般不超过 10 人, 每年不超过 4 期。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: (route) => route.programme === 'master-apprentice',
  evaluate(claim) {
    const { batchOfYear } = claimingStudio(claim);
    const limit = claim.edition.figures.masterApprentice.batchesPerYear;
    const facts = { batchOfYear, limit };
    if (batchOfYear <= limit) return pass('带徒期数未超过每年限额（一(五)）', facts);
    return fail(`本期为当年第${batchOfYear}期，每年不超过${limit}期，本期不予补贴，请安排至下一年度（一(五)）`, facts);
  },
};
