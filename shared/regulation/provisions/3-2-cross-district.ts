import { taughtClass } from '../claim-facts.ts';
import type { ClaimRule } from '../rule.ts';
import { fail, pass, refer } from '../rule.ts';
import { countsAsInstitution } from './5-3-institutions.ts';

/** 三(二): where a training institution may teach follows from who approved it. */
export const filingCrossDistrict: ClaimRule = {
  level: 'claim',
  id: 'filing.cross-district',
  title: '跨区域培训',
  article: '三(二)',
  file: 'provisions/3-2-cross-district.ts',
  words: [
    '经市人社保部门审核批准或项目备案的职业培训机构，按有关规定在市区范围内开展招生培训活动；经区级人社保部门审核批准或项目备案的职业培训机构，允许在所在区范围内开展招生培训活动。跨区域开展招生培训的，需经培训所在地人社保部门同意后方可申请开班备案，并接受其监督。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: (route) => route.hasClass,
  evaluate(claim) {
    const { applicant, edition, route } = claim;
    if (!countsAsInstitution(applicant, route)) return undefined;
    const classDistrict = taughtClass(claim).district;
    const { approval } = applicant;
    const facts = { approval, classDistrict };
    if (approval === undefined) {
      return refer('未见培训机构的审核批准或项目备案，请补充批准文件，由受理部门核实（三(二)）', facts);
    }
    if (approval.level === 'city') {
      if (edition.isUrban(classDistrict)) return pass('市级批准的培训机构在市区范围内培训（三(二)）', facts);
      return fail(
        `培训机构经市级批准，只能在市区范围内培训，本班在${edition.nameOf(classDistrict)}，不予补贴（三(二)）`,
        facts,
      );
    }
    if (approval.district === classDistrict) return pass('区级批准的培训机构在所在区范围内培训（三(二)）', facts);
    if (approval.crossDistrictConsent === true) {
      return pass('跨区域培训已经培训所在地人力社保部门同意（三(二)）', facts);
    }
    return fail(
      `培训机构经${edition.nameOf(approval.district)}批准，本班在${edition.nameOf(classDistrict)}，跨区域培训未经培训所在地人力社保部门同意，请先取得同意（三(二)）`,
      facts,
    );
  },
};
