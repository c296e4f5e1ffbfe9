import { describe, expect, test } from 'vitest';
import { addDays } from '../../../shared/regulation/calendar-date.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from '../sample-requests.ts';
import { ROUTE_NAMES, SAMPLE_DATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn, reading } from '../verdicts.ts';

const WITH_CLASS = ROUTE_NAMES.filter((route) => sampleRequest(route).claim.class !== undefined);
const WITHOUT_CLASS = ROUTE_NAMES.filter((route) => !WITH_CLASS.includes(route));
const FLEXIBLE = 'pre-job/domestic-service';
const { startsOn } = SAMPLE_DATES;
const { days: lead } = wenzhou202058.parameters.filingLeadDays;

const filed = (route: RouteName, filedOn: string | undefined) => sampleRequest(route, { class: { filedOn } });

test('every route but three has a class', () => {
  expect(WITHOUT_CLASS).toEqual(['qualification/individual', 'qualification/competition', 'qualification/enterprise']);
});

describe('filing.accepted', () => {
  test.each(WITH_CLASS)('filing.accepted: %s', (route) => {
    const outcome = (taught: object) => outcomeOn(sampleRequest(route, { class: taught }), 'filing.accepted');
    expect(outcome({ filingAccepted: true })).toBe('pass');
    expect(outcome({ filingAccepted: false })).toBe('fail');
    expect(outcome({ filingAccepted: undefined })).toBe('fail');
    expect(outcome({ filedOn: undefined })).toBe('fail');
  });

  test('filing.accepted: never filed and not accepted are told apart', () => {
    const message = (taught: object) =>
      findingOn(sampleRequest('project/enterprise', { class: taught }), 'filing.accepted')?.message;
    expect(message({ filedOn: undefined })).toContain('没有开班备案');
    expect(message({ filingAccepted: false })).toContain('未获受理');
  });

  test.each(WITHOUT_CLASS)('filing.accepted, filing.before-start, class.dates: not on %s', (route) => {
    for (const rule of ['filing.accepted', 'filing.before-start', 'class.dates']) {
      expect(outcomeOn(sampleRequest(route), rule)).toBe('not applicable');
    }
  });
});

describe('filing.before-start', () => {
  test.each(WITH_CLASS.filter((route) => route !== FLEXIBLE))('filing.before-start: %s', (route) => {
    const ahead = [-1, 0, 1, lead - 1, lead, lead + 1];
    const outcomes = ahead.map((days) => outcomeOn(filed(route, addDays(startsOn, -days)), 'filing.before-start'));
    expect(outcomes).toEqual(['fail', 'fail', 'refer', 'refer', 'pass', 'pass']);
  });

  test('filing.before-start: domestic service is filed flexibly', () => {
    const ahead = [-1, 0, 1];
    const outcomes = ahead.map((days) => outcomeOn(filed(FLEXIBLE, addDays(startsOn, -days)), 'filing.before-start'));
    expect(outcomes).toEqual(['refer', 'pass', 'pass']);
  });

  test.each(WITH_CLASS)('filing.before-start: %s was never filed', (route) => {
    expect(outcomeOn(filed(route, undefined), 'filing.before-start')).toBe('not applicable');
  });

  test('filing.before-start: says how many days are lacking', () => {
    expect(findingOn(filed('project/enterprise', addDays(startsOn, -2)), 'filing.before-start')?.message).toBe(
      '开班前2日备案，少于一般要求的5日，差3日，请说明原因，由备案部门核定（三(一)）',
    );
    expect(findingOn(filed(FLEXIBLE, addDays(startsOn, 3)), 'filing.before-start')?.message).toContain('晚3日');
    expect(findingOn(filed('project/enterprise', startsOn), 'filing.before-start')?.message).toContain(
      `备案日期${startsOn}不早于开班日期${startsOn}`,
    );
  });

  describe('filingLeadDays in working days', () => {
    const edition = reading({ filingLeadDays: { days: 5, unit: 'working' } });
    // 2020-10-01 to 08 were days off, 2020-09-27 and 2020-10-10 worked weekend days.
    const start = '2020-10-09';
    const changes = (filedOn: string) => ({
      class: { filedOn, startsOn: start, endsOn: '2020-10-20' },
      claim: { submittedOn: '2020-11-02' },
    });
    const outcome = (filedOn: string) =>
      outcomeOn(sampleRequest('project/enterprise', changes(filedOn)), 'filing.before-start', 0, edition);

    test('filing.before-start: counts working days from the day of filing to the day before the start', () => {
      // 9/25 Friday, 9/27 worked Sunday, 9/28, 9/29, 9/30
      expect(outcome('2020-09-24')).toBe('pass');
      expect(outcome('2020-09-25')).toBe('pass');
      expect(outcome('2020-09-26')).toBe('refer');
      expect(outcome('2020-09-27')).toBe('refer');
      expect(outcome('2020-10-08')).toBe('refer');
      expect(outcome('2020-10-09')).toBe('fail');
    });

    test('filing.before-start: says working days', () => {
      const request = sampleRequest('project/enterprise', changes('2020-09-28'));
      expect(findingOn(request, 'filing.before-start', 0, edition)?.message).toContain(
        '开班前3个工作日备案，少于一般要求的5个工作日，差2个工作日',
      );
    });

    test('filing.before-start: where no holiday paper is published yet, an officer counts', () => {
      const request = sampleRequest('project/enterprise', {
        class: { filedOn: '2022-12-01', startsOn: '2023-01-10', endsOn: '2023-01-12' },
        claim: { submittedOn: '2023-02-01' },
      });
      const { message, outcome: came } = findingOn(request, 'filing.before-start', 0, edition) ?? {};
      expect([came, message]).toEqual([
        'refer',
        '2022-12-01至2023-01-10没有已公布的放假安排，无法计算工作日，请备案部门核定提前天数（三(一)）',
      ]);
    });
  });
});

describe('class.dates', () => {
  test.each(WITH_CLASS)('class.dates: %s begins, ends, is claimed for', (route) => {
    const outcome = (starts: string, ends: string, submittedOn: string) =>
      outcomeOn(
        sampleRequest(route, { class: { startsOn: starts, endsOn: ends }, claim: { submittedOn } }),
        'class.dates',
      );
    expect(outcome('2020-09-07', '2020-09-07', '2020-09-07')).toBe('pass');
    expect(outcome('2020-09-07', '2020-09-06', '2020-09-07')).toBe('fail');
    expect(outcome('2020-09-07', '2020-09-08', '2020-09-07')).toBe('fail');
    expect(outcome('2020-09-07', '2020-09-08', '2020-09-08')).toBe('pass');
    expect(outcome('2020-09-07', '2020-09-08', '2020-09-09')).toBe('pass');
  });

  test('class.dates: says what is out of order', () => {
    const message = (taught: object, submittedOn: string) =>
      findingOn(sampleRequest('project/enterprise', { class: taught, claim: { submittedOn } }), 'class.dates')?.message;
    expect(message({ startsOn: '2020-09-07', endsOn: '2020-09-06' }, '2020-09-08')).toContain('晚于结束日期2020-09-06');
    expect(message({ startsOn: '2020-09-07', endsOn: '2020-09-10' }, '2020-09-08')).toContain(
      '申领日期2020-09-08早2日',
    );
  });
});
