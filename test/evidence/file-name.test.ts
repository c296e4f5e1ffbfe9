import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptFileName } from '../../shared/evidence/file-name.ts';

test.each([
  ['签到表（第1天）.pdf', '签到表（第1天）.pdf'],
  ['C:\\Users\\陈\\扫描件.jpg', '扫描件.jpg'],
  ['../../etc/passwd', 'passwd'],
  ['张三330302199001011234.pdf', '张三330***34.pdf'],
  ['张三33030219900101123X.pdf', '张三330***3X.pdf'],
  ['李四330302900101123.pdf', '李四330***23.pdf'],
  ['卡6222021203012345678.png', '卡622***78.png'],
  ['３３０３０２１９９００１０１１２３４.pdf', '330***34.pdf'],
  ['13800138000王五.pdf', '138****00王五.pdf'],
  ['20210315签到.pdf', '20210315签到.pdf'],
  ['a\u0000b\u202e.pdf', 'ab.pdf'],
  ['   ', '未命名文件'],
  ['资料/', '未命名文件'],
])('%s is kept as %s', (name, kept) => {
  expect(keptFileName(name)).toBe(kept);
});

test('whatever a name is, no long number, folder or control character is kept, and it stays short', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789Xx/\\ \n张.')), maxLength: 300 }),
      (name) => {
        const kept = keptFileName(name);
        expect(kept).not.toMatch(/\d{14}[\dXx]|[/\\\p{Cc}]/u);
        expect(kept).not.toMatch(/(?<!\d)1[3-9]\d{9}(?!\d)/);
        expect(Array.from(kept).length).toBeLessThanOrEqual(120);
        expect(kept).not.toBe('');
      },
    ),
    { seed: 20_200_058, numRuns: 1000 },
  );
});
