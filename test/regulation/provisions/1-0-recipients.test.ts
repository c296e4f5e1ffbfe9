import { describe, expect, test } from 'vitest';
import { addDays, addYears } from '../../../shared/regulation/calendar-date.ts';
import type { Certificate, TraineeStatus } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, SAMPLE_DATES, sampleLine, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const RULE = 'recipient.condition';
const AGENCY = 'qualification/agency';
const { submittedOn } = SAMPLE_DATES;
const YEARS = wenzhou202058.figures.graduateWithinYears;

/** A verified line of a route with this status and nothing else. */
function judged(route: RouteName, status: TraineeStatus | undefined, certificate: Partial<Certificate> = {}) {
  return outcomeOn(bare(route, status, certificate), RULE);
}

function bare(route: RouteName, status: TraineeStatus | undefined, certificate: Partial<Certificate> = {}) {
  const line = { ...sampleLine(route, { certificate }), status, statusVerified: true };
  return sampleRequest(route, { claim: { lines: [line] } });
}

const insurance = (changes: Partial<NonNullable<TraineeStatus['unemploymentInsurance']>> = {}) => ({
  unemploymentInsurance: { district: 'lucheng', paidThrough: submittedOn, enterpriseEmployee: true, ...changes },
});
const graduate = (changes: Partial<NonNullable<TraineeStatus['graduate']>> = {}) => ({
  graduate: { leftSchoolOn: '2020-06-30', employed: false, studiedInWenzhou: true, originWenzhou: false, ...changes },
});
const student = (collegeId: string, graduatesOn: string) => ({ student: { collegeId, graduatesOn } });
const UNTRAINED = { obtainedVia: undefined } as const;

const JUDGED: readonly RouteName[] = [
  'qualification/agency',
  'qualification/individual',
  'qualification/competition',
  'qualification/college',
  'project/enterprise',
  'project/college',
  'pre-job/enterprise',
  'apprenticeship/enterprise',
];

