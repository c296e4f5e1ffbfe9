import { describe, expect, test } from 'vitest';
import { COURSE_TERMS } from '../../../shared/regulation/contract.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { outcomeOn } from '../verdicts.ts';

const PROVIDER = 'entrepreneurship/provider';

describe('applicant.free-of-charge', () => {
  test.each([
    [false, 'pass'],
    [true, 'fail'],
    [undefined, 'refer'],
  ] as const)('applicant.free-of-charge: chargedTrainees %s is a %s', (chargedTrainees, outcome) => {
    const request = sampleRequest(PROVIDER, { applicant: { chargedTrainees } });
    expect(outcomeOn(request, 'applicant.free-of-charge')).toBe(outcome);
  });

  test.each(ROUTE_NAMES)('applicant.free-of-charge: %s', (route) => {
    const request = sampleRequest(route, { applicant: { chargedTrainees: true } });
    expect(outcomeOn(request, 'applicant.free-of-charge')).toBe(route === PROVIDER ? 'fail' : 'not applicable');
  });
});

describe('entrepreneurship.licence', () => {
  test.each(Object.keys(COURSE_TERMS))('entrepreneurship.licence: %s', (subject) => {
    const outcome = (businessLicence: boolean | undefined) =>
      outcomeOn(
        sampleRequest(PROVIDER, { class: { subject, hours: 200 }, status: { businessLicence } }),
        'entrepreneurship.licence',
      );
    const applies = subject === 'IYB';
    expect(outcome(true)).toBe(applies ? 'pass' : 'not applicable');
    expect(outcome(false)).toBe(applies ? 'refer' : 'not applicable');
    expect(outcome(undefined)).toBe(applies ? 'refer' : 'not applicable');
  });

  test('entrepreneurship.licence: a line without a status is referred', () => {
    const request = sampleRequest(PROVIDER, { class: { subject: 'IYB' } });
    expect(outcomeOn(request, 'entrepreneurship.licence')).toBe('refer');
  });

  test('entrepreneurship.licence: a project named IYB is a project', () => {
    const request = sampleRequest('project/college', { class: { subject: 'IYB' } });
    expect(outcomeOn(request, 'entrepreneurship.licence')).toBe('not applicable');
  });
});
