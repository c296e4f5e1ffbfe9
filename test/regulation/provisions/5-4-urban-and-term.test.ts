import { describe, expect, test } from 'vitest';
import { addDays } from '../../../shared/regulation/calendar-date.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const URBAN = ['city', 'lucheng', 'longwan', 'ouhai', 'jingkai', 'oujiangkou'];
const districts = wenzhou202058.districts.map((district) => district.code);

/** A request whose authority is decided by a district. */
function decidedIn(route: RouteName, district: string) {
  return sampleRequest(route, {
    applicant: {
      ...(route.includes('contractor')
        ? { entrustedBy: { department: '局', level: district === 'city' ? 'city' : 'district', district } }
        : {}),
      ...(sampleRequest(route).claim.applicant.insuredDistrict === undefined ? {} : { insuredDistrict: district }),
      ...(route === 'qualification/competition' ? { competition: { organiserDistrict: district } } : {}),
    },
    class: { district },
  });
}

describe('applicant.urban', () => {
  test.each(districts)('applicant.urban: an insured district of %s', (district) => {
    const outcome = URBAN.includes(district) ? 'pass' : 'fail';
    expect(outcomeOn(decidedIn('project/enterprise', district), 'applicant.urban')).toBe(outcome);
  });

  test.each(ROUTE_NAMES)('applicant.urban: %s reads the district that decides its authority', (route) => {
    expect(outcomeOn(decidedIn(route, 'ouhai'), 'applicant.urban')).toBe('pass');
    expect(outcomeOn(decidedIn(route, 'dongtou'), 'applicant.urban')).toBe('fail');
  });

  test('applicant.urban: where a contractor taught does not decide, the department does', () => {
    const request = sampleRequest('project/contractor', { class: { district: 'ruian' } });
    expect(outcomeOn(request, 'applicant.urban')).toBe('pass');
  });

  test('applicant.urban: the district is named', () => {
    expect(findingOn(decidedIn('pre-job/enterprise', 'yueqing'), 'applicant.urban')?.message).toBe(
      '受理地为乐清市，不属于本办法适用的市区，请按当地办法向当地人力社保部门申领（五(四)）',
    );
  });
});

describe('claim.deadline', () => {
  const { appliesFrom, appliesTo } = wenzhou202058;
  const submitted = (route: RouteName, submittedOn: string) => sampleRequest(route, { claim: { submittedOn } });

  test.each(ROUTE_NAMES)('claim.deadline: %s on the first and last day, and the days around them', (route) => {
    const personal = ['qualification/agency', 'qualification/individual', 'qualification/competition'].includes(route);
    const outcomes = [
      addDays(appliesFrom, -1),
      appliesFrom,
      addDays(appliesFrom, 1),
      addDays(appliesTo, -1),
      appliesTo,
      addDays(appliesTo, 1),
    ].map((date) => outcomeOn(submitted(route, date), 'claim.deadline'));
    expect(outcomes).toEqual(['fail', 'pass', 'pass', 'pass', 'pass', personal ? 'fail' : 'refer']);
  });

  test('claim.deadline: says how late', () => {
    expect(findingOn(submitted('project/college', addDays(appliesTo, 12)), 'claim.deadline')?.message).toBe(
      '申领日期2022-01-12晚于申领截止日2021-12-31，超过12日，请说明原因，由受理部门核定是否受理（五(四)）',
    );
    expect(findingOn(submitted('qualification/agency', addDays(appliesTo, 1)), 'claim.deadline')?.message).toContain(
      '超过1日，个人补贴不再受理',
    );
    expect(findingOn(submitted('project/college', '2020-04-30'), 'claim.deadline')?.message).toContain(
      '申领日期2020-04-30早于2020-05-01',
    );
  });
});
