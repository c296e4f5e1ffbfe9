import * as z from 'zod';
import { type NoticeRecord, noticeRecordSchema, rowWordingSchema } from '../publicity/notice.ts';
import type { PlacedRow } from '../publicity/notice-document.ts';
import { noticeRowSchema } from '../publicity/notice-row.ts';
import type { NoticeState } from '../publicity/notice-states.ts';
import type { Item, Key } from './table.ts';

/*
 * The stored shapes of a notice: NOTICE#<id>/META, one CLAIM#<claimId> for each row, PROOF#<date> for each day of its
 * period, CORRECTION#<id> for each later notice that corrects rows of it; and the sequence of numbers of its series.
 */

const placedRowSchema = z.object({
  claimId: z.string(),
  rowNo: z.int(),
  originalRowNo: z.int().optional(),
  wording: rowWordingSchema.optional(),
  row: noticeRowSchema,
});

export const proofSchema = z.object({
  date: z.string(),
  at: z.string(),
  jsonHash: z.string(),
  htmlHash: z.string(),
  restored: z.boolean(),
});

export const correctionItemSchema = z.object({ noticeId: z.string(), rowNos: z.array(z.int()) });

export const sequenceSchema = z.looseObject({ preparing: z.string().optional(), revision: z.int() });

export function noticeKey(noticeId: string): Key {
  return { pk: `NOTICE#${noticeId}`, sk: 'META' };
}

export function rowKey(noticeId: string, claimId: string): Key {
  return { pk: `NOTICE#${noticeId}`, sk: `CLAIM#${claimId}` };
}

export function proofKey(noticeId: string, date: string): Key {
  return { pk: `NOTICE#${noticeId}`, sk: `PROOF#${date}` };
}

export function correctionKey(noticeId: string, correctionId: string): Key {
  return { pk: `NOTICE#${noticeId}`, sk: `CORRECTION#${correctionId}` };
}

/** The numbers of one series: the last batch of each year, the last correction of each batch, the notice under preparation, and how many were begun. */
export function sequenceKey(authority: string, programme: string): Key {
  return { pk: `NOTICES#${authority}#${programme}`, sk: 'SEQUENCE' };
}

export function readNoticeItem(item: Item): NoticeRecord {
  return noticeRecordSchema.parse(item);
}

export function readRowItem(item: Item): PlacedRow {
  return placedRowSchema.parse(item);
}

/** A state's place on the jobs' worklist; an archived or dropped notice waits for nobody. */
export function noticeWorkKeys(st: NoticeState, dueAt: string): { set: Item; remove: string[] } {
  if (st === 'archived' || st === 'dropped') return { set: {}, remove: ['wpk', 'wsk'] };
  return { set: { wpk: `W#notice#${st}#0`, wsk: dueAt }, remove: [] };
}
