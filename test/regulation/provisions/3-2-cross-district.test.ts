import { describe, expect, test } from 'vitest';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const RULE = 'filing.cross-district';
const AGENCY = 'qualification/agency';

describe('filing.cross-district', () => {
  test.each(wenzhou202058.districts)('filing.cross-district: city approval, class in $code', ({ code, urban }) => {
    const request = sampleRequest(AGENCY, {
      applicant: { approval: { level: 'city', district: 'city' } },
      class: { district: code },
    });
    expect(outcomeOn(request, RULE)).toBe(urban ? 'pass' : 'fail');
  });

  test.each([
    ['lucheng', undefined, 'pass'],
    ['lucheng', false, 'pass'],
    ['ouhai', undefined, 'fail'],
    ['ouhai', false, 'fail'],
    ['ouhai', true, 'pass'],
    ['ruian', true, 'pass'],
    ['ruian', undefined, 'fail'],
  ] as const)(
    'filing.cross-district: approved in lucheng, class in %s, consent %s is a %s',
    (district, consent, outcome) => {
      const approval = { level: 'district', district: 'lucheng', crossDistrictConsent: consent } as const;
      expect(outcomeOn(sampleRequest(AGENCY, { applicant: { approval }, class: { district } }), RULE)).toBe(outcome);
    },
  );

  test('filing.cross-district: no approval is referred', () => {
    expect(outcomeOn(sampleRequest(AGENCY, { applicant: { approval: undefined } }), RULE)).toBe('refer');
  });

  test('filing.cross-district: consent does not widen a city approval', () => {
    const approval = { level: 'city', district: 'city', crossDistrictConsent: true } as const;
    expect(outcomeOn(sampleRequest(AGENCY, { applicant: { approval }, class: { district: 'ruian' } }), RULE)).toBe(
      'fail',
    );
  });

  test.each(ROUTE_NAMES)('filing.cross-district: %s', (route) => {
    const hasClass = sampleRequest(route).claim.class !== undefined;
    const asInstitution = ['qualification/agency', 'project/contractor', 'pre-job/domestic-service'].includes(route);
    const approval = { level: 'city', district: 'city' } as const;
    const outcome = (applicant: object) => outcomeOn(sampleRequest(route, { applicant }), RULE);
    expect(outcome({ kind: 'training-institution', approval })).toBe(hasClass ? 'pass' : 'not applicable');
    expect(outcome({ kind: 'training-institution', approval: undefined })).toBe(hasClass ? 'refer' : 'not applicable');
    expect(outcome({ kind: 'college', approval })).toBe(asInstitution ? 'pass' : 'not applicable');
    expect(outcome({ kind: 'college', approval: undefined })).toBe('not applicable');
    expect(outcome({ kind: 'enterprise', approval })).toBe('not applicable');
  });

  test('filing.cross-district: says who approved and where the class was', () => {
    const approval = { level: 'district', district: 'lucheng' } as const;
    expect(
      findingOn(sampleRequest(AGENCY, { applicant: { approval }, class: { district: 'ouhai' } }), RULE)?.message,
    ).toBe('培训机构经鹿城区批准，本班在瓯海区，跨区域培训未经培训所在地人力社保部门同意，请先取得同意（三(二)）');
    const city = { level: 'city', district: 'city' } as const;
    expect(
      findingOn(sampleRequest(AGENCY, { applicant: { approval: city }, class: { district: 'ruian' } }), RULE)?.message,
    ).toContain('本班在瑞安市');
  });
});
