import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDate, startOfBusinessDay } from '../../shared/clock/clock.ts';
import { idFromCause, randomIds } from '../../shared/clock/ids.ts';

describe('business dates are those of Shanghai', () => {
  test.each([
    ['2021-12-31T15:59:59.999Z', '2021-12-31'],
    ['2021-12-31T16:00:00.000Z', '2022-01-01'],
    ['2020-02-29T16:00:00.000Z', '2020-03-01'],
  ])('%s is on %s', (instant, date) => {
    expect(businessDate(new Date(instant))).toBe(date);
  });

  test('the start of a day is its first instant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (instant) => {
          const date = businessDate(instant);
          const start = startOfBusinessDay(date);
          expect(businessDate(start)).toBe(date);
          expect(businessDate(new Date(start.getTime() - 1)) < date).toBe(true);
        },
      ),
      { seed: 58 },
    );
  });
});

describe('ids', () => {
  test('one cause gives one id, another cause another', () => {
    expect(idFromCause('t', 's', 'r', 'k')).toBe(idFromCause('t', 's', 'r', 'k'));
    expect(idFromCause('a', 'bc')).not.toBe(idFromCause('ab', 'c'));
    expect(idFromCause('x')).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  test('random ids are of the same shape and do not repeat', () => {
    const ids = Array.from({ length: 1000 }, () => randomIds.next());
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
  });
});
