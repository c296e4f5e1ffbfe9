import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTimetable } from '../../../local/schedules/schedule-expression.ts';
import { firings } from '../../../local/schedules/scheduler.ts';

const at = (text: string): number => Date.parse(text);
const iso = (instant: number | undefined) => (instant === undefined ? undefined : new Date(instant).toISOString());
const created = at('2021-03-09T00:00:00Z');
const next = (expression: string, after: string, zone = 'Asia/Shanghai') =>
  iso(readTimetable(expression, zone, created).next(at(after)));

describe('next due instant', () => {
  test.each([
    ['cron(0 9 * * ? *)', '2021-03-09T00:59:59Z', '2021-03-09T01:00:00.000Z'],
    ['cron(0 9 * * ? *)', '2021-03-09T01:00:00Z', '2021-03-10T01:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2021-03-09T01:00:00Z', '2021-03-09T01:15:00.000Z'],
    ['cron(0 9 ? * MON-FRI *)', '2021-03-12T01:00:00Z', '2021-03-15T01:00:00.000Z'],
    // 1 is Sunday, so 2 is Monday
    ['cron(0 9 ? * 2 *)', '2021-03-09T01:00:00Z', '2021-03-15T01:00:00.000Z'],
    ['cron(0 9 ? * 1 *)', '2021-03-09T01:00:00Z', '2021-03-14T01:00:00.000Z'],
    ['cron(0 18 L * ? *)', '2021-02-09T00:00:00Z', '2021-02-28T10:00:00.000Z'],
    ['cron(0 9 ? * 6#3 *)', '2021-03-09T00:00:00Z', '2021-03-19T01:00:00.000Z'],
    // the year's edge in Shanghai is not the one in London
    ['cron(0 0 1 1 ? 2022)', '2021-12-31T00:00:00Z', '2021-12-31T16:00:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', '2021-12-31T00:00:00Z', undefined],
    ['rate(5 minutes)', '2021-03-09T00:04:59Z', '2021-03-09T00:05:00.000Z'],
    ['rate(5 minutes)', '2021-03-09T00:05:00Z', '2021-03-09T00:10:00.000Z'],
    ['rate(1 hour)', '2021-03-08T00:00:00Z', '2021-03-09T01:00:00.000Z'],
    ['rate(2 days)', '2021-03-10T00:00:00Z', '2021-03-11T00:00:00.000Z'],
    ['at(2021-03-10T09:00:00)', '2021-03-10T00:59:59Z', '2021-03-10T01:00:00.000Z'],
    ['at(2021-03-10T09:00:00)', '2021-03-10T01:00:00Z', undefined],
  ])('%s after %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  test('without a time zone it is UTC', () => {
    expect(next('cron(0 9 * * ? *)', '2021-03-09T00:00:00Z', 'UTC')).toBe('2021-03-09T09:00:00.000Z');
  });

  test.each(['every day', 'cron(0 9 * *)', 'rate(0 minutes)', 'rate(5 seconds)', 'at(tomorrow)', 'cron(a b c d e f)'])(
    '%s is refused',
    (expression) => {
      expect(() => readTimetable(expression, 'UTC', created)).toThrow(Error);
    },
  );
});

describe('last due instant', () => {
  test.each([
    ['cron(0 9 * * ? *)', '2021-03-10T01:00:00.000Z'],
    ['rate(7 hours)', '2021-03-09T21:00:00.000Z'],
    ['at(2021-03-10T00:30:00)', '2021-03-09T16:30:00.000Z'],
  ])('%s', (expression, expected) => {
    const timetable = readTimetable(expression, 'Asia/Shanghai', created);
    expect(iso(timetable.last(at('2021-03-10T01:00:00Z'), created))).toBe(expected);
    expect(timetable.last(at('2021-03-10T01:00:00Z'), at('2021-03-10T01:00:00Z') + 1)).toBeUndefined();
  });
});

describe('firings of an advance', () => {
  const between = (expression: string, from: string, to: string) =>
    firings(readTimetable(expression, 'Asia/Shanghai', created), at(from), at(to)).map(iso);

  test('a daily schedule fires every day, however long the advance', () => {
    const all = between('cron(0 9 * * ? *)', '2021-03-09T00:00:00Z', '2022-03-09T00:00:00Z');
    expect(all).toHaveLength(365);
    expect(all[0]).toBe('2021-03-09T01:00:00.000Z');
  });

  test('a frequent one fires eight times, the first and the last among them', () => {
    const all = between('rate(5 minutes)', '2021-03-09T00:00:00Z', '2021-03-16T00:02:00Z');
    expect(all).toHaveLength(8);
    expect([all[0], all.at(-1)]).toEqual(['2021-03-09T00:05:00.000Z', '2021-03-16T00:00:00.000Z']);
  });

  test('a short advance leaves out nothing', () => {
    expect(between('rate(5 minutes)', '2021-03-09T00:00:00Z', '2021-03-09T00:20:00Z')).toHaveLength(4);
    expect(between('rate(5 minutes)', '2021-03-09T00:00:00Z', '2021-03-09T00:04:59Z')).toHaveLength(0);
  });

  test('they are due instants, in order, within the span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 20_000 }), (skip, span) => {
        const timetable = readTimetable('cron(0/10 8-17 ? * MON-FRI *)', 'Asia/Shanghai', created);
        const from = created + skip * 60_000;
        const all = firings(timetable, from, from + span * 60_000);
        expect(all).toEqual(all.toSorted((a, b) => a - b));
        for (const one of all) {
          expect(timetable.next(one - 1)).toBe(one);
          expect(one > from && one <= from + span * 60_000).toBe(true);
        }
        expect(all.length > 0).toBe((timetable.next(from) ?? Infinity) <= from + span * 60_000);
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});
