import { describe, expect, test } from 'vitest';
import { addDays, addYears } from '../../../shared/regulation/calendar-date.ts';
import type { CertificateOrigin } from '../../../shared/regulation/contract.ts';
import { ORIGIN_TERMS } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const PERSONAL: readonly RouteName[] = [
  'qualification/agency',
  'qualification/individual',
  'qualification/competition',
];

describe('roster.card', () => {
  test.each(ROUTE_NAMES)('roster.card: %s', (route) => {
    const outcome = (card: { number: string; activated: boolean } | undefined) =>
      outcomeOn(sampleRequest(route, { line: { card } }), 'roster.card');
    const paid = PERSONAL.includes(route);
    expect(outcome({ number: '1', activated: true })).toBe(paid ? 'pass' : 'not applicable');
    expect(outcome({ number: '1', activated: false })).toBe(paid ? 'refer' : 'not applicable');
    expect(outcome(undefined)).toBe(paid ? 'refer' : 'not applicable');
  });

  test('roster.card: says what to do, never the number', () => {
    const message = (card: { number: string; activated: boolean } | undefined) =>
      findingOn(sampleRequest('qualification/agency', { line: { card } }), 'roster.card');
    expect(message(undefined)?.message).toContain('请补充卡信息');
    expect(message({ number: '6222600000001', activated: false })?.message).toContain('请到发卡银行激活');
    expect(JSON.stringify(message({ number: '6222600000001', activated: true }))).not.toContain('62226');
  });
});

describe('certificate.window', () => {
  const { appliesFrom, appliesTo } = wenzhou202058;

  test.each(ROUTE_NAMES)('certificate.window: %s on the first and last day, and the days around them', (route) => {
    const outcomes = [
      addDays(appliesFrom, -1),
      appliesFrom,
      addDays(appliesFrom, 1),
      addDays(appliesTo, -1),
      appliesTo,
      addDays(appliesTo, 1),
    ].map((issuedOn) => outcomeOn(sampleRequest(route, { certificate: { issuedOn } }), 'certificate.window'));
    expect(outcomes).toEqual(['fail', 'pass', 'pass', 'pass', 'pass', 'fail']);
  });

  test.each(ROUTE_NAMES)('certificate.window: %s without a certificate that counts', (route) => {
    expect(outcomeOn(sampleRequest(route, { certificates: [] }), 'certificate.window')).toBe('not applicable');
  });

  test('certificate.window: the sentence', () => {
    const message = (issuedOn: string) =>
      findingOn(sampleRequest('project/college', { certificate: { issuedOn } }), 'certificate.window')?.message;
    expect(message('2020-04-30')).toBe(
      '证书核发日期2020-04-30早于2020-05-01，不在补贴期间内，不予补贴（一(一)2(1)、五(四)）',
    );
    expect(message('2022-01-01')).toContain('证书核发日期2022-01-01晚于2021-12-31');
  });

  test('certificate.window: reads the first certificate of a kind that counts', () => {
    const { completion, qualification } = SAMPLE_CERTIFICATES;
    const old = { ...completion, issuedOn: '2019-01-01' };
    const outcome = (route: RouteName, certificates: (typeof qualification)[]) =>
      outcomeOn(sampleRequest(route, { certificates }), 'certificate.window');
    expect(outcome('project/college', [completion, old])).toBe('pass');
    expect(outcome('project/college', [old, completion])).toBe('fail');
    expect(outcome('project/college', [{ ...qualification, issuedOn: '2019-01-01' }, completion])).toBe('pass');
    expect(outcome('qualification/college', [old, qualification])).toBe('pass');
  });
});

describe('certificate.deadline', () => {
  const years = wenzhou202058.figures.claimWithinYears;
  const outcome = (route: RouteName, issuedOn: string, submittedOn: string) =>
    outcomeOn(sampleRequest(route, { certificate: { issuedOn }, claim: { submittedOn } }), 'certificate.deadline');

  test.each(ROUTE_NAMES)('certificate.deadline: %s', (route) => {
    const issuedOn = '2020-06-15';
    const last = addYears(issuedOn, years);
    const outcomes = [
      addDays(issuedOn, -1),
      issuedOn,
      addDays(issuedOn, 1),
      addDays(last, -1),
      last,
      addDays(last, 1),
    ].map((submittedOn) => outcome(route, issuedOn, submittedOn));
    expect(outcomes).toEqual(
      PERSONAL.includes(route)
        ? ['fail', 'pass', 'pass', 'pass', 'pass', 'fail']
        : Array.from({ length: 6 }, () => 'not applicable'),
    );
  });

  test('certificate.deadline: a certificate of 29 February ends on 28 February', () => {
    expect(outcome('qualification/individual', '2020-02-29', '2021-02-28')).toBe('pass');
    expect(outcome('qualification/individual', '2020-02-29', '2021-03-01')).toBe('fail');
  });

  test('certificate.deadline: not judged without a qualification certificate', () => {
    const request = sampleRequest('qualification/individual', { certificates: [SAMPLE_CERTIFICATES.completion] });
    expect(outcomeOn(request, 'certificate.deadline')).toBe('not applicable');
  });

  test('certificate.deadline: says by how many days', () => {
    const message = (submittedOn: string) =>
      findingOn(
        sampleRequest('qualification/agency', { certificate: { issuedOn: '2020-06-15' }, claim: { submittedOn } }),
        'certificate.deadline',
      )?.message;
    expect(message('2021-06-18')).toContain('须在2021-06-15前申领，申领日期2021-06-18逾期3日');
    expect(message('2020-06-14')).toContain('申领日期2020-06-14早于证书核发日期2020-06-15');
  });
});

describe('certificate.origin', () => {
  const EXPECTED: Readonly<Record<string, CertificateOrigin>> = {
    'qualification/agency': 'training-institution',
    'qualification/individual': 'self-study',
    'qualification/competition': 'competition',
  };
  const EXCLUDED = ['enterprise-evaluation', 'enterprise-pilot', 'apprenticeship', 'master-apprentice'];
  const origins = [...(Object.keys(ORIGIN_TERMS) as CertificateOrigin[]), undefined];
  const cells = ROUTE_NAMES.flatMap((route) => origins.map((obtainedVia) => ({ route, obtainedVia })));

  test.each(cells)('certificate.origin: $obtainedVia on $route', ({ route, obtainedVia }) => {
    const request = sampleRequest(route, {
      certificates: [{ ...SAMPLE_CERTIFICATES.qualification, obtainedVia }],
    });
    const expected = EXPECTED[route];
    const outcome =
      expected === undefined
        ? 'not applicable'
        : obtainedVia === expected
          ? 'pass'
          : EXCLUDED.includes(obtainedVia ?? '')
            ? 'fail'
            : 'refer';
    expect(outcomeOn(request, 'certificate.origin')).toBe(outcome);
  });

  test('certificate.origin: not judged without a qualification certificate', () => {
    expect(outcomeOn(sampleRequest('qualification/agency', { certificates: [] }), 'certificate.origin')).toBe(
      'not applicable',
    );
  });

  test('certificate.origin: says which way was taken and which is asked for', () => {
    const message = (obtainedVia: CertificateOrigin | undefined) =>
      findingOn(sampleRequest('qualification/agency', { certificate: { obtainedVia } }), 'certificate.origin')?.message;
    expect(message('self-study')).toContain('证书通过自学取得，而本途径的证书应通过职业培训机构培训取得');
    expect(message(undefined)).toContain('未说明证书的取得途径');
    expect(message('apprenticeship')).toContain('证书通过企业新型学徒制培训取得，不能作为个人申领补贴的依据');
  });
});
