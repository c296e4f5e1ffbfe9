import { describe, expect, test } from 'vitest';
import type { ApplicantKind } from '../../../shared/regulation/contract.ts';
import { APPLICANT_KIND_TERMS } from '../../../shared/regulation/contract.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

/** Section 3 of the rules, typed from it and not taken from the routes table. */
const ACCEPTED: Readonly<Record<string, readonly ApplicantKind[]>> = {
  'qualification/agency': ['training-institution'],
  'qualification/individual': ['individual'],
  'qualification/competition': ['individual'],
  'qualification/enterprise': ['enterprise', 'industry-association'],
  'qualification/college': ['college'],
  'project/enterprise': ['enterprise'],
  'project/contractor': ['training-institution', 'hr-service', 'other-contractor'],
  'project/college': ['college'],
  'pre-job/enterprise': ['enterprise'],
  'pre-job/domestic-service': ['training-institution'],
  'apprenticeship/enterprise': ['enterprise'],
  'master-apprentice/studio': ['master-studio'],
  'entrepreneurship/provider': ['college', 'training-institution'],
};

const KINDS = Object.keys(APPLICANT_KIND_TERMS) as ApplicantKind[];
const cells = ROUTE_NAMES.flatMap((route) => KINDS.map((kind) => ({ route, kind })));

describe('applicant.kind', () => {
  test.each(cells)('applicant.kind: $kind on $route', ({ route, kind }) => {
    const request = sampleRequest(route, { applicant: { kind, approval: undefined } });
    expect(outcomeOn(request, 'applicant.kind')).toBe(ACCEPTED[route]?.includes(kind) === true ? 'pass' : 'fail');
  });

  test.each(ROUTE_NAMES)('applicant.kind: a college with an approval on %s', (route) => {
    const asInstitution = ['qualification/agency', 'project/contractor', 'pre-job/domestic-service'].includes(route);
    const request = sampleRequest(route, {
      applicant: { kind: 'college', approval: { level: 'city', district: 'city' } },
    });
    const accepted = asInstitution || ACCEPTED[route]?.includes('college') === true;
    expect(outcomeOn(request, 'applicant.kind')).toBe(accepted ? 'pass' : 'fail');
  });

  test('applicant.kind: a college without approval is told that one is needed, where it could count', () => {
    const message = (route: RouteName) =>
      findingOn(sampleRequest(route, { applicant: { kind: 'college', approval: undefined } }), 'applicant.kind')
        ?.message;
    expect(message('qualification/agency')).toBe(
      '申领主体为高等院校，职业资格培训（机构代为申报）只接受职业培训机构；高等院校须先经人力社保部门审批或备案，方可作为职业培训机构申领，请由符合条件的主体申领或改选申领途径（一、五(三)）',
    );
    expect(message('master-apprentice/studio')).not.toContain('高等院校须先');
  });

  test.each([
    ['qualification/enterprise', { selfEvaluation: true }, 'pass'],
    ['qualification/enterprise', { selfEvaluation: false }, 'fail'],
    ['qualification/enterprise', { selfEvaluation: undefined }, 'fail'],
    ['qualification/enterprise', { kind: 'industry-association', selfEvaluation: true }, 'pass'],
    ['qualification/enterprise', { kind: 'industry-association', selfEvaluation: false }, 'fail'],
    ['project/enterprise', { traits: ['above-scale'] }, 'pass'],
    ['project/enterprise', { traits: ['key-industry'] }, 'pass'],
    ['project/enterprise', { traits: ['trade-friction'] }, 'pass'],
    ['project/enterprise', { traits: ['strategic-emerging'] }, 'pass'],
    ['project/enterprise', { traits: [] }, 'fail'],
    ['project/enterprise', { traits: undefined }, 'fail'],
    ['pre-job/enterprise', { independentLegalPerson: true }, 'pass'],
    ['pre-job/enterprise', { independentLegalPerson: false }, 'fail'],
    ['pre-job/enterprise', { independentLegalPerson: undefined }, 'fail'],
    // A condition of one route is none of another.
    ['apprenticeship/enterprise', { independentLegalPerson: false, traits: [], selfEvaluation: false }, 'pass'],
  ] as const)('applicant.kind: %s with %o is a %s', (route, applicant, outcome) => {
    const { traits, ...others } = { traits: undefined, ...applicant };
    const changes = { ...others, ...('traits' in applicant ? { traits: traits && [...traits] } : {}) };
    expect(outcomeOn(sampleRequest(route, { applicant: changes }), 'applicant.kind')).toBe(outcome);
  });

  test('applicant.kind: says who may apply, and how a college may count as an institution', () => {
    const message = (kind: ApplicantKind) =>
      findingOn(sampleRequest('project/contractor', { applicant: { kind, approval: undefined } }), 'applicant.kind')
        ?.message;
    expect(message('enterprise')).toBe(
      '申领主体为企业，项目制培训（承办机构申领）只接受职业培训机构、人力资源服务机构、其他承办机构，请由符合条件的主体申领或改选申领途径（一、五(三)）',
    );
    expect(message('college')).toBe(
      '申领主体为高等院校，项目制培训（承办机构申领）只接受职业培训机构、人力资源服务机构、其他承办机构；高等院校须先经人力社保部门审批或备案，方可作为职业培训机构申领，请由符合条件的主体申领或改选申领途径（一、五(三)）',
    );
  });

  test('applicant.kind: each missing condition is named', () => {
    const message = (route: RouteName, applicant: object) =>
      findingOn(sampleRequest(route, { applicant }), 'applicant.kind')?.message;
    expect(message('qualification/enterprise', { selfEvaluation: false })).toContain('自主评价');
    expect(message('project/enterprise', { traits: [] })).toContain('规模以上');
    expect(message('pre-job/enterprise', { independentLegalPerson: false })).toContain('独立法人');
  });
});
