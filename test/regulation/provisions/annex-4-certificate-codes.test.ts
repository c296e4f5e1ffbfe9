import { describe, expect, test } from 'vitest';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const RULE = 'certificate.code';
const numbered = (number: string, issuedOn = '2020-10-10', route: RouteName = 'project/college') =>
  sampleRequest(route, { certificates: [{ ...SAMPLE_CERTIFICATES.completion, number, issuedOn }] });

describe('certificate.code', () => {
  test.each([
    ['温AP2000001', undefined],
    ['温ZP2099999', undefined],
    ['温 AP 20 00001 ', undefined],
    ['温　AP2010000', undefined],
    ['温AP2000000', 'serial'],
    ['温AP200000', 'length'],
    ['温AP20000001', 'length'],
    ['', 'length'],
    ['杭AP2000001', 'place'],
    ['温aP2000001', 'district'],
    ['温1P2000001', 'district'],
    ['温ＡP2000001', 'district'],
    ['温AQ2000001', 'fixed'],
    ['温Ap2000001', 'fixed'],
    ['温AP2100001', 'year'],
    ['温AP1900001', 'year'],
    ['温AP200000A', 'serial'],
    ['温AP20-0001', 'serial'],
    ['温AP200000.', 'serial'],
    ['温AP20００００１', 'serial'],
  ])('certificate.code: %j', (number, fault) => {
    const finding = findingOn(numbered(number), RULE);
    expect(finding?.outcome).toBe(fault === undefined ? 'pass' : 'fail');
    expect(finding?.facts['fault']).toBe(fault);
  });

  test('certificate.code: the year is that of the issue', () => {
    expect(outcomeOn(numbered('温AP2100001', '2021-01-01'), RULE)).toBe('pass');
    expect(outcomeOn(numbered('温AP2000001', '2021-01-01'), RULE)).toBe('fail');
    expect(outcomeOn(numbered('温AP0900001', '2009-01-01'), RULE)).toBe('pass');
  });

  test('certificate.code: says which place is wrong and what it should look like, not the number', () => {
    const finding = findingOn(numbered('330302199001010012', '2021-05-01'), RULE);
    expect(finding?.message).toBe('培训合格证书编号不是10位，应形如温AP2100001，请核对证书（附件4）');
    expect(JSON.stringify(finding)).not.toContain('330302');
  });

  test.each(ROUTE_NAMES)('certificate.code: %s', (route) => {
    const counts = /^(project|pre-job|apprenticeship)\//u.test(route);
    expect(outcomeOn(numbered('1', '2020-10-10', route), RULE)).toBe(counts ? 'fail' : 'not applicable');
  });

  test('certificate.code: not asked of special certificates, nor of a completion certificate that comes later', () => {
    const special = { ...SAMPLE_CERTIFICATES.completion, kind: 'special-operation' as const, number: 'T1' };
    const wrong = { ...SAMPLE_CERTIFICATES.completion, number: '1' };
    const request = sampleRequest('project/college', { certificates: [special, wrong] });
    expect(outcomeOn(request, RULE)).toBe('not applicable');
  });
});
