import { describe, expect, test } from 'vitest';
import type { AssessmentRequest, Certificate, HistoryEntry } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { idNumber, ROUTE_NAMES, SAMPLE_CERTIFICATES, sampleLine, sampleRequest } from '../sample-requests.ts';
import { assessed, findingOn, outcomeOn, reading } from '../verdicts.ts';

const PERSON = sampleLine('project/enterprise').idNumber;
const OTHER = idNumber('1991-01-01', 'female');
const LIMIT = wenzhou202058.figures.subsidiesPerYear;
const YEAR = 2020;

function entries(total: number, changes: Partial<HistoryEntry> = {}): HistoryEntry[] {
  return Array.from({ length: total }, () => ({ person: PERSON, year: YEAR, kind: 'award' as const, ...changes }));
}

const withHistory = (route: RouteName, history: HistoryEntry[]) => sampleRequest(route, { history });

/** A claim of the same person for several occupations. */
function occupations(names: readonly string[], changes: readonly Partial<Certificate>[] = []): AssessmentRequest {
  const route = 'qualification/college';
  const lines = names.map((occupation, index) =>
    sampleLine(route, { certificate: { occupation, ...changes[index] }, line: { id: `line-${index + 1}` } }),
  );
  return sampleRequest(route, { claim: { lines } });
}

describe('quota.annual', () => {
  test.each(ROUTE_NAMES)('quota.annual: %s', (route) => {
    const outcomes = [LIMIT - 1, LIMIT, LIMIT + 1].map((total) =>
      outcomeOn(withHistory(route, entries(total)), 'quota.annual'),
    );
    expect(outcomes).toEqual(['pass', 'fail', 'fail']);
  });

  test('quota.annual: three a year', () => {
    expect(LIMIT).toBe(3);
  });

  test('quota.annual: both kinds count, other years and other people do not', () => {
    const outcome = (history: HistoryEntry[]) => outcomeOn(withHistory('project/enterprise', history), 'quota.annual');
    expect(outcome([...entries(2), ...entries(1, { kind: 'unemployment-insurance' })])).toBe('fail');
    expect(outcome(entries(3, { kind: 'unemployment-insurance' }))).toBe('fail');
    expect(outcome([...entries(2), ...entries(5, { year: 2019 }), ...entries(5, { year: 2021 })])).toBe('pass');
    expect(outcome([...entries(2), ...entries(5, { person: OTHER })])).toBe('pass');
  });

  test('quota.annual: the year is that of the submission', () => {
    const submitted = (submittedOn: string) =>
      outcomeOn(sampleRequest('project/enterprise', { history: entries(3), claim: { submittedOn } }), 'quota.annual');
    expect([submitted('2020-12-31'), submitted('2021-01-01')]).toEqual(['fail', 'pass']);
  });

  test('quota.annual: earlier lines of the claim count where they are not ineligible', () => {
    const four = occupations(['车工', '铣工', '焊工', '电工']);
    expect([0, 1, 2, 3].map((line) => outcomeOn(four, 'quota.annual', line))).toEqual(['pass', 'pass', 'pass', 'fail']);
    const second = occupations(['车工', '铣工', '焊工', '电工'], [{}, { issuer: 'other' }]);
    expect([0, 1, 2, 3].map((line) => outcomeOn(second, 'quota.annual', line))).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
    ]);
    const referred = {
      ...four,
      claim: {
        ...four.claim,
        lines: four.claim.lines.map((line, index) => (index === 0 ? { ...line, statusVerified: false } : line)),
      },
    };
    expect(assessed(referred).lines.map((line) => line.outcome)).toEqual([
      'referred',
      'eligible',
      'eligible',
      'ineligible',
    ]);
  });

  test('quota.annual: history and lines add up', () => {
    const two = { ...occupations(['车工', '铣工']), history: entries(2) };
    expect([0, 1].map((line) => outcomeOn(two, 'quota.annual', line))).toEqual(['pass', 'fail']);
    expect(findingOn(two, 'quota.annual', 1)?.facts).toEqual({ year: 2020, counted: 3, limit: 3 });
  });

  test('quota.annual: x is X in lines and in history', () => {
    const withX = Array.from({ length: 50 }, (_, serial) => idNumber('1990-05-20', 'male', serial)).find((each) =>
      each.endsWith('X'),
    );
    const lower = (withX ?? '').replace('X', 'x');
    const outcome = (line: string, person: string) =>
      outcomeOn(
        sampleRequest('project/enterprise', { line: { idNumber: line }, history: entries(3, { person }) }),
        'quota.annual',
      );
    expect(outcome(lower, withX ?? '')).toBe('fail');
    expect(outcome(withX ?? '', lower)).toBe('fail');
  });

  describe('quotaYear payment', () => {
    const edition = reading({ quotaYear: 'payment' });
    test.each([
      [2, 2, 'pass'],
      [3, 2, 'refer'],
      [2, 3, 'refer'],
      [3, 3, 'fail'],
    ] as const)('quota.annual: %i this year and %i the next is a %s', (now, next, outcome) => {
      const history = [...entries(now), ...entries(next, { year: YEAR + 1 })];
      expect(outcomeOn(withHistory('project/enterprise', history), 'quota.annual', 0, edition)).toBe(outcome);
    });

    test('quota.annual: earlier lines of the claim count in both years, and the sentence tells both', () => {
      const claim = occupations(['车工', '铣工']);
      const history = [...entries(2), ...entries(1, { year: YEAR + 1 })];
      expect(findingOn({ ...claim, history }, 'quota.annual', 1, edition)?.message).toBe(
        '2020年度已计3次、2021年度已计2次，是否超过每年3次取决于拨付年度，由受理部门按拨付年度核定（四(二)）',
      );
    });
  });
});

