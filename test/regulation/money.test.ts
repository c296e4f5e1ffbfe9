import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatYuan, roundHalfUp, yuan } from '../../shared/regulation/money.ts';

const SEED = 20_200_058;

describe('money', () => {
  test.each([
    [0, '0元'],
    [1, '0.01元'],
    [9, '0.09元'],
    [10, '0.10元'],
    [99, '0.99元'],
    [100, '1元'],
    [101, '1.01元'],
    [240_000, '2400元'],
    [198_250, '1982.50元'],
  ])('%i fen are written %s', (fen, text) => {
    expect(formatYuan(fen)).toBe(text);
  });

  test('what is written reads back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 }), (fen) => {
        const match = /^(\d+)(?:\.(\d\d))?元$/u.exec(formatYuan(fen));
        expect(BigInt(match?.[1] ?? -1) * 100n + BigInt(match?.[2] ?? 0)).toBe(BigInt(fen));
      }),
      { seed: SEED },
    );
  });

  test.each([
    [149, 100, 1],
    [150, 100, 2],
    [151, 100, 2],
    [1, 2, 1],
    [0, 7, 0],
    [7, 1, 7],
    [1, 3, 0],
    [2, 3, 1],
  ])('%i/%i rounds to %i', (numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator)).toBe(expected);
  });

  test('rounding is exact half up', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 50 }), fc.integer({ min: 1, max: 10_000 }), (numerator, denominator) => {
        const exact = (2n * BigInt(numerator) + BigInt(denominator)) / (2n * BigInt(denominator));
        expect(BigInt(roundHalfUp(numerator, denominator))).toBe(exact);
      }),
      { seed: SEED },
    );
  });

  test('yuan are a hundred fen', () => {
    expect(yuan(25)).toBe(2500);
  });
});
