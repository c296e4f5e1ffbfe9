import type { NoticeRecord } from '../../shared/publicity/notice.ts';
import { composeDocument, type NoticeDocument } from '../../shared/publicity/notice-document.ts';
import { noticePeriod } from '../../shared/publicity/notice-period.ts';
import type { NoticeRow } from '../../shared/publicity/notice-row.ts';
import { defaultNoticeSettings } from '../../shared/publicity/notice-settings.ts';
import type { Programme } from '../../shared/regulation/contract.ts';

const basis = { title: '温州市区职业技能提升行动培训补贴管理办法', document: '温人社发〔2020〕58号' };
const settings = defaultNoticeSettings('hr-bureau/lucheng', 5);
export const period = noticePeriod('2021-12-13', settings.period);

/** The document of a running notice with these rows, numbered in their order. */
export function documentOf(programme: Programme, rows: readonly NoticeRow[]): NoticeDocument {
  const notice: NoticeRecord = {
    id: 'N'.repeat(26),
    st: 'running',
    version: 2,
    auditHead: '',
    createdAt: '',
    updatedAt: '',
    authority: 'hr-bureau/lucheng',
    programme,
    edition: 'wenzhou-2020-58',
    number: {
      year: 2021,
      batch: 3,
    },
    title: '标题',
    settings,
  };
  const placed = rows.map((row, index) => ({ claimId: `CLAIM${index}`.padEnd(26, '0'), rowNo: index + 1, row }));
  return composeDocument(notice, placed, period, basis);
}

/** A row of a unit with one item, unless it says otherwise. */
export const unit = (more: Partial<Extract<NoticeRow, { kind: 'unit' }>>): NoticeRow => ({
  kind: 'unit',
  unitName: '甲公司',
  heads: 2,
  amountFen: 1e5,
  remark: '申请2人，核准2人',
  items: [
    {
      heads: 2,
      standardFen: 5e4,
      amountFen: 1e5,
    },
  ],
  ...more,
});