describe('quota.repeat', () => {
  test('quota.repeat: of a master’s apprentice it is asked whoever issued the certificate', () => {
    const request = sampleRequest('master-apprentice/studio', {
      certificate: { issuer: 'other' },
      history: entries(1, { occupation: '车工', level: 'senior', year: 2019 }),
    });
    expect(outcomeOn(request, 'quota.repeat')).toBe('fail');
  });

  const award = (changes: Partial<HistoryEntry>): HistoryEntry[] => entries(1, changes);
  const outcome = (route: RouteName, history: HistoryEntry[], changes: Parameters<typeof sampleRequest>[1] = {}) =>
    outcomeOn(sampleRequest(route, { ...changes, history }), 'quota.repeat');

  const CERTIFIED: readonly RouteName[] = [
    'qualification/agency',
    'qualification/individual',
    'qualification/competition',
    'qualification/enterprise',
    'qualification/college',
    'apprenticeship/enterprise',
    'master-apprentice/studio',
  ];
  const TAUGHT: readonly RouteName[] = [
    'project/enterprise',
    'project/contractor',
    'project/college',
    'entrepreneurship/provider',
  ];

  test.each(CERTIFIED)('quota.repeat: %s by occupation and level of the certificate', (route) => {
    expect(outcome(route, [])).toBe('pass');
    expect(outcome(route, award({ occupation: '车工', level: 'senior' }))).toBe('fail');
    expect(outcome(route, award({ occupation: ' 车 工 ', level: 'senior' }))).toBe('fail');
    expect(outcome(route, award({ occupation: '车工', level: 'junior' }))).toBe('pass');
    expect(outcome(route, award({ occupation: '车工' }))).toBe('pass');
    expect(outcome(route, award({ occupation: '铣工', level: 'senior' }))).toBe('pass');
    expect(outcome(route, award({ occupation: '车工', level: 'senior', person: OTHER }))).toBe('pass');
    expect(outcome(route, award({ occupation: '车工', level: 'senior', year: 2015 }))).toBe('fail');
    expect(outcome(route, award({ occupation: '车工', level: 'senior', kind: 'unemployment-insurance' }))).toBe('pass');
  });

  test.each(TAUGHT)('quota.repeat: %s by subject, without a level', (route) => {
    const subject = sampleRequest(route).claim.class?.subject ?? '';
    expect(outcome(route, [])).toBe('pass');
    expect(outcome(route, award({ occupation: subject }))).toBe('fail');
    expect(outcome(route, award({ occupation: ` ${subject} ` }))).toBe('fail');
    expect(outcome(route, award({ occupation: subject, level: 'junior' }))).toBe('pass');
  });

  test.each(['pre-job/enterprise', 'pre-job/domestic-service'] as const)('quota.repeat: %s has no key', (route) => {
    expect(outcome(route, award({ occupation: '车工', level: 'senior' }))).toBe('not applicable');
    expect(outcome(route, award({ occupation: 'x' }), { class: { subject: 'x' } })).toBe('not applicable');
  });

  test('quota.repeat: a certificate without a level matches an award without one', () => {
    const changes = { certificate: { level: undefined } };
    expect(outcome('qualification/college', award({ occupation: '车工' }), changes)).toBe('fail');
    expect(outcome('qualification/college', award({ occupation: '车工', level: 'senior' }), changes)).toBe('pass');
  });

  test.each([undefined, '', ' 　'])('quota.repeat: the occupation %j is no key', (occupation) => {
    expect(
      outcome('qualification/college', award({ occupation: ' ', level: 'senior' }), { certificate: { occupation } }),
    ).toBe('not applicable');
    expect(outcome('project/college', award({ occupation }), { class: { subject: occupation } })).toBe(
      'not applicable',
    );
  });

  test('quota.repeat: a renewal may be repeated', () => {
    const history = award({ occupation: '叉车操作' });
    expect(outcome('project/contractor', history, { certificate: { renewal: true } })).toBe('not applicable');
    expect(outcome('project/contractor', history, { certificate: { renewal: false } })).toBe('fail');
    expect(outcome('project/contractor', history, { certificates: [] })).toBe('fail');
    // Only the certificate that counts can make it one.
    const renewed = { ...SAMPLE_CERTIFICATES.qualification, renewal: true };
    const certificates = [renewed, { ...SAMPLE_CERTIFICATES.completion }];
    expect(outcome('project/contractor', history, { certificates })).toBe('fail');
  });

  test('quota.repeat: an apprentice has a key only at the full rate', () => {
    const history = award({ occupation: '车工', level: 'senior' });
    const rate = (qualification: Partial<Certificate>) =>
      outcome('apprenticeship/enterprise', history, {
        certificates: [
          SAMPLE_CERTIFICATES.completion,
          { ...SAMPLE_CERTIFICATES.qualification, ...qualification },
          SAMPLE_CERTIFICATES.qualification,
        ],
      });
    expect(rate({})).toBe('fail');
    expect(rate({ issuer: 'other' })).toBe('not applicable');
    expect(rate({ issuedOn: '2020-04-30' })).toBe('not applicable');
    expect(rate({ occupation: undefined })).toBe('not applicable');
    expect(outcome('apprenticeship/enterprise', history, { certificates: [SAMPLE_CERTIFICATES.completion] })).toBe(
      'not applicable',
    );
  });

  test('quota.repeat: an earlier line that is not ineligible holds the key', () => {
    const twice = occupations(['车工', '车工']);
    expect(outcomeOn(twice, 'quota.repeat', 1)).toBe('fail');
    expect(findingOn(twice, 'quota.repeat', 1)?.message).toBe(
      '学员的车工高级已在本次申领的第1行申领，同一职业（工种）同一等级不得重复享受，请删去该行（四(二)）',
    );
    expect(outcomeOn(occupations(['车工', '车工'], [{ issuer: 'other' }]), 'quota.repeat', 1)).toBe('pass');
    const three = occupations(['车工', '铣工', '铣工']);
    expect([0, 1, 2].map((line) => outcomeOn(three, 'quota.repeat', line))).toEqual(['pass', 'pass', 'fail']);
  });

  test('quota.repeat: history is named as such', () => {
    const request = sampleRequest('project/college', { history: award({ occupation: '电商客服' }) });
    expect(findingOn(request, 'quota.repeat')?.message).toContain('学员的电商客服此前已享受过补贴');
  });

  test('quota.repeat: repeatCountsInsurance', () => {
    const request = sampleRequest('qualification/college', {
      history: award({ occupation: '车工', level: 'senior', kind: 'unemployment-insurance' }),
    });
    expect(outcomeOn(request, 'quota.repeat')).toBe('pass');
    expect(outcomeOn(request, 'quota.repeat', 0, reading({ repeatCountsInsurance: true }))).toBe('fail');
  });
});
