import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NoticeRow } from '../../shared/publicity/notice-row.ts';
import { unitsCsv } from '../../shared/publicity/units-csv.ts';
import { documentOf, unit } from '../support/published-document.ts';

type Line = Record<string, string>;
const linesOf = (programme: Parameters<typeof documentOf>[0], rows: readonly NoticeRow[]): Line[] =>
  parse(unitsCsv(documentOf(programme, rows)), { bom: true, columns: true });
const sumOf = (lines: readonly Line[], column: string): number =>
  Math.round(lines.reduce((sum, line) => sum + Number(line[column]), 0) * 100);

describe('the units of a notice for a spreadsheet', () => {
  test('a byte-order mark, the columns of the printed annex, figures without grouping', () => {
    const csv = unitsCsv(documentOf('project', [unit({ subject: '车工', hours: 20, amountFen: 123_456_750 })]));
    expect(csv.charCodeAt(0)).toBe(0xfeff);
    expect(csv.slice(1).split('\r\n')).toEqual([
      '序号,培训机构,培训项目,行业主管部门,人数（人）,培训形式,培训课时（课时）,补贴标准（元/人）,补贴金额（元）,合计补贴（元）,备注',
      '1,甲公司,车工,—,2,,20,500,1000,1234567.50,申请2人，核准2人',
      '',
    ]);
  });

  test('an item is a line that names its unit; a figure of the whole row stands in the first', () => {
    const items = [
      { occupation: '车工', level: 'senior', heads: 1, standardFen: 240_000, amountFen: 240_000 },
      { occupation: '钳工', level: 'junior', heads: 2, standardFen: 120_000, amountFen: 240_000 },
    ] as const;
    const rows = [unit({ heads: 3, amountFen: 480_000, items: [...items] }), unit({ unitName: '乙公司' })];
    const lines = linesOf('qualification', rows);
    expect(lines.map((line) => [line['序号'], line['单位'], line['职业（工种）'], line['补贴金额（元）']])).toEqual([
      ['1', '甲公司', '车工', '2400'],
      ['1', '甲公司', '钳工', '2400'],
      ['2', '乙公司', '', '1000'],
    ]);
    expect(lines.map((line) => line['合计补贴（元）'])).toEqual(['4800', '', '1000']);
  });

  test('cells that a spreadsheet would take for a formula begin with an apostrophe', () => {
    const names = ['=1+1', '+86', '-1', '@SUM(A1)', '\tx', '\rx', '甲=乙'];
    const lines = linesOf(
      'project',
      names.map((unitName) => unit({ unitName, remark: '=HYPERLINK("x")' })),
    );
    expect(lines.map((line) => line['培训机构']?.slice(0, 2))).toEqual(["'=", "'+", "'-", "'@", "'\t", "'\r", '甲=']);
    for (const line of lines) expect(line['备注']).toBe('\'=HYPERLINK("x")');
  });

  test('persons are not in it: a notice of persons alone has the heads of the columns only', () => {
    const person = {
      kind: 'person',
      name: '赵六六',
      idMasked: '330*************1X',
      heads: 1,
      amountFen: 1,
      remark: '',
    };
    const csv = unitsCsv(documentOf('qualification', [person as NoticeRow]));
    expect(csv.slice(1)).toBe(
      '序号,单位,职业（工种）,等级,人数（人）,补贴标准（元/人）,补贴金额（元）,合计补贴（元）,备注\r\n',
    );
    const mixed = unitsCsv(documentOf('qualification', [person as NoticeRow, unit({})]));
    expect(mixed).not.toMatch(/赵|330/);
    expect(mixed).toContain('甲公司');
  });

  test('whatever the items, columns sum to what was published', () => {
    const item = fc.record({ heads: fc.integer({ min: 1, max: 5000 }), amountFen: fc.integer({ min: 0, max: 5e9 }) });
    fc.assert(
      fc.property(fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (units) => {
        const rows = units.map((items) => {
          const heads = items.reduce((sum, one) => sum + one.heads, 0);
          return unit({ heads, items, amountFen: items.reduce((sum, one) => sum + one.amountFen, 0) });
        });
        const { amountFen, heads } = documentOf('qualification', rows).totals;
        const lines = linesOf('qualification', rows);
        expect(sumOf(lines, '补贴金额（元）')).toBe(amountFen);
        expect(sumOf(lines, '合计补贴（元）')).toBe(amountFen);
        expect(sumOf(lines, '人数（人）')).toBe(heads * 100);
      }),
      { seed: 58, numRuns: 200 },
    );
  });
});
