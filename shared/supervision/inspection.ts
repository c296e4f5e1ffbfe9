import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import { reasonText, recordedText } from '../access/reason-text.ts';

/** on-site 现场检查 · video 视频检查 · phone 电话回访 */
export const inspectionMeans = ['on-site', 'video', 'phone'] as const;

/** normal 正常 · irregular 发现问题 */
export const inspectionResults = ['normal', 'irregular'] as const;

const inspector = z.string().trim().min(2, '请填写检查人员姓名').max(50);

/** An inspection of a class (监督检查, 四(三)) as the authority's people put it on record. */
export const inspectionBodySchema = z
  .strictObject({
    heldAt: z.iso.datetime({ offset: true, error: '检查时间应写明日期、时间和时区，例如 2021-04-12T09:30:00+08:00' }),
    means: z.enum(inspectionMeans).describe('on-site 现场 · video 视频 · phone 电话'),
    inspectors: z
      .array(inspector)
      .length(2, '检查须由两名人员进行，请填写两人姓名')
      .refine(([one, other]) => one !== other, '两名检查人员须为不同的人'),
    headCount: z
      .int()
      .min(0, '实到人数不能为负数')
      .max(5000)
      .describe('trainees seen or reached (实到人数), beside those on the roster'),
    findings: recordedText(2000).min(5, '请写明检查情况，至少5个字'),
    result: z.enum(inspectionResults).describe('normal 正常 · irregular 发现问题'),
    reason: reasonText({ least: 5, missing: '请写明问题和依据，至少5个字' }).optional(),
    corrects: z
      .string()
      .regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, '被更正的检查记录编号应为26位')
      .optional()
      .describe('the earlier record that this one takes the place of; both stay'),
  })
  .refine(({ result, reason }) => result === 'normal' || reason !== undefined, {
    path: ['reason'],
    message: '发现问题的，请写明问题和依据',
  });
export type InspectionBody = z.infer<typeof inspectionBodySchema>;

/** An inspection on record. It never changes; a correction is a record of its own that names it. */
export interface Inspection extends Omit<InspectionBody, 'reason' | 'corrects'> {
  id: string;
  classId: string;
  /** The training body (培训主体) that was inspected. */
  tenant: string;
  /** The authority that the class was filed with, which inspects (受理备案的部门). */
  authority: string;
  reason?: string;
  corrects?: string;
  /** Heads on the roster at that time. */
  enrolled: number;
  by: Actor;
  /** ISO instant of the record. */
  createdAt: string;
}

/** Keeps inspections with the class they are of; each is part of the class's audit chain and of its dossier. */
export interface InspectionStore {
  /** Of one class, in the order in which they were recorded. */
  ofClass(classId: string): Promise<Inspection[]>;
  /**
   * Puts one on record; the one that is there under its id is given back.
   * @throws DomainError `already-exists` when the record that it corrects has been corrected before
   */
  add(inspection: Omit<Inspection, 'by' | 'createdAt'>, by: Actor, at: Date): Promise<Inspection>;
}

/** The records that count: those that no later one corrects. */
export function standing<T extends Pick<Inspection, 'id' | 'corrects'>>(inspections: readonly T[]): T[] {
  const corrected = new Set(inspections.flatMap(({ corrects }) => corrects ?? []));
  return inspections.filter(({ id }) => !corrected.has(id));
}
