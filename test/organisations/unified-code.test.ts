import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUnifiedCode } from '../../shared/organisations/unified-code.ts';

const alphabet = Array.from('0123456789ABCDEFGHJKLMNPQRTUWXY');
const character = fc.constantFrom(...alphabet);

test.each(['91350100M000100Y43', '91330302MA2ABCDE11'])('%s checks', (code) => {
  expect(isUnifiedCode(code)).toBe(true);
});

test.each([
  '',
  '91350100M000100Y4',
  '91350100M000100Y430',
  '91350100M000100Y44',
  '9135O100M000100Y43',
  '91350100m000100y43',
])('%j does not', (code) => {
  expect(isUnifiedCode(code)).toBe(false);
});

test('exactly one check character fits any 17, the one written 0 for 31 among them', () => {
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 17, maxLength: 17 }), (first) => {
      expect(alphabet.filter((check) => isUnifiedCode(first + check))).toHaveLength(1);
    }),
    { seed: 58 },
  );
});

test('a single wrong character never checks', () => {
  fc.assert(
    fc.property(fc.nat(16), character, (at, wrong) => {
      const code = '91350100M000100Y43';
      fc.pre(code[at] !== wrong);
      expect(isUnifiedCode(code.slice(0, at) + wrong + code.slice(at + 1))).toBe(false);
    }),
    { seed: 58 },
  );
});
