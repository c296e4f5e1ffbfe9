import { describe, expect, test } from 'vitest';
import type { Certificate, CertificateKind, Issuer, Level } from '../../../shared/regulation/contract.ts';
import { CERTIFICATE_KIND_TERMS, ISSUER_TERMS, LEVEL_TERMS } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const KINDS = Object.keys(CERTIFICATE_KIND_TERMS) as CertificateKind[];
const LEVELS = Object.keys(LEVEL_TERMS) as Level[];
const ISSUERS = Object.keys(ISSUER_TERMS) as Issuer[];
const QUALIFICATIONS: readonly CertificateKind[] = ['national-qualification', 'skill-level', 'special-ability'];

/** Section 6 of the rules, typed from it. */
const COUNTS: Readonly<Record<string, readonly CertificateKind[]>> = {
  qualification: QUALIFICATIONS,
  'master-apprentice': QUALIFICATIONS,
  project: ['training-completion', 'special-operation', 'special-equipment'],
  'pre-job': ['training-completion'],
  apprenticeship: ['training-completion'],
  entrepreneurship: ['entrepreneurship-completion'],
};

const judgesQualifications = (route: RouteName) => /^(qualification|master-apprentice)\//u.test(route);
const one = (changes: Partial<Certificate>): Certificate[] => [{ ...SAMPLE_CERTIFICATES.qualification, ...changes }];

describe('certificate.required', () => {
  const cells = ROUTE_NAMES.flatMap((route) => KINDS.map((kind) => ({ route, kind })));

  test.each(cells)('certificate.required: $kind on $route', ({ route, kind }) => {
    const request = sampleRequest(route, { certificates: one({ kind }) });
    const counts = COUNTS[route.split('/')[0] ?? '']?.includes(kind) === true;
    expect(outcomeOn(request, 'certificate.required')).toBe(counts ? 'pass' : 'fail');
  });

  test('certificate.required: one that counts among others is enough', () => {
    const certificates = [...one({ kind: 'special-ability' }), SAMPLE_CERTIFICATES.completion];
    expect(outcomeOn(sampleRequest('pre-job/enterprise', { certificates }), 'certificate.required')).toBe('pass');
  });

  test('certificate.required: not asked of a student apprentice', () => {
    const apprentice = { kind: 'student' } as const;
    const request = sampleRequest('apprenticeship/enterprise', { apprentice, certificates: [] });
    expect(outcomeOn(request, 'certificate.required')).toBe('not applicable');
    const employee = sampleRequest('apprenticeship/enterprise', { certificates: [] });
    expect(outcomeOn(employee, 'certificate.required')).toBe('fail');
    const project = sampleRequest('project/college', { apprentice, certificates: [] });
    expect(outcomeOn(project, 'certificate.required')).toBe('fail');
  });

  test('certificate.required: none of a student apprentice’s certificates is judged', () => {
    const request = sampleRequest('apprenticeship/enterprise', {
      apprentice: { kind: 'student' },
      certificates: [{ ...SAMPLE_CERTIFICATES.completion, number: 'x', issuedOn: '2019-01-01' }],
    });
    for (const rule of ['certificate.required', 'certificate.window', 'certificate.code', 'quota.repeat']) {
      expect(outcomeOn(request, rule)).toBe('not applicable');
    }
  });

  test('certificate.required: names the kinds that would do', () => {
    expect(findingOn(sampleRequest('project/college', { certificates: [] }), 'certificate.required')?.message).toBe(
      '未提供可作为补贴依据的证书，须取得以下证书之一：培训合格证书、特种作业操作证书、特种设备作业人员证书（一）',
    );
  });
});

