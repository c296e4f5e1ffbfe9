import { LEVEL_TERMS, type Programme } from '../regulation/contract.ts';
import { chineseDate } from './chinese-date.ts';
import type { PersonAnnex, PublishedPerson, PublishedUnit } from './notice-document.ts';
import type { NoticeRowItem } from './notice-row.ts';
import { printedYuan } from './notice-text.ts';

/** A column of an annex: its head, and what it says of a row, or of each of the row's items. */
export type Column<Row> =
  | { label: string; look?: ColumnLook; ofRow: (row: Row) => string }
  | { label: string; look?: ColumnLook; ofItem: (item: NoticeRowItem, row: Row) => string };

/** How a column is set: `no` row numbers, `n` figures, `name` and `wide` texts that need room. */
type ColumnLook = 'no' | 'n' | 'name' | 'wide';

type UnitColumn = Column<PublishedUnit>;

const rowNo: Column<{ rowNo: number }> = { label: '序号', look: 'no', ofRow: (row) => String(row.rowNo) };
const remark: Column<{ remark: string }> = { label: '备注', look: 'wide', ofRow: (row) => row.remark };
const originalRowNo: Column<{ originalRowNo?: number | undefined }> = {
  label: '原序号',
  ofRow: (row) => String(row.originalRowNo ?? ''),
};

const unitName = (label: string): UnitColumn => ({ label, look: 'name', ofRow: (row) => row.unitName });
const heads: UnitColumn = { label: '人数（人）', look: 'n', ofItem: (item) => String(item.heads) };
const standard: UnitColumn = {
  label: '补贴标准（元/人）',
  look: 'n',
  ofItem: (item) => (item.standardFen === undefined ? '' : printedYuan(item.standardFen)),
};
const amount: UnitColumn = {
  label: '补贴金额（元）',
  look: 'n',
  ofItem: (item) => printedYuan(item.amountFen),
};
const sum = (label: string): UnitColumn => ({ label, look: 'n', ofRow: (row) => printedYuan(row.amountFen) });
const occupation: UnitColumn = { label: '职业（工种）', ofItem: (item) => item.occupation ?? '' };
const level: UnitColumn = {
  label: '等级',
  ofItem: (item) => (item.level === undefined ? '' : LEVEL_TERMS[item.level]),
};
const classDates: UnitColumn = {
  label: '班次',
  ofRow: ({ startsOn, endsOn }) =>
    startsOn === undefined || endsOn === undefined ? '' : `${chineseDate(startsOn)}至${chineseDate(endsOn)}`,
};

/** The columns of the units' annex by programme, as the field prints them. */
const unitColumnsOf: Readonly<Record<Programme, readonly UnitColumn[]>> = {
  project: [
    unitName('培训机构'),
    { label: '培训项目', ofRow: (row) => row.subject ?? '' },
    { label: '行业主管部门', ofRow: (row) => row.department ?? '—' },
    heads,
    { label: '培训形式', ofRow: (row) => row.form ?? '' },
    { label: '培训课时（课时）', look: 'n', ofRow: (row) => String(row.hours ?? '') },
    standard,
    amount,
    sum('合计补贴（元）'),
  ],
  qualification: [unitName('单位'), occupation, level, heads, standard, amount, sum('合计补贴（元）')],
  apprenticeship: [
    unitName('单位'),
    { label: '计划人数（人）', look: 'n', ofRow: (row) => String(row.filedHeads ?? '') },
    { label: '结业人数（人）', look: 'n', ofRow: (row) => String(row.heads) },
    sum('本次金额（元）'),
  ],
  'master-apprentice': [
    unitName('工作室'),
    { label: '期次', ofRow: (row) => (row.batchOfYear === undefined ? '' : `第${row.batchOfYear}期`) },
    occupation,
    level,
    heads,
    amount,
    sum('合计补贴（元）'),
  ],
  entrepreneurship: [
    unitName('单位'),
    { label: '班型', ofRow: (row) => row.subject ?? '' },
    classDates,
    heads,
    standard,
    sum('补贴金额（元）'),
  ],
  'pre-job': [unitName('单位'), classDates, heads, standard, sum('补贴金额（元）')],
};

function framed<Row extends { rowNo: number; originalRowNo?: number | undefined; remark: string }>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Column<Row>[] {
  const corrected = rows.some((row) => row.originalRowNo !== undefined) ? [originalRowNo] : [];
  return [rowNo, ...corrected, ...columns, remark];
}

export function unitColumns(programme: Programme, rows: readonly PublishedUnit[]): UnitColumn[] {
  return framed(rows, unitColumnsOf[programme]);
}

/** The columns of the personal annex; an identity number shows under profile P1 only, and masked. */
export function personColumns(
  profile: PersonAnnex['profile'],
  rows: readonly PublishedPerson[],
): Column<PublishedPerson>[] {
  const number: Column<PublishedPerson>[] =
    profile === 'P1' ? [{ label: '身份证号', ofRow: (row) => row.idMasked ?? '' }] : [];
  return framed(rows, [
    { label: '姓名', ofRow: (row) => row.name },
    ...number,
    { label: '职业（工种）', ofRow: (row) => row.occupation ?? '' },
    { label: '等级', ofRow: (row) => (row.level === undefined ? '' : LEVEL_TERMS[row.level]) },
    { label: '补贴金额（元）', look: 'n', ofRow: (row) => printedYuan(row.amountFen) },
  ]);
}
