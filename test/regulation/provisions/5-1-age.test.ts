import { describe, expect, test } from 'vitest';
import { addDays, addYears } from '../../../shared/regulation/calendar-date.ts';
import type { TraineeStatus } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { idNumber, ROUTE_NAMES, SAMPLE_DATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn, reading } from '../verdicts.ts';

const RULE = 'age.working';
const { lower, upperFemale, upperFemaleDomestic, upperMale } = wenzhou202058.figures.age;
const { startsOn } = SAMPLE_DATES;

/** Somebody born so that the reference date is so many days after the birthday of that age. */
function request(
  route: RouteName,
  sex: 'male' | 'female',
  years: number,
  daysAfter: number,
  status: TraineeStatus = {},
  on: string = startsOn,
) {
  const birthDate = addDays(addYears(on, -years), -daysAfter);
  return sampleRequest(route, { line: { idNumber: idNumber(birthDate, sex) }, status });
}

const around = [-1, 0, 1];
const WELFARE = { publicWelfarePost: true };
const WAIVED = { publicWelfarePost: true, ageWaiver: true };

describe('age.working', () => {
  test('age.working: the limits of 五(一)', () => {
    expect([lower, upperMale, upperFemale, upperFemaleDomestic]).toEqual([16, 60, 50, 55]);
  });

  test.each([
    ['male', lower, {}, ['fail', 'pass', 'pass']],
    ['female', lower, {}, ['fail', 'pass', 'pass']],
    ['male', upperMale, {}, ['pass', 'pass', 'fail']],
    ['female', upperFemale, {}, ['pass', 'pass', 'fail']],
    ['female', upperFemaleDomestic, { domesticServiceWorker: true }, ['pass', 'pass', 'fail']],
    ['female', upperFemale, { domesticServiceWorker: false }, ['pass', 'pass', 'fail']],
    ['male', upperMale, { domesticServiceWorker: true }, ['pass', 'pass', 'fail']],
    ['male', lower, WAIVED, ['fail', 'pass', 'pass']],
    ['male', upperMale, WELFARE, ['pass', 'pass', 'refer']],
    ['female', upperFemale, WELFARE, ['pass', 'pass', 'refer']],
    ['male', upperMale, WAIVED, ['pass', 'pass', 'pass']],
    ['female', upperFemale, WAIVED, ['pass', 'pass', 'pass']],
    ['male', upperMale, { ageWaiver: true }, ['pass', 'pass', 'fail']],
    ['male', upperMale, { ageWaiver: true, publicWelfarePost: false }, ['pass', 'pass', 'fail']],
  ] as const)('age.working: %s around the birthday of %i with %o', (sex, years, status, outcomes) => {
    expect(around.map((days) => outcomeOn(request('project/enterprise', sex, years, days, status), RULE))).toEqual(
      outcomes,
    );
  });

  test.each(ROUTE_NAMES)('age.working: %s', (route) => {
    const on = sampleRequest(route).claim.class?.startsOn ?? SAMPLE_DATES.issuedOn;
    const domestic = route === 'pre-job/domestic-service';
    const project = route.startsWith('project');
    const women = domestic ? upperFemaleDomestic : upperFemale;
    const outcomes = (sex: 'male' | 'female', years: number, status: TraineeStatus = {}) =>
      around.map((days) => outcomeOn(request(route, sex, years, days, status, on), RULE));
    expect(outcomes('female', women)).toEqual(['pass', 'pass', 'fail']);
    expect(outcomes('male', upperMale)).toEqual(['pass', 'pass', 'fail']);
    expect(outcomes('male', upperMale, WAIVED)).toEqual(['pass', 'pass', project ? 'pass' : 'fail']);
    expect(outcomes('male', upperMale, WELFARE)).toEqual(['pass', 'pass', project ? 'refer' : 'fail']);
  });

  test('age.working: without class and certificate the submission is the reference date', () => {
    const on = SAMPLE_DATES.submittedOn;
    const outcomes = around.map((days) => {
      const birthDate = addDays(addYears(on, -upperMale), -days);
      const person = { line: { idNumber: idNumber(birthDate, 'male') } };
      return outcomeOn(sampleRequest('qualification/enterprise', { ...person, certificates: [] }), RULE);
    });
    expect(outcomes).toEqual(['pass', 'pass', 'fail']);
  });

  test('age.working: 29 February birthdays fall on 28 February in other years', () => {
    const on = (startDate: string, birthDate: string, sex: 'male' | 'female') =>
      outcomeOn(
        sampleRequest('project/enterprise', {
          line: { idNumber: idNumber(birthDate, sex) },
          class: { startsOn: startDate, endsOn: startDate },
        }),
        RULE,
      );
    // 50 on 2022-02-28, 16 on 2021-02-28
    expect(on('2022-02-28', '1972-02-29', 'female')).toBe('pass');
    expect(on('2022-03-01', '1972-02-29', 'female')).toBe('fail');
    expect(on('2020-02-28', '2004-02-29', 'male')).toBe('fail');
    expect(on('2020-02-29', '2004-02-29', 'male')).toBe('pass');
    expect(on('2020-02-29', '1960-02-29', 'male')).toBe('pass');
    expect(on('2020-03-01', '1960-02-29', 'male')).toBe('fail');
  });

  test('age.working: not judged where the identity is not established', () => {
    for (const line of [{ name: ' ' }, { idNumber: '1' }, { idNumber: idNumber('2021-01-01', 'male') }]) {
      expect(outcomeOn(sampleRequest('project/enterprise', { line }), RULE)).toBe('not applicable');
    }
  });

  test('age.working: says the age and the limit, never the birth date', () => {
    const old = findingOn(request('pre-job/enterprise', 'female', upperFemale, 1), RULE);
    expect(old?.message).toBe('学员在2020-09-07为50周岁，已过女性上限50周岁，不在法定劳动年龄段内，不予补贴（五(一)）');
    expect(old?.facts).toEqual({ sex: 'female', age: 50, on: startsOn, lower: 16, upper: 50 });
    expect(findingOn(request('pre-job/enterprise', 'male', lower, -1), RULE)?.message).toContain(
      '为15周岁，未满16周岁',
    );
    expect(findingOn(request('pre-job/enterprise', 'male', 61, 0), RULE)?.message).toContain(
      '为61周岁，已过男性上限60周岁',
    );
    expect(findingOn(request('project/enterprise', 'male', 61, 0, WELFARE), RULE)?.message).toContain('公益性岗位');
  });

  describe('ageUpperBound completed-years', () => {
    const edition = reading({ ageUpperBound: 'completed-years' });
    test.each([
      ['male', upperMale],
      ['female', upperFemale],
    ] as const)('age.working: %s until the day before the next birthday of %i', (sex, years) => {
      const outcome = (birthday: number, days: number) =>
        outcomeOn(request('pre-job/enterprise', sex, birthday, days), RULE, 0, edition);
      expect(around.map((days) => outcome(years, days))).toEqual(['pass', 'pass', 'pass']);
      expect(around.map((days) => outcome(years + 1, days))).toEqual(['pass', 'fail', 'fail']);
    });
  });

  describe('ageReference with the submission', () => {
    const edition = reading({ ageReference: 'reference-date-and-submission' });
    const { submittedOn } = SAMPLE_DATES;

    test('age.working: both dates must hold at the upper limit', () => {
      const outcomes = around.map((days) =>
        outcomeOn(request('pre-job/enterprise', 'male', upperMale, days, {}, submittedOn), RULE, 0, edition),
      );
      expect(outcomes).toEqual(['pass', 'pass', 'fail']);
    });

    test('age.working: old enough when claiming only is not enough', () => {
      expect(outcomeOn(request('pre-job/enterprise', 'male', lower, -1), RULE, 0, edition)).toBe('fail');
      expect(outcomeOn(request('pre-job/enterprise', 'male', lower, 0, {}, submittedOn), RULE, 0, edition)).toBe(
        'fail',
      );
    });

    test('age.working: a submission before the start counts too', () => {
      const born = addYears(startsOn, -lower);
      const early = sampleRequest('pre-job/enterprise', {
        line: { idNumber: idNumber(born, 'male') },
        claim: { submittedOn: addDays(startsOn, -1) },
      });
      expect(outcomeOn(early, RULE)).toBe('pass');
      expect(outcomeOn(early, RULE, 0, edition)).toBe('fail');
    });
  });

  describe('ageOutside refer', () => {
    const edition = reading({ ageOutside: 'refer' });
    test('age.working: an officer decides on the young and the old', () => {
      const outcome = (years: number, days: number) =>
        outcomeOn(request('pre-job/enterprise', 'male', years, days), RULE, 0, edition);
      expect([outcome(lower, -1), outcome(lower, 0), outcome(upperMale, 0), outcome(upperMale, 1)]).toEqual([
        'refer',
        'pass',
        'pass',
        'refer',
      ]);
      expect(findingOn(request('pre-job/enterprise', 'male', 62, 0), RULE, 0, edition)?.message).toContain('原则上');
    });
  });
});
