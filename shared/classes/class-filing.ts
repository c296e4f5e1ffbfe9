import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import { showsPersonalNumber } from '../access/personal-numbers.ts';
import { writtenText } from '../access/written-text.ts';
import { calendarDateSchema, programmeSchema, routeSchema } from '../regulation/contract.ts';
import { canonicalIdentityNumber } from '../regulation/identity-number.ts';
import type { ClassState } from './class-states.ts';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应为24小时制的 时:分，例如 08:30');

/** One session of the timetable (课程安排). */
export const sessionSchema = z.strictObject({
  date: calendarDateSchema,
  startsAt: clockTime,
  endsAt: clockTime,
  /** 课时 */
  hours: z.int().min(1).max(12),
  content: z.string().trim().min(1, '请填写授课内容').max(200),
  teacher: z.string().trim().min(1, '请填写授课教师').max(50),
  place: z.string().trim().max(200).optional(),
});

/** A person on the roster (学员名册) of a filing. */
export const filedTraineeSchema = z.strictObject({
  name: writtenText(50).min(1, '请填写学员姓名'),
  idNumber: z.string().overwrite(canonicalIdentityNumber).min(1, '请填写身份证号').max(30),
});
export type FiledTrainee = z.infer<typeof filedTraineeSchema>;

/** Everything of a filing but its roster. */
export const classContentSchema = z.strictObject({
  programme: programmeSchema,
  route: routeSchema,
  /** 培训所在地 */
  district: z.string().min(1).max(40),
  startsOn: calendarDateSchema,
  endsOn: calendarDateSchema,
  /** 总课时 */
  hours: z.int().min(0).max(2000),
  /** Project (项目名称), or the entrepreneurship course. */
  subject: writtenText(100).optional(),
  place: z.string().trim().min(1, '请填写培训地点').max(200),
  contact: z.string().trim().min(1, '请填写联系人和电话').max(100),
  sessions: z.array(sessionSchema).max(400),
  entrustedBy: z
    .strictObject({
      department: z.string().trim().min(1).max(60),
      level: z.enum(['city', 'district']),
      district: z.string().min(1).max(40),
    })
    .optional(),
});
export type ClassContent = z.infer<typeof classContentSchema>;

// The record keeps the content that waits and the one in force: two of them, and what else it holds, fit 400 KB.
const mostContentBytes = 150_000;

/** Whether the record of a class has room for a content. */
function fitsRecord({ trainees: _roster, ...content }: { trainees: unknown }): boolean {
  return Buffer.byteLength(JSON.stringify(content)) <= mostContentBytes;
}

/** A filing as the training body (培训主体) sends it: 开班备案表, 课程安排 and 学员名册 (三(一)). */
export const classFilingSchema = z
  .strictObject({
    ...classContentSchema.shape,
    subject: classContentSchema.shape.subject.refine(
      (subject = '') => !showsPersonalNumber(subject),
      '培训项目名称将公示，请勿填写身份证号、银行卡号或手机号',
    ),
    trainees: z.array(filedTraineeSchema).max(5000, '学员名册最多5000人，请分班备案'),
  })
  .refine(fitsRecord, { path: ['sessions'], message: '课程安排过长，请精简授课内容和地点，或分班备案' });
export type ClassFiling = z.infer<typeof classFilingSchema>;

/** The version of a filing that an officer accepted: what claims are judged by. */
export interface AcceptedFiling {
  contentVersion: number;
  content: ClassContent;
  enrolled: number;
  /** The stored roster of this version: whom claims for the class are compared with. */
  rosterId: string;
  /** The date that counts for "5 days ahead": a change of date, hours, place, subject or programme files anew. */
  filedOn: string;
  acceptedBy: Actor;
  acceptedAt: string;
  /** The training place's bureau agreed to an institution of another district (三(二)). */
  crossDistrictConsent?: boolean;
  /** Which batch (期) of the calendar year this is for a master's studio, from 1 (一(五)). */
  batchOfYear?: number;
}

/** A filed class (开班备案). */
export interface ClassRecord {
  id: string;
  st: ClassState;
  version: number;
  auditHead: string;
  tenant: string;
  applicantName: string;
  authority: string;
  content: ClassContent;
  /** Counts the versions of the content; each is kept. After a refused change the content is the accepted one again. */
  contentVersion: number;
  /** Which stored roster belongs to the content. */
  rosterId: string;
  enrolled: number;
  /** The date that counts for "5 days ahead"; absent until it is filed. */
  filedOn?: string;
  /** By when its authority should have accepted or refused it, ISO instant; present while it waits for that. */
  dueAt?: string;
  /** The earlier class whose content this one began with (照上期开班). */
  copiedFrom?: string;
  /** The version in force, also while a change waits for acceptance. */
  accepted?: AcceptedFiling;
  decision?: { by: Actor; at: string; reason: string };
  createdAt: string;
  updatedAt: string;
}
