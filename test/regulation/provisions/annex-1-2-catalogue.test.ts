import { describe, expect, test } from 'vitest';
import { withAnnexPublications } from '../../../shared/regulation/annex-changes.ts';
import type { Certificate, Level } from '../../../shared/regulation/contract.ts';
import { LEVEL_TERMS } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const LEVELS = Object.keys(LEVEL_TERMS) as Level[];
const judgesQualifications = (route: RouteName) => /^(qualification|master-apprentice)\//u.test(route);
const one = (changes: Partial<Certificate>): Certificate[] => [{ ...SAMPLE_CERTIFICATES.qualification, ...changes }];

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

  test('certificate.catalogue: an occupation that a publication took out is of no class', () => {
    const edition = withAnnexPublications(wenzhou202058, [
      {
        document: '温人社发〔2021〕9号',
        title: '关于调整补贴目录的通知',
        effectiveFrom: '2020-06-01',
        changes: [{ annex: 1, change: 'remove', occupation: '车工' }],
      },
    ]);
    const finding = findingOn(sampleRequest(ROUTE), RULE, 0, edition);
    expect(finding).toMatchObject({
      outcome: 'fail',
      message: '职业（工种）“车工”不在补贴目录内，不能作为补贴依据（附件1）',
      facts: { occupation: '车工', level: 'senior', changedBy: '温人社发〔2021〕9号' },
    });
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