describe('certificate.catalogue', () => {
  const RULE = 'certificate.catalogue';
  const ROUTE = 'qualification/college';
  const outcome = (changes: Partial<Certificate>, route: RouteName = ROUTE) =>
    outcomeOn(sampleRequest(route, { certificates: one(changes) }), RULE);
  const [junior, senior] = wenzhou202058.abilityLists.map((list) => new Set(list.occupations));

  test.each(ROUTE_NAMES)('certificate.catalogue, certificate.issuer: %s', (route) => {
    const applies = judgesQualifications(route);
    const bad = sampleRequest(route, { certificates: one({ occupation: undefined, issuer: 'other' }) });
    const good = sampleRequest(route, { certificates: one({}) });
    const none = sampleRequest(route, { certificates: [SAMPLE_CERTIFICATES.completion] });
    for (const rule of [RULE, 'certificate.issuer']) {
      expect(outcomeOn(bad, rule)).toBe(applies ? 'fail' : 'not applicable');
      expect(outcomeOn(good, rule)).toBe(applies ? 'pass' : 'not applicable');
      expect(outcomeOn(none, rule)).toBe('not applicable');
    }
  });

  test.each(['national-qualification', 'skill-level'] as const)('certificate.catalogue: %s', (kind) => {
    expect(outcome({ kind, occupation: '车工', level: 'junior' })).toBe('pass');
    expect(outcome({ kind, occupation: '谁也没听过的工种', level: 'technician' })).toBe('pass');
    expect(outcome({ kind, occupation: undefined })).toBe('fail');
    expect(outcome({ kind, occupation: ' 　' })).toBe('fail');
    expect(outcome({ kind, level: undefined })).toBe('fail');
  });

  test.each(wenzhou202058.occupationClasses.flatMap((entry) => entry.occupations.map((each) => [entry.name, each])))(
    'certificate.catalogue: class %s, %s',
    (name, occupation) => {
      const request = sampleRequest(ROUTE, { certificates: one({ occupation: ` ${occupation} ` }) });
      expect(findingOn(request, RULE)?.facts['class']).toBe(name);
    },
  );

  test('certificate.catalogue: an occupation of no list is of class C', () => {
    const request = sampleRequest(ROUTE, { certificates: one({ occupation: '新职业' }) });
    expect(findingOn(request, RULE)?.facts).toEqual({ occupation: '新职业', level: 'senior', class: 'C' });
  });

  test('certificate.catalogue: annex 2 as it is printed', () => {
    expect([junior?.size, senior?.size]).toEqual([96, 46]);
    expect(outcome({ kind: 'special-ability', occupation: '3D打印技术', level: 'junior' })).toBe('pass');
    expect(outcome({ kind: 'special-ability', occupation: '3D 打印技术', level: 'senior' })).toBe('pass');
    expect(outcome({ kind: 'special-ability', occupation: ' P L C编程', level: 'senior' })).toBe('pass');
    expect(outcome({ kind: 'special-ability', occupation: '阀门技术（设计）', level: 'junior' })).toBe('pass');
  });

  test.each(LEVELS)('certificate.catalogue: a special ability at level %s', (level) => {
    const list = level === 'junior' ? junior : level === 'senior' ? senior : undefined;
    const occupations = [...(junior ?? []), ...(senior ?? []), '车工'];
    for (const occupation of occupations) {
      const expected = list?.has(occupation) === true ? 'pass' : 'fail';
      expect(outcome({ kind: 'special-ability', occupation, level })).toBe(expected);
    }
  });

  test('certificate.catalogue: a special ability without occupation or level', () => {
    expect(outcome({ kind: 'special-ability', occupation: undefined, level: 'junior' })).toBe('fail');
    expect(outcome({ kind: 'special-ability', occupation: '艾灸理疗', level: undefined })).toBe('fail');
    expect(outcome({ kind: 'special-ability', occupation: '艾灸理疗', level: 'junior' })).toBe('pass');
    expect(outcome({ kind: 'special-ability', occupation: '艾灸理疗', level: 'senior' })).toBe('fail');
  });

  test('certificate.catalogue: says what is wrong', () => {
    const message = (changes: Partial<Certificate>) =>
      findingOn(sampleRequest(ROUTE, { certificates: one(changes) }), RULE)?.message;
    expect(message({ kind: 'special-ability', occupation: '艾灸理疗', level: 'senior' })).toContain(
      '专项能力“艾灸理疗”不在高级目录内',
    );
    expect(message({ kind: 'special-ability', occupation: '艾灸理疗', level: 'technician' })).toContain('等级为技师');
    expect(message({ kind: 'special-ability', occupation: ' ', level: 'junior' })).toContain('未写明项目或等级');
    expect(message({ occupation: undefined })).toContain('未写明职业（工种）或等级');
  });
});

describe('certificate.issuer', () => {
  const RULE = 'certificate.issuer';
  const ROUTE = 'master-apprentice/studio';
  const cells = QUALIFICATIONS.flatMap((kind) =>
    ISSUERS.flatMap((issuer) => [true, false, undefined].map((registered) => ({ kind, issuer, registered }))),
  );

  test.each(cells)('certificate.issuer: $kind by $issuer, registered $registered', (changes) => {
    const { kind, issuer, registered } = changes;
    const accepted =
      (kind === 'national-qualification' && (issuer === 'city-hr' || issuer === 'province-hr')) ||
      (kind === 'skill-level' && issuer === 'local-assessor' && registered === true) ||
      (kind === 'special-ability' && issuer === 'city-hr');
    const request = sampleRequest(ROUTE, { certificates: one(changes) });
    expect(outcomeOn(request, RULE)).toBe(accepted ? 'pass' : 'fail');
  });

  test('certificate.issuer: says who should have issued it', () => {
    const message = (changes: Partial<Certificate>) =>
      findingOn(sampleRequest(ROUTE, { certificates: one(changes) }), RULE)?.message;
    expect(message({ kind: 'skill-level', issuer: 'local-assessor', registered: false })).toContain(
      '请由评价机构补办备案',
    );
    expect(message({ kind: 'skill-level', issuer: 'other', registered: true })).toContain(
      '由其他机构核发，须由本市评价机构核发',
    );
    expect(message({ kind: 'special-ability', issuer: 'province-hr' })).toContain(
      '专项能力证书由浙江省人力社保部门核发，须由本市人力社保部门核发',
    );
    expect(message({ kind: 'national-qualification', issuer: 'other' })).toContain('须由本市或省级人力社保部门核发');
  });
});
