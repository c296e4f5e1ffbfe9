import { describe, expect, test } from 'vitest';
import {
  documentText,
  noticeDocumentSchema,
  readDocument,
  withoutPersonalRows,
} from '../../shared/publicity/notice-document.ts';
import { noticeListPage } from '../../shared/publicity/notice-list-page.ts';
import { atMoment, momentOf, noticePage } from '../../shared/publicity/notice-page.ts';
import type { NoticeRow } from '../../shared/publicity/notice-row.ts';
import type { Programme } from '../../shared/regulation/contract.ts';
import { documentOf, period, unit } from '../support/published-document.ts';

function headsOf(page: string): string[] {
  return [...page.matchAll(/<th scope="col"[^>]*>(.*?)<\/th>/g)].map(([, head = '']) =>
    head.replace(/<[^>]+>/g, '').replace(' ', ''),
  );
}

function cellsOf(page: string): Record<string, string>[] {
  const rows = [...page.matchAll(/<tr class="[^"]*">(<td.*?)<\/tr>/g)];
  return rows.map(([, row = '']) =>
    Object.fromEntries(
      [...row.matchAll(/data-label="([^"]*)"[^>]*>(.*?)<\/td>/g)].map(([, label = '', text = '']) => [label, text]),
    ),
  );
}

describe('the page of a notice', () => {
  const moment = momentOf({ period }, '2021-12-15', []);

  test.each<[Programme, NoticeRow, string[], Record<string, string>]>([
    [
      'project',
      unit({ subject: '电梯安装维修工', department: '市应急管理局', form: '行业主管部门委托', hours: 20 }),
      [
        '序号',
        '培训机构',
        '培训项目',
        '行业主管部门',
        '人数（人）',
        '培训形式',
        '培训课时（课时）',
        '补贴标准（元/人）',
        '补贴金额（元）',
        '合计补贴（元）',
        '备注',
      ],
      { 行业主管部门: '市应急管理局', '补贴标准（元/人）': '500', '合计补贴（元）': '1,000' },
    ],
    [
      'apprenticeship',
      unit({ filedHeads: 5, items: [{ heads: 2, amountFen: 100_000 }] }),
      ['序号', '单位', '计划人数（人）', '结业人数（人）', '本次金额（元）', '备注'],
      { '计划人数（人）': '5', '结业人数（人）': '2', '本次金额（元）': '1,000' },
    ],
    [
      'master-apprentice',
      unit({
        batchOfYear: 2,
        items: [{ occupation: '电工', level: 'senior', heads: 2, standardFen: 50_000, amountFen: 100_000 }],
      }),
      ['序号', '工作室', '期次', '职业（工种）', '等级', '人数（人）', '补贴金额（元）', '合计补贴（元）', '备注'],
      { 期次: '第2期', 等级: '高级' },
    ],
    [
      'entrepreneurship',
      unit({ subject: 'SYB', startsOn: '2021-11-01', endsOn: '2021-11-10' }),
      ['序号', '单位', '班型', '班次', '人数（人）', '补贴标准（元/人）', '补贴金额（元）', '备注'],
      { 班型: 'SYB', 班次: '2021年11月1日至2021年11月10日' },
    ],
    [
      'pre-job',
      unit({ startsOn: '2021-11-01', endsOn: '2021-11-01' }),
      ['序号', '单位', '班次', '人数（人）', '补贴标准（元/人）', '补贴金额（元）', '备注'],
      { '补贴金额（元）': '1,000' },
    ],
  ])('%s has the columns of its field', (programme, row, heads, cells) => {
    const page = noticePage(documentOf(programme, [row]), moment);
    expect(headsOf(page)).toEqual(heads);
    expect(cellsOf(page)[0]).toMatchObject(cells);
  });

  test('a unit with several occupations has one line for each, under one number and one sum', () => {
    const items = [
      { occupation: '保育员', level: 'junior', heads: 3, standardFen: 80_000, amountFen: 240_000 },
      { occupation: '电工', level: 'senior', heads: 1, standardFen: 240_000, amountFen: 240_000 },
    ] as const;
    const page = noticePage(
      documentOf('qualification', [unit({ items: [...items], heads: 4, amountFen: 480_000 })]),
      moment,
    );
    const [first, second] = cellsOf(page);
    expect(first).toMatchObject({ 序号: '1', '职业（工种）': '保育员', '合计补贴（元）': '4,800' });
    expect(second).toEqual({
      '职业（工种）': '电工',
      等级: '高级',
      '人数（人）': '1',
      '补贴标准（元/人）': '2,400',
      '补贴金额（元）': '2,400',
    });
    expect(page).toContain('data-label="序号" rowspan="2"');
  });

  test('equal facts give equal bytes, and bytes read back give the same bytes', () => {
    const rows = [unit({}), unit({ unitName: '乙公司' })];
    const text = documentText(documentOf('project', rows));
    expect(documentText(documentOf('project', rows))).toBe(text);
    expect(documentText(readDocument(text))).toBe(text);
  });

  test('a document holds what the allow-list names and refuses anything else', () => {
    const document = documentOf('project', [unit({})]);
    expect(noticeDocumentSchema.safeParse({ ...document, sheet: [] }).success).toBe(false);
    const [annex] = document.annexes;
    const leaking = { ...document, annexes: [{ ...annex, rows: [{ ...annex?.rows[0], personHash: 'x' }] }] };
    expect(noticeDocumentSchema.safeParse(leaking).success).toBe(false);
  });

  test('only the status and the form change with the moment; the sealed text stays to the byte', () => {
    const document = documentOf('project', [unit({})]);
    const sealed = noticePage(document, moment);
    const open = atMoment(sealed, document, { ...moment, takesObjections: true });
    expect(open).toContain('id="objection"');
    expect(open).toContain('还剩4个工作日');
    const corrections = [
      { noticeId: 'X', rowNos: [1, 2], cancelledRowNos: [], published: true },
      { noticeId: 'Y', rowNos: [3], cancelledRowNos: [4], published: false },
    ];
    const ended = atMoment(open, document, momentOf({ period }, '2021-12-21', corrections));
    expect(ended).toContain('公示已结束');
    expect(ended).toContain('第1、2行已更正并<a href="/notices/X">重新公示</a>');
    expect(ended).toContain('第3行正在更正');
    expect(ended).not.toContain('id="objection"');
    expect(atMoment(ended, document, moment)).toBe(sealed);
  });

  test('a list whose newest pages hold nothing that fits says that there is more to look through', () => {
    expect(noticeListPage([], {}, undefined, [])).toContain('没有符合条件的公示。');
    const going = noticeListPage([], {}, 'cursor', []);
    expect(going).toContain('最近的公示中没有符合条件的，请继续查看更早的公示。');
    expect(going).not.toContain('没有符合条件的公示');
  });

  test('a personal annex that is down leaves its totals', () => {
    const person: NoticeRow = {
      kind: 'person',
      name: '王小明',
      idMasked: '330*************12',
      heads: 1,
      amountFen: 5000,
      remark: '',
    };
    const document = withoutPersonalRows(documentOf('qualification', [unit({}), person]), '2022-01-20');
    const page = noticePage(document, momentOf({ period }, '2022-01-20', []));
    expect(page).toContain('个人明细已于2022年1月20日撤下。共1人，50元');
    expect(page).not.toMatch(/王\*明|330\*/);
    expect(page).toContain('甲公司');
  });
});
