import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalIdentityNumber,
  checkCharacter,
  maskIdentityNumber,
  personOf,
  readIdentityNumber,
} from '../../shared/regulation/identity-number.ts';
import { idNumber } from './sample-requests.ts';

const SEED = 20_200_058;

describe('identity numbers', () => {
  test('the sample of GB 11643', () => {
    expect(readIdentityNumber('11010519491231002X')).toEqual({ valid: true, birthDate: '1949-12-31', sex: 'female' });
    expect(readIdentityNumber('440524188001010014')).toEqual({ valid: true, birthDate: '1880-01-01', sex: 'male' });
    expect(checkCharacter('11010519491231002')).toBe('X');
    expect(checkCharacter('1101051949123100')).toBeUndefined();
    expect(checkCharacter('1101051949123100A')).toBeUndefined();
  });

  test('a changed digit, or two neighbours exchanged, is noticed', () => {
    const digits = fc.integer({ min: 0, max: 499 });
    fc.assert(
      fc.property(digits, fc.nat({ max: 16 }), fc.integer({ min: 1, max: 9 }), (serial, place, step) => {
        const number = idNumber('1990-05-20', 'male', serial);
        const changed = Array.from(number);
        changed[place] = String((Number(number[place]) + step) % 10);
        expect(readIdentityNumber(changed.join('')).valid).toBe(false);
        const exchanged = Array.from(number);
        [exchanged[place], exchanged[place + 1]] = [number[place + 1] ?? '', number[place] ?? ''];
        const same = number[place] === number[place + 1];
        expect(readIdentityNumber(exchanged.join('')).valid).toBe(same);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('nothing makes it throw, and what is valid says a real birth date', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[0-9]{17}[0-9Xx]$/u)), (text) => {
        const reading = readIdentityNumber(text);
        const sound = reading.valid
          ? new Date(`${reading.birthDate}T00:00:00Z`).toISOString().startsWith(reading.birthDate)
          : ['length', 'characters', 'birth-date', 'check-digit'].includes(reading.fault);
        expect(sound).toBe(true);
        expect(readIdentityNumber(personOf(text))).toEqual(reading);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  test('the person of a number: a final x is X, and nothing else is repaired', () => {
    expect(personOf('11010519491231002x')).toBe('11010519491231002X');
    expect(personOf('x1x')).toBe('x1X');
    expect(personOf(' 1 x ')).toBe(' 1 x ');
    expect(personOf('')).toBe('');
  });

  test('the canonical form of what people typed', () => {
    expect(canonicalIdentityNumber(' １１０１０５ 19491231\t002x ')).toBe('11010519491231002X');
    expect(canonicalIdentityNumber('11010519491231002Ｘ')).toBe('11010519491231002X');
    expect(canonicalIdentityNumber('')).toBe('');
  });

  test('a mask shows neither birth date nor sequence', () => {
    expect(maskIdentityNumber('11010519491231002X')).toBe('110*************2X');
    expect(maskIdentityNumber('1101051949123100')).toBe('****************');
    expect(maskIdentityNumber('')).toBe('');
    expect(maskIdentityNumber('1'.repeat(100))).toBe('*'.repeat(18));
  });
});
