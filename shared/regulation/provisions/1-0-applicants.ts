import { routeTerm } from '../claim-facts.ts';
import type { Applicant } from '../contract.ts';
import { APPLICANT_KIND_TERMS } from '../contract.ts';
import type { ApplicantCondition, RouteDefinition } from '../edition.ts';
import type { ClaimRule } from '../rule.ts';
import { everyRoute, fail, pass } from '../rule.ts';
import { countsAsInstitution } from './5-3-institutions.ts';

/** 一, 五(三): each route has its applicants, and some of them a condition. */
export const applicantKind: ClaimRule = {
  level: 'claim',
  id: 'applicant.kind',
  title: '申领主体',
  article: '一, 五(三)',
  file: 'provisions/1-0-applicants.ts',
  words: [
    '补贴给开展技能人才自主评价实施企业(或行业协会)，开展职业技能等级认定试点企业',
    '对本企业职工开展项目制培训的规模以上企业、当地政府确定的重点产业所列企业和相关特定企业',
    '受行业主管部门委托承办项目制培训的培训机构',
    '在我市依法注册登记具有独立法人资格的企业',
    '创业培训直接补贴开展创业培训的高等院校或职业培训机构',
  ],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ applicant, route }) {
    const condition = route.condition === undefined ? undefined : CONDITIONS[route.condition];
    const facts = { kind: applicant.kind, accepted: route.applicants, ...condition?.facts(applicant) };
    if (!isAcceptedKind(applicant, route)) {
      const accepted = route.applicants.map((kind) => APPLICANT_KIND_TERMS[kind]).join('、');
      const college =
        applicant.kind === 'college' && route.collegeAsInstitution
          ? '；高等院校须先经人力社保部门审批或备案，方可作为职业培训机构申领'
          : '';
      return fail(
        `申领主体为${APPLICANT_KIND_TERMS[applicant.kind]}，${routeTerm(route)}只接受${accepted}${college}，请由符合条件的主体申领或改选申领途径（一、五(三)）`,
        facts,
      );
    }
    if (condition?.isMet(applicant) === false) return fail(condition.missing, facts);
    return pass('申领主体的类型和条件符合该申领途径的规定（一、五(三)）', facts);
  },
};

function isAcceptedKind(applicant: Applicant, route: RouteDefinition): boolean {
  return (
    route.applicants.includes(applicant.kind) ||
    (route.applicants.includes('training-institution') && countsAsInstitution(applicant, route))
  );
}

/** What a route asks of its applicant beyond the kind. */
interface Condition {
  isMet(applicant: Applicant): boolean;
  facts(applicant: Applicant): Record<string, unknown>;
  readonly missing: string;
}

const CONDITIONS: Readonly<Record<ApplicantCondition, Condition>> = {
  'self-evaluation': {
    isMet: ({ selfEvaluation }) => selfEvaluation === true,
    facts: ({ selfEvaluation }) => ({ selfEvaluation }),
    missing: '申领主体未登记为技能人才自主评价实施单位或职业技能等级认定试点企业，请补充认定文件后申领（一(一)2(2)）',
  },
  trait: {
    isMet: ({ traits }) => traits !== undefined && traits.length > 0,
    facts: ({ traits }) => ({ traits }),
    missing: '企业未列入规模以上企业、重点产业所列企业或相关特定企业，请补充认定依据后申领（一(二)2(1)）',
  },
  'legal-person': {
    isMet: ({ independentLegalPerson }) => independentLegalPerson === true,
    facts: ({ independentLegalPerson }) => ({ independentLegalPerson }),
    missing: '企业未具备独立法人资格或未注明，请由依法注册登记的独立法人企业申领（一(三)1）',
  },
};