describe('recipient.condition', () => {
  test.each(ROUTE_NAMES)('recipient.condition: %s on checked, unchecked and absent facts', (route) => {
    const applies = JUDGED.includes(route);
    const outcome = (changes: object) => outcomeOn(sampleRequest(route, { line: changes }), RULE);
    expect(outcome({})).toBe(applies ? 'pass' : 'not applicable');
    expect(outcome({ statusVerified: false })).toBe(applies ? 'refer' : 'not applicable');
    expect(outcome({ statusVerified: false, status: undefined })).toBe(applies ? 'refer' : 'not applicable');
    expect(outcome({ statusVerified: true, status: undefined })).toBe(applies ? 'fail' : 'not applicable');
    expect(outcome({ statusVerified: true, status: {} })).toBe(applies ? 'fail' : 'not applicable');
  });

  describe.each(['qualification/agency', 'qualification/competition'] as const)('on %s', (route) => {
    const outcome = (status: TraineeStatus, certificate: Partial<Certificate> = UNTRAINED) =>
      judged(route, status, certificate);

    test('recipient.condition: ① insured in an urban district, as an employee, when applying', () => {
      expect(outcome(insurance())).toBe('pass');
      expect(outcome(insurance({ paidThrough: addDays(submittedOn, -1) }))).toBe('fail');
      expect(outcome(insurance({ paidThrough: addDays(submittedOn, 1) }))).toBe('pass');
      expect(outcome(insurance({ enterpriseEmployee: false }))).toBe('fail');
      expect(outcome(insurance({ district: 'dongtou' }))).toBe('fail');
      expect(outcome(insurance({ district: 'oujiangkou' }))).toBe('pass');
    });

    test.each(['hukouDistrict', 'residencePermitDistrict', 'registeredUnemployedDistrict'] as const)(
      'recipient.condition: ② %s in an urban district',
      (key) => {
        expect(outcome({ [key]: 'jingkai' })).toBe('pass');
        expect(outcome({ [key]: 'other' })).toBe('fail');
        expect(outcome({ [key]: 'yueqing' })).toBe('fail');
        expect(outcome({ [key]: 'jingkai', publicSectorStaff: true })).toBe('fail');
        expect(outcome({ [key]: 'jingkai', publicSectorStaff: false })).toBe('pass');
        // Insured public-sector staff are not shut out, wherever and however long they are insured.
        const lapsed = insurance({ district: 'other', paidThrough: '2019-01-01', enterpriseEmployee: false });
        expect(outcome({ [key]: 'jingkai', publicSectorStaff: true, ...lapsed })).toBe('pass');
      },
    );

    test('recipient.condition: ③ a graduate without work', () => {
      expect(outcome(graduate())).toBe('pass');
      expect(outcome(graduate({ employed: true }))).toBe('fail');
      expect(outcome(graduate({ studiedInWenzhou: false }))).toBe('fail');
      expect(outcome(graduate({ studiedInWenzhou: false, originWenzhou: true }))).toBe('pass');
      expect(outcome(graduate({ originWenzhou: true }))).toBe('pass');
    });

    test('recipient.condition: ③ from the day of leaving school to the same day two years later', () => {
      const first = addYears(submittedOn, -YEARS);
      const outcomes = [
        addDays(first, -1),
        first,
        addDays(first, 1),
        addDays(submittedOn, -1),
        submittedOn,
        addDays(submittedOn, 1),
      ].map((leftSchoolOn) => outcome(graduate({ leftSchoolOn })));
      expect(outcomes).toEqual(['fail', 'pass', 'pass', 'pass', 'pass', 'fail']);
    });

    test('recipient.condition: ④ working in an urban district, trained and assessed in Wenzhou', () => {
      const trained = { obtainedVia: 'training-institution', assessedInWenzhou: true } as const;
      expect(outcome({ workDistrict: 'ouhai' }, trained)).toBe('pass');
      expect(outcome({ workDistrict: 'ruian' }, trained)).toBe('fail');
      expect(outcome({ workDistrict: 'ouhai' }, { ...trained, assessedInWenzhou: false })).toBe('fail');
      expect(outcome({ workDistrict: 'ouhai' }, { ...trained, assessedInWenzhou: undefined })).toBe('fail');
      expect(outcome({ workDistrict: 'ouhai' }, { ...trained, obtainedVia: 'self-study' })).toBe('fail');
      expect(outcome({ workDistrict: 'ouhai' }, UNTRAINED)).toBe('fail');
      expect(outcome({}, trained)).toBe('fail');
    });
  });

  describe('on qualification/individual', () => {
    const outcome = (status: TraineeStatus, certificate: Partial<Certificate> = UNTRAINED) =>
      judged('qualification/individual', status, certificate);
    const self = insurance({ enterpriseEmployee: false });

    test('recipient.condition: insured in an urban district, and one of ① to ④', () => {
      expect(outcome(insurance())).toBe('pass');
      expect(outcome(self)).toBe('fail');
      expect(outcome({ ...self, hukouDistrict: 'lucheng' })).toBe('pass');
      expect(outcome({ ...self, hukouDistrict: 'lucheng', publicSectorStaff: true })).toBe('pass');
      expect(outcome({ ...self, ...graduate() })).toBe('pass');
      expect(
        outcome({ ...self, workDistrict: 'lucheng' }, { obtainedVia: 'training-institution', assessedInWenzhou: true }),
      ).toBe('pass');
      expect(outcome({ hukouDistrict: 'lucheng' })).toBe('fail');
      expect(outcome({ hukouDistrict: 'lucheng', ...insurance({ district: 'ruian' }) })).toBe('fail');
      expect(outcome({ hukouDistrict: 'lucheng', ...insurance({ paidThrough: addDays(submittedOn, -1) }) })).toBe(
        'fail',
      );
      expect(outcome({ hukouDistrict: 'lucheng', ...insurance({ paidThrough: addDays(submittedOn, 1) }) })).toBe(
        'pass',
      );
    });

    test('recipient.condition: says what is wrong with the insurance', () => {
      const message = (status: TraineeStatus) =>
        findingOn(bare('qualification/individual', status, UNTRAINED), RULE)?.message;
      expect(message({ hukouDistrict: 'lucheng' })).toContain('未见失业保险参保记录');
      expect(message(insurance({ district: 'ruian' }))).toContain('失业保险在瑞安市缴纳，不在市区');
      expect(message(insurance({ paidThrough: '2020-10-31' }))).toContain(
        '失业保险缴费至2020-10-31，申领日期2020-11-02时已停缴',
      );
      expect(message(self)).toContain('学员不符合①');
    });
  });

  test('recipient.condition: ④ needs a certificate that was trained for', () => {
    const request = bare(AGENCY, { workDistrict: 'ouhai' });
    const [line] = request.claim.lines;
    if (line === undefined) throw new Error('no line');
    const lines = [{ ...line, certificates: [] }];
    expect(outcomeOn({ ...request, claim: { ...request.claim, lines } }, RULE)).toBe('fail');
  });

  test('recipient.condition: a student of the college in the year of graduation', () => {
    const outcome = (route: RouteName, status: TraineeStatus) => judged(route, status);
    for (const route of ['qualification/college', 'project/college'] as const) {
      expect(outcome(route, student('applicant-1', '2020-01-01'))).toBe('pass');
      expect(outcome(route, student('applicant-1', '2020-12-31'))).toBe('pass');
      expect(outcome(route, student('applicant-1', '2019-12-31'))).toBe('fail');
      expect(outcome(route, student('applicant-1', '2021-01-01'))).toBe('fail');
      expect(outcome(route, student('college-2', '2020-06-30'))).toBe('fail');
    }
  });

  test('recipient.condition: the year of graduation is that of the class’s start, not of the claim', () => {
    const request = sampleRequest('qualification/college', {
      class: { startsOn: '2020-12-30', endsOn: '2021-01-05' },
      claim: { submittedOn: '2021-02-01' },
    });
    expect(outcomeOn(request, RULE)).toBe('pass');
  });

  test('recipient.condition: project/college also teaches graduates and urban workers, qualification/college does not', () => {
    for (const status of [graduate(), { workDistrict: 'ouhai' }]) {
      expect(judged('project/college', status)).toBe('pass');
      expect(judged('qualification/college', status)).toBe('fail');
    }
    expect(judged('project/college', graduate({ employed: true }))).toBe('fail');
    expect(judged('project/college', { workDistrict: 'other' })).toBe('fail');
    expect(judged('project/college', { hukouDistrict: 'ouhai' })).toBe('fail');
  });

  test.each(['project/enterprise', 'pre-job/enterprise', 'apprenticeship/enterprise'] as const)(
    'recipient.condition: %s teaches its own employees',
    (route) => {
      expect(judged(route, { employerId: 'applicant-1' })).toBe('pass');
      expect(judged(route, { employerId: 'applicant-2' })).toBe('fail');
      expect(judged(route, { hukouDistrict: 'ouhai' })).toBe('fail');
    },
  );

  test('recipient.condition: not asked of a student apprentice; one who does not say is an employee', () => {
    const route = 'apprenticeship/enterprise';
    const outcome = (apprentice: object | undefined) =>
      outcomeOn(sampleRequest(route, { line: { apprentice: apprentice as never, status: { employerId: 'x' } } }), RULE);
    expect(outcome({ kind: 'student' })).toBe('not applicable');
    expect(outcome({ kind: 'employee' })).toBe('fail');
    expect(outcome(undefined)).toBe('fail');
  });

  test('recipient.condition: which condition held is a fact', () => {
    const condition = (status: TraineeStatus, certificate: Partial<Certificate> = UNTRAINED) =>
      findingOn(bare(AGENCY, status, certificate), RULE)?.facts['condition'];
    expect(condition({ ...insurance(), hukouDistrict: 'ouhai' })).toBe('①');
    expect(condition({ hukouDistrict: 'ouhai' })).toBe('②');
    expect(condition(graduate())).toBe('③');
    expect(condition({ workDistrict: 'ouhai' }, { obtainedVia: 'training-institution', assessedInWenzhou: true })).toBe(
      '④',
    );
  });
});
