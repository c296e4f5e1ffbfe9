import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineRecord } from '../../shared/claims/line-record.ts';
import { authorityName, departmentName } from '../../shared/publicity/authority-name.ts';
import { deductionRemark } from '../../shared/publicity/deduction-remark.ts';
import { html } from '../../shared/publicity/html.ts';
import { maskedName } from '../../shared/publicity/masked-name.ts';
import { claimReferences } from '../../shared/publicity/notice-document.ts';
import { isPublicLine } from '../../shared/publicity/notice-row.ts';
import { noticeTitle, printedTenThousands, printedYuan } from '../../shared/publicity/notice-text.ts';

describe('names in a public list', () => {
  test.each([
    ['张伟', '张*'],
    ['王小明', '王*明'],
    ['欧阳文静', '欧**静'],
    ['买买提·吐尔逊', '买*****逊'],
    ['𠮷野', '𠮷*'],
    [' 李 ', '*'],
    ['', '*'],
  ])('%s shows as %s', (name, shown) => {
    expect(maskedName(name)).toBe(shown);
  });

  test('at most the first and the last character ever show', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 2, maxLength: 12 }), (name) => {
        const characters = Array.from(name.trim());
        const open = Array.from(maskedName(name)).filter((character) => character !== '*').length;
        expect(open).toBeLessThanOrEqual(Math.min(2, Math.max(0, characters.length - 1)));
      }),
      { seed: 58 },
    );
  });
});

describe('the remark of a row', () => {
  const line = (st: LineRecord['st'], rule?: string): Pick<LineRecord, 'st' | 'findings' | 'decision'> => ({
    st,
    findings:
      rule === undefined ? [] : [{ rule, article: '', outcome: 'fail', correctable: false, message: '', facts: {} }],
  });
  const times = (n: number, each: ReturnType<typeof line>) => Array.from({ length: n }, () => each);
  const decision = {
    decision: 'refuse',
    reason: '',
    by: { subject: '', tenant: '', role: '', name: '' },
    at: '',
    of: 'referred',
  } as const;

  test('every head that is left out is counted once, under its reason, most frequent first', () => {
    const lines = [
      ...times(28, line('reserved')),
      line('refused', 'recipient.condition'),
      ...times(2, line('refused', 'quota.repeat')),
      { ...line('refused', 'age.working'), decision },
      line('released'),
      line('refused', 'some.later-rule'),
    ];
    expect(deductionRemark(lines, isPublicLine, 36)).toBe(
      '备案36人，申请34人，核准28人，扣除同一职业（项目）同一等级已享受2人、不符合补贴对象条件1人、其他原因1人、异议成立取消1人、经人工复核不予补贴1人',
    );
  });

  test('nothing left out, nothing filed: nothing is said of it', () => {
    expect(deductionRemark(times(3, line('publicised')), isPublicLine, undefined)).toBe('申请3人，核准3人');
  });

  test('approved and deducted always add up to applied', () => {
    const any = fc.array(
      fc.tuple(
        fc.constantFrom('reserved', 'held', 'refused', 'released'),
        fc.constantFrom('age.working', 'quota.annual', 'x'),
      ),
    );
    fc.assert(
      fc.property(any, (pairs) => {
        const text = deductionRemark(
          pairs.map(([st, rule]) => line(st as LineRecord['st'], rule)),
          isPublicLine,
          undefined,
        );
        const [, applied, approved] = /^申请(\d+)人，核准(\d+)人/.exec(text) ?? [];
        const deducted = [...(text.split('扣除')[1] ?? '').matchAll(/(\d+)人/g)].reduce(
          (sum, [, n]) => sum + Number(n),
          0,
        );
        expect([Number(applied), Number(approved) + deducted]).toEqual([pairs.length, pairs.length]);
      }),
      { seed: 58 },
    );
  });
});

describe('money and titles in print', () => {
  test.each([
    [1_400_000, '14,000', '1.4'],
    [36_350_000, '363,500', '36.35'],
    [2_240_000, '22,400', '2.24'],
    [134_050, '1,340.50', '0.13405'],
    [1, '0.01', '0.000001'],
    [0, '0', '0'],
    [100_000_000, '1,000,000', '100'],
  ])('%i fen', (fen, yuan, tenThousands) => {
    expect(printedYuan(fen)).toBe(yuan);
    expect(printedTenThousands(fen)).toBe(tenThousands);
  });

  test('titles and names are as documents write them', () => {
    expect(noticeTitle({ year: 2021, batch: 3 }, 'project')).toBe('关于2021年第3批项目制培训拟补贴情况的公示');
    expect(noticeTitle({ year: 2021, batch: 3, correction: 2 }, 'pre-job')).toBe(
      '关于更正2021年第3批岗前技能培训拟补贴情况的公示（第2次更正）',
    );
    expect(authorityName('hr-bureau/jingkai')).toBe('温州经济技术开发区人力资源局');
    expect(authorityName('industry-department/city/city/市应急管理局')).toBe('市应急管理局');
    expect(departmentName('hr-bureau/city')).toBeUndefined();
  });
});

describe('claim references', () => {
  test('are as short as they can be and never the same twice', () => {
    expect([...claimReferences(['AAAA11112222', 'BBBB11113333']).values()]).toEqual(['11112222', '11113333']);
    expect([...claimReferences(['AAAA11112222', 'BBBB11112222']).values()]).toEqual(['A11112222', 'B11112222']);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('0', '1'), minLength: 26, maxLength: 26 })),
        (ids) => {
          const references = [...claimReferences(ids).values()];
          return new Set(references).size === ids.length && references.every((tail, at) => ids[at]?.endsWith(tail));
        },
      ),
      { seed: 58 },
    );
  });
});

describe('html', () => {
  test('whatever is put in stays text, in elements and in quoted attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '=', '/', '!', '-') }), (hostile) => {
        const { text } = html`<p title="${hostile}">${hostile}</p>`;
        const inside = text.slice('<p title="'.length, -'</p>'.length);
        const [attribute = '', content = ''] = inside.split('">');
        expect(attribute + content).not.toMatch(/[<>"']/);
      }),
      { seed: 58 },
    );
  });

  test('pieces of HTML and lists of them go in as they are', () => {
    expect(html`<ul>${['<a>', 'b'].map((item) => html`<li>${item}</li>`)}</ul>${undefined}${7}`.text).toBe(
      '<ul><li>&lt;a&gt;</li><li>b</li></ul>7',
    );
  });
});
