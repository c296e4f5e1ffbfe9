import chineseDays from 'chinese-days';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../shared/regulation/calendar-date.ts';
import { WORKING_CALENDAR } from '../../shared/regulation/editions/wenzhou-2020-58/working-calendar.ts';
import { workingDaysBetween } from '../../shared/regulation/working-days.ts';

const between = (start: string, end: string) => workingDaysBetween(start, end, WORKING_CALENDAR);

describe('working days', () => {
  test('every day of the holiday papers, against another source', () => {
    const wrong: string[] = [];
    for (let date = WORKING_CALENDAR.from; date < WORKING_CALENDAR.to; date = addDays(date, 1)) {
      if (between(date, addDays(date, 1)) !== (chineseDays.getDayDetail(date).work ? 1 : 0)) wrong.push(date);
    }
    expect(wrong).toEqual([]);
  });

  test('the first day counts, the last does not', () => {
    expect(between('2020-10-09', '2020-10-09')).toBe(0);
    expect(between('2020-10-10', '2020-10-09')).toBe(0);
    expect(between('2020-10-09', '2020-10-10')).toBe(1);
    expect(between('2020-09-30', '2020-10-10')).toBe(2);
    expect(between('2020-06-01', '2020-07-01')).toBe(21);
  });

  test('outside the papers there is no answer', () => {
    expect(between('2018-12-31', '2019-01-05')).toBeUndefined();
    expect(between('2022-12-30', '2023-01-01')).toBeUndefined();
    expect(between('2022-12-30', '2022-12-31')).toBe(1);
    expect(between('2019-01-01', '2019-01-02')).toBe(0);
  });
});
