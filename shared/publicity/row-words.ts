import { showsPersonalNumber } from '../access/personal-numbers.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { RowWording } from './notice.ts';
import type { NoticeRow } from './notice-row.ts';

/** A row in the words that an officer has put right; its figures stay those of the claim. */
export function reworded(row: NoticeRow, wording: RowWording | undefined): NoticeRow {
  const remark = wording?.remark ?? row.remark;
  if (row.kind === 'person') return { ...row, remark };
  const subject = wording?.subject ?? row.subject;
  return { ...row, unitName: wording?.unitName ?? row.unitName, remark, ...(subject === undefined ? {} : { subject }) };
}

/** What officers have put right of a claim's row: before its notice, and then in a correction, which counts more. */
export function wordsOf(
  claim: Pick<ClaimRecord, 'rowWording'>,
  wording: RowWording | undefined,
): RowWording | undefined {
  if (claim.rowWording === undefined) return wording;
  return { ...claim.rowWording, ...wording };
}

/** Whether an officer's words show no number of a person. */
export function wordsShowNoNumber({ unitName, subject, remark }: RowWording): boolean {
  return !showsNumber([unitName, subject, remark]);
}

function showsNumber(value: unknown): boolean {
  if (typeof value === 'string') return showsPersonalNumber(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(showsNumber);
}

/** Whether no text of a row, of its items neither, shows a number of a person; the masked identity number is none. */
export function isPublishable(row: NoticeRow): boolean {
  const { idMasked: _stars, ...shown } = { idMasked: '', ...row };
  return !showsNumber(shown);
}
