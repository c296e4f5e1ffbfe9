import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statedName, withoutWhiteSpace } from '../../shared/regulation/white-space.ts';

test('every kind of white space is taken out, wherever it stands', () => {
  expect(withoutWhiteSpace('3D 打印技术')).toBe('3D打印技术');
  expect(withoutWhiteSpace('\u{feff} 车\t\n工\u{3000}\u{a0}')).toBe('车工');
  expect(withoutWhiteSpace('阀门技术（设计）')).toBe('阀门技术（设计）');
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(' ', '\t', '\u{3000}', '\u{2003}', '\u{feff}', '车', 'A', '（', 'é', '\u{1f600}'),
      }),
      (text) => {
        expect(withoutWhiteSpace(text)).toBe(text.replaceAll(/\s/gu, ''));
      },
    ),
    { seed: 20_200_058, numRuns: 1000 },
  );
});

test('a blank name is none', () => {
  expect(statedName(undefined)).toBeUndefined();
  expect(statedName('')).toBeUndefined();
  expect(statedName(' \u{3000}')).toBeUndefined();
  expect(statedName(' 车 工 ')).toBe('车工');
});
