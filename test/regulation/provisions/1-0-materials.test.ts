import { describe, expect, test } from 'vitest';
import type { MaterialKind } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { requiredMaterials } from '../../../shared/regulation/provisions/1-0-materials.ts';
import { ROUTE_NAMES, sampleLine, sampleRequest } from '../sample-requests.ts';
import { assessed, findingOn, outcomeOn } from '../verdicts.ts';

const RULE = 'evidence.materials';
const PROJECT: readonly MaterialKind[] = ['application-form-unit', 'roster', 'sign-in-sheets', 'certificate-list'];
const PRE_JOB: readonly MaterialKind[] = [
  'class-filing-form',
  'application-form-unit',
  'roster',
  'id-copies',
  'certificate-list',
];

/** Section 5 of the rules, typed from it. */
const REQUIRED: Readonly<Record<string, readonly MaterialKind[]>> = {
  'qualification/agency': ['application-form-unit', 'roster', 'id-copies', 'certificate-list', 'card-information'],
  'qualification/individual': ['application-form-individual', 'id-copies', 'certificate-copy', 'card-information'],
  'qualification/competition': ['id-copies', 'certificate-copy', 'card-information'],
  'qualification/enterprise': ['application-form-unit', 'certificate-list'],
  'qualification/college': [
    'class-filing-form',
    'application-form-unit',
    'roster',
    'enrolment-proof',
    'certificate-list',
  ],
  'project/enterprise': PROJECT,
  'project/contractor': PROJECT,
  'project/college': PROJECT,
  'pre-job/enterprise': PRE_JOB,
  'pre-job/domestic-service': PRE_JOB,
  'apprenticeship/enterprise': [
    'application-form-unit',
    'roster',
    'certificate-list',
    'training-invoice',
    'bank-account',
  ],
  'master-apprentice/studio': [
    'application-form-unit',
    'training-plan-filing',
    'apprenticeship-agreement',
    'certificate-list',
  ],
  'entrepreneurship/provider': [
    'class-filing-form',
    'application-form-unit',
    'roster',
    'id-copies',
    'sign-in-sheets',
    'certificate-list',
  ],
};

const STUDENT: readonly MaterialKind[] = ['allowance-vouchers', 'labour-contracts', 'social-insurance-proof'];
const NO_CARD = { card: undefined };

describe('evidence.materials', () => {
  test.each(ROUTE_NAMES)('evidence.materials: %s passes with what it requires, and with nothing less', (route) => {
    const required = REQUIRED[route] ?? [];
    const given = (materials: MaterialKind[]) => sampleRequest(route, { claim: { materials }, line: NO_CARD });
    expect(outcomeOn(given([...required]), RULE)).toBe('pass');
    for (const missing of required) {
      const finding = findingOn(given(required.filter((kind) => kind !== missing)), RULE);
      expect(finding?.outcome).toBe('fail');
      expect(finding?.facts['missing']).toEqual([missing]);
      expect(finding?.correctable).toBe(true);
    }
  });

  test.each(wenzhou202058.routes)('evidence.materials: the list of $programme/$route', ({ programme, route }) => {
    const plain = REQUIRED[`${programme}/${route}`] ?? [];
    const student = programme === 'apprenticeship' ? STUDENT : [];
    expect(requiredMaterials(wenzhou202058, programme, route, false)).toEqual(plain);
    expect(requiredMaterials(wenzhou202058, programme, route, true)).toEqual([...plain, ...student]);
  });

  test('evidence.materials: a pair outside the routes table has no list', () => {
    expect(requiredMaterials(wenzhou202058, 'pre-job', 'agency', false)).toBeUndefined();
  });

  test('evidence.materials: every missing one is named', () => {
    const finding = findingOn(sampleRequest('project/enterprise', { claim: { materials: ['roster'] } }), RULE);
    expect(finding?.message).toBe(
      '申领材料缺少3项：补贴申请表（单位）、签到表、发证名册，请补充后重新提交（一(二)2(1)）',
    );
  });

  test('evidence.materials: a student apprentice on any line asks for more', () => {
    const route = 'apprenticeship/enterprise';
    const materials = [...(REQUIRED[route] ?? [])];
    const apprentice = { kind: 'student', allowanceFen: 1, contractMonths: 12, socialInsured: true } as const;
    const lines = [sampleLine(route), sampleLine(route, { apprentice, line: { id: 'line-2' } })];
    expect(outcomeOn(sampleRequest(route, { claim: { materials } }), RULE)).toBe('pass');
    expect(findingOn(sampleRequest(route, { claim: { materials, lines } }), RULE)?.facts['missing']).toEqual(STUDENT);
    expect(outcomeOn(sampleRequest(route, { claim: { materials: [...materials, ...STUDENT], lines } }), RULE)).toBe(
      'pass',
    );
  });

  test('evidence.materials: `apprentice` on another programme asks for nothing', () => {
    const request = sampleRequest('project/enterprise', {
      claim: { materials: [...PROJECT] },
      apprentice: { kind: 'student' },
    });
    expect(outcomeOn(request, RULE)).toBe('pass');
  });

  test('evidence.materials: a card on every line, activated or not, is the card information', () => {
    const route = 'qualification/agency';
    const materials = (REQUIRED[route] ?? []).filter((kind) => kind !== 'card-information');
    const card = { number: '1', activated: false };
    const lines = (second: object) => [
      sampleLine(route, { line: { card } }),
      sampleLine(route, { line: { id: 'line-2', ...second } }),
    ];
    expect(outcomeOn(sampleRequest(route, { claim: { materials, lines: lines({ card }) } }), RULE)).toBe('pass');
    expect(outcomeOn(sampleRequest(route, { claim: { materials, lines: lines(NO_CARD) } }), RULE)).toBe('fail');
  });

  test('evidence.materials: a missing one leaves the claim incomplete', () => {
    expect(assessed(sampleRequest('project/enterprise', { claim: { materials: [] } })).outcome).toBe('incomplete');
  });
});
