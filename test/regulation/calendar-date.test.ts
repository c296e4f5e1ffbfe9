import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  addYears,
  calendarDate,
  completedYears,
  dayNumber,
  dayOf,
  daysBetween,
  isCalendarDate,
  isExistingDay,
  isWithinMonths,
  isWithinYears,
  monthOf,
  yearOf,
} from '../../shared/regulation/calendar-date.ts';

const SEED = 20_200_058;
const MS_PER_DAY = 86_400_000;
const iso = (day: number) => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
/** Days of the years 1600 to 2399. */
const day = fc.integer({ min: -135_140, max: 157_053 });

describe('calendar dates', () => {
  test.each([
    ['2020-02-29', true],
    ['2019-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2020-02-30', false],
    ['2020-04-30', true],
    ['2020-04-31', false],
    ['2020-06-31', false],
    ['2020-09-31', false],
    ['2020-11-31', false],
    ['2020-01-31', true],
    ['2020-12-31', true],
    ['2020-12-32', false],
    ['2020-13-01', false],
    ['2020-00-10', false],
    ['2020-01-00', false],
    ['2020-1-01', false],
    ['2020/01/01', false],
    ['20200101', false],
    ['2020-01-01 ', false],
    ['2020-01-01T00:00:00', false],
    ['2020-01-1a', false],
    ['２０２０-01-01', false],
    ['-020-01-01', false],
    ['2020-01/01', false],
    ['2020/01-01', false],
    ['0000-01-01', true],
    ['9999-12-31', true],
    ['', false],
  ])('%j exists: %s', (text, exists) => {
    expect(isCalendarDate(text)).toBe(exists);
  });

  test('exactly the texts that name a day are dates', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1600, max: 2399 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 40 }),
        (year, month, date) => {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
          const parsed = new Date(`${text}T00:00:00Z`);
          const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
          expect(isCalendarDate(text)).toBe(exists);
          expect(isExistingDay(year, month, date)).toBe(exists);
        },
      ),
      { seed: SEED, numRuns: 2000 },
    );
  });

  test('a date is its year, month and day', () => {
    fc.assert(
      fc.property(day, (number) => {
        const date = iso(number);
        expect(calendarDate(yearOf(date), monthOf(date), dayOf(date))).toBe(date);
      }),
      { seed: SEED },
    );
    expect(calendarDate(987, 6, 5)).toBe('0987-06-05');
  });

  test('day numbers agree with the platform’s calendar', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -4000, max: 4000 }), (number, more) => {
        const date = iso(number);
        expect(dayNumber(date)).toBe(number);
        expect(addDays(date, more)).toBe(iso(number + more));
        expect(daysBetween(date, iso(number + more))).toBe(more);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test.each([
    ['2020-01-31', 1, '2020-02-29'],
    ['2021-01-31', 1, '2021-02-28'],
    ['2020-03-31', 1, '2020-04-30'],
    ['2020-02-29', 12, '2021-02-28'],
    ['2020-02-29', 48, '2024-02-29'],
    ['2020-11-30', 3, '2021-02-28'],
    ['2020-12-15', 1, '2021-01-15'],
    ['2020-01-15', -1, '2019-12-15'],
    ['2020-03-31', -1, '2020-02-29'],
    ['2020-06-15', 0, '2020-06-15'],
  ])('%s plus %i months is %s', (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });

  test('a year is twelve months', () => {
    expect(addYears('2020-02-29', 1)).toBe('2021-02-28');
    expect(addYears('2020-05-01', -16)).toBe('2004-05-01');
  });

  test('within N months is from the day itself to the day that addMonths gives, both included', () => {
    fc.assert(
      fc.property(day, fc.nat({ max: 40 }), fc.integer({ min: -3, max: 3 }), (number, months, off) => {
        const start = iso(number);
        const last = addMonths(start, months);
        expect(isWithinMonths(addDays(last, off), start, months)).toBe(off <= 0 && addDays(last, off) >= start);
        expect(isWithinMonths(addDays(start, -1), start, months)).toBe(false);
        expect(isWithinMonths(start, start, months)).toBe(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('within N years', () => {
    expect(isWithinYears('2022-06-30', '2020-06-30', 2)).toBe(true);
    expect(isWithinYears('2022-07-01', '2020-06-30', 2)).toBe(false);
    expect(isWithinYears('9999-12-31', '9999-06-30', 2)).toBe(true);
  });

  test.each([
    ['2000-05-20', '2016-05-19', 15],
    ['2000-05-20', '2016-05-20', 16],
    ['2000-02-29', '2016-02-28', 15],
    ['2000-02-29', '2017-02-27', 16],
    ['2000-02-29', '2017-02-28', 17],
    ['2000-05-20', '2000-05-20', 0],
    ['2000-05-20', '2000-05-19', -1],
    ['2000-12-01', '2016-11-30', 15],
  ])('born %s, on %s, is %i', (birthDate, date, years) => {
    expect(completedYears(birthDate, date)).toBe(years);
  });
});
