import * as z from 'zod';
import { calendarDateSchema, type Programme, programmeSchema } from '../regulation/contract.ts';
import { type NoticePeriod, noticePeriodSchema } from './notice-period.ts';
import { noticeSettingsSchema } from './notice-settings.ts';
import { noticeStates } from './notice-states.ts';

/** Which notice of an authority and programme: the year's n-th batch, and for a correction which one of it. */
export const noticeNumberSchema = z.strictObject({
  year: z.int(),
  /** 批次, from 1, without a gap or a repeat within authority, programme and year. */
  batch: z.int().min(1),
  /** Which correction (更正) of that batch, from 1. */
  correction: z.int().min(1).optional(),
});
export type NoticeNumber = z.infer<typeof noticeNumberSchema>;

export const noticeTotalsSchema = z.strictObject({
  units: z.int().min(0),
  persons: z.int().min(0),
  heads: z.int().min(0),
  amountFen: z.int().min(0),
});
export type NoticeTotals = z.infer<typeof noticeTotalsSchema>;

/** The wording of a row that an officer puts right; figures are never typed, they come from the claim. */
export const rowWordingSchema = z.strictObject({
  unitName: z.string().trim().min(1).max(100).optional(),
  subject: z.string().trim().min(1).max(100).optional(),
  remark: z.string().trim().max(200).optional(),
});
export type RowWording = z.infer<typeof rowWordingSchema>;

/** What a correction puts in place of: rows of an earlier notice, by the numbers they had there. */
export const supersededSchema = z.strictObject({
  noticeId: z.string(),
  title: z.string(),
  publishedOn: z.string(),
  reason: z.string(),
});

/** A claim whose row a notice under preparation will show. */
const noticeMemberSchema = z.strictObject({
  claimId: z.string(),
  /** Only in a correction: the row's number in the notice that is corrected. */
  originalRowNo: z.int().min(1).optional(),
  wording: rowWordingSchema.optional(),
});
export type NoticeMember = z.infer<typeof noticeMemberSchema>;

/** A notice (公示) as stored. What it says to the public is its sealed document. */
export const noticeRecordSchema = z.object({
  id: z.string(),
  st: z.enum(noticeStates),
  version: z.int(),
  auditHead: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  authority: z.string(),
  programme: programmeSchema,
  edition: z.string(),
  number: noticeNumberSchema,
  title: z.string(),
  /** The authority's settings as they were when the notice was numbered; they stay those of the notice. */
  settings: noticeSettingsSchema,
  /** Only while it is prepared: whose rows it will have, in order. */
  members: z.array(noticeMemberSchema).optional(),
  supersedes: supersededSchema.optional(),
  /** Numbers of the rows that were prepared and not published: nothing was left of their claims by then. */
  unpublishedRows: z.array(z.int().min(1)).optional(),
  period: noticePeriodSchema.optional(),
  totals: noticeTotalsSchema.optional(),
  /** SHA-256 (hex) of the document as it was sealed at publication. */
  snapshotHash: z.string().optional(),
  /** SHA-256 of the document that is up now: another one once rows or the personal annex are down. */
  shownHash: z.string().optional(),
  /** Rows that an officer has taken down (撤下), and when: they are shown nowhere any more. */
  withdrawn: z.array(z.object({ claimId: z.string(), rowNo: z.int(), at: z.string() })).optional(),
  closedAt: z.string().optional(),
  /** The last calendar date on which the personal annex is up. */
  annexVisibleUntil: calendarDateSchema.optional(),
  annexRemovedOn: calendarDateSchema.optional(),
});
export type NoticeRecord = z.infer<typeof noticeRecordSchema>;

/** A notice that has been published: what is certain of it from then on. */
export type PublishedNotice = NoticeRecord & {
  period: NoticePeriod;
  totals: NoticeTotals;
  snapshotHash: string;
  shownHash: string;
};

export function isPublished(notice: NoticeRecord): notice is PublishedNotice {
  return notice.st !== 'preparing' && notice.st !== 'dropped';
}

/** Which notices share a sequence of numbers. */
export interface NoticeSeries {
  authority: string;
  programme: Programme;
}
