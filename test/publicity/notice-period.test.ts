import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysLeft, noticePeriod, periodEnd } from '../../shared/publicity/notice-period.ts';
import { CALENDAR_VERSION, dayAfter, isWorkingDay } from '../../shared/publicity/working-days.ts';

const five = { days: 5, unit: 'working', firstDayCounts: false } as const;

describe('notice period', () => {
  test.each([
    ['2021-12-13', '2021-12-20'],
    ['2021-09-15', '2021-09-23'],
    ['2021-09-27', '2021-10-09'],
    ['2020-09-25', '2020-10-09'],
    ['2021-12-28', '2022-01-05'],
    ['2022-01-26', '2022-02-07'],
  ])('5 working days from %s end on %s', (publishedOn, lastDay) => {
    expect(noticePeriod(publishedOn, five)).toEqual({
      publishedOn,
      lastDay,
      ...five,
      calendarVersion: CALENDAR_VERSION,
    });
  });

  test('the first day may count, and days may be calendar days', () => {
    expect(noticePeriod('2021-12-13', { ...five, firstDayCounts: true }).lastDay).toBe('2021-12-17');
    expect(noticePeriod('2021-12-13', { days: 7, unit: 'calendar', firstDayCounts: false }).lastDay).toBe('2021-12-20');
    expect(noticePeriod('2021-12-13', { days: 1, unit: 'calendar', firstDayCounts: true }).lastDay).toBe('2021-12-13');
    // 南平 8-17→8-23 counts the first day, 启东 4-07→4-14 does not.
    expect(noticePeriod('2021-08-17', { ...five, firstDayCounts: true }).lastDay).toBe('2021-08-23');
    expect(noticePeriod('2025-04-07', five).lastDay).toBe('2025-04-14');
  });

  test('no end is promised in a year without a paper', () => {
    expect(noticePeriod('2026-12-24', five).lastDay).toBe('2026-12-31');
    expect(() => noticePeriod('2026-12-25', five)).toThrow(
      expect.objectContaining({ code: 'temporarily-unavailable' }),
    );
    expect(noticePeriod('2026-12-25', { ...five, unit: 'calendar' }).lastDay).toBe('2026-12-30');
  });

  test('it is over at 24:00 of the last day in Asia/Shanghai', () => {
    expect(periodEnd({ lastDay: '2021-12-20' }).toISOString()).toBe('2021-12-20T16:00:00.000Z');
  });

  test('days left are counted with today', () => {
    const period = noticePeriod('2021-09-15', five);
    const left = (today: string) => daysLeft(period, today);
    expect(['2021-09-15', '2021-09-16', '2021-09-18', '2021-09-19', '2021-09-22', '2021-09-23'].map(left)).toEqual([
      5, 5, 3, 2, 2, 1,
    ]);
    expect(left('2021-09-24')).toBe(0);
  });

  test('a period holds exactly its days, and ends on one of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 365 * 6 }),
        fc.integer({ min: 1, max: 15 }),
        fc.boolean(),
        (offset, days, firstDayCounts) => {
          const publishedOn = dayAfter('2019-01-01', offset);
          const { lastDay } = noticePeriod(publishedOn, { days, unit: 'working', firstDayCounts });
          let counted = 0;
          for (let date = firstDayCounts ? publishedOn : dayAfter(publishedOn); date <= lastDay; date = dayAfter(date))
            if (isWorkingDay(date)) counted += 1;
          expect([counted, isWorkingDay(lastDay)]).toEqual([days, true]);
        },
      ),
      { seed: 58, numRuns: 300 },
    );
  });
});
