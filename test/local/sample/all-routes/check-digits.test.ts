import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityNumber, unifiedCode } from '../../../../local/sample/all-routes/check-digits.ts';
import { isUnifiedCode } from '../../../../shared/organisations/unified-code.ts';
import { readIdentityNumber } from '../../../../shared/regulation/identity-number.ts';

const seed = { seed: 58 };

test('identity numbers end as GB 11643 reads them', () => {
  expect(identityNumber('11010519491231002')).toBe('11010519491231002X');
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 999 }), (order) => {
      expect(readIdentityNumber(identityNumber(`33030219900601${order}`)).valid).toBe(true);
    }),
    seed,
  );
});

test('unified codes end as GB 32100 reads them, and one with a letter it lacks is none', () => {
  const letters = fc.constantFrom(...Array.from('0123456789ABCDEFGHJKLMNPQRTUWXY'));
  const nine = fc.string({ unit: letters, minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(nine, (last) => {
      expect(isUnifiedCode(unifiedCode(`91330302${last}`))).toBe(true);
    }),
    seed,
  );
  expect(() => unifiedCode('91330302MA2ZZZZZ1')).toThrow(RangeError);
});
