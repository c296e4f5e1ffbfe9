import * as z from 'zod';
import { objectionStates } from './notice-states.ts';

const line = (max: number, missing: string) => z.string().trim().min(1, missing).max(max, `最多${max}字`);
const contact = z.string().trim().min(1).max(100, '联系方式最多100字').optional().describe('联系方式');

/** Who objects: a person by name, somebody who stays unnamed, or a unit under its seal. */
export const objectorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('named'), name: line(50, '请填写姓名'), contact }),
  z.strictObject({ kind: z.literal('anonymous'), contact }),
  z.strictObject({
    kind: z.literal('unit'),
    unitName: line(100, '请填写单位名称'),
    /** 公章全称: the name on the seal of the written statement. */
    sealName: line(100, '请填写所盖公章的全称'),
    contact,
  }),
]);
export type Objector = z.infer<typeof objectorSchema>;

/** An objection as somebody of the public sends it. The row is named by its number or by the claim's reference in the notice. */
export const objectionBodySchema = z
  .strictObject({
    rowNo: z.int().min(1, '附件序号从1起').max(100_000).optional(),
    reference: z.string().trim().min(4).max(40).optional(),
    by: objectorSchema,
    reason: z.string().trim().min(10, '异议理由至少10个字，请写明具体事实').max(2000, '异议理由最多2000字'),
  })
  .refine(({ rowNo, reference }) => (rowNo === undefined) !== (reference === undefined), {
    path: ['rowNo'],
    message: '请填写所异议的附件序号（rowNo）或申领编号尾号（reference），二者填一项',
  });
export type ObjectionBody = z.infer<typeof objectionBodySchema>;

const actorSchema = z.object({ subject: z.string(), tenant: z.string(), role: z.string(), name: z.string() });

/** What an officer has decided of an objection (复核认定), 二(三). */
const objectionDecisionSchema = z.object({
  result: z.enum(['upheld', 'dismissed']),
  reason: z.string(),
  /** What the objector reads beside the result. */
  reply: z.string().optional(),
  /** The lines whose entitlement is cancelled; absent when all of the row are. */
  lineNos: z.array(z.int()).optional(),
  by: actorSchema,
  at: z.string(),
});
export type ObjectionDecision = z.infer<typeof objectionDecisionSchema>;

/** A stored objection (异议). Whoever lodged it is sealed; so is the text, which may name people. */
export const objectionSchema = z.object({
  id: z.string(),
  st: z.enum(objectionStates),
  version: z.int(),
  auditHead: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  noticeId: z.string(),
  noticeTitle: z.string(),
  claimId: z.string(),
  rowNo: z.int(),
  authority: z.string(),
  kind: z.enum(['named', 'anonymous', 'unit']),
  receiptNumber: z.string(),
  sealedReason: z.string(),
  sealedObjector: z.string(),
  /** Keyed hash of what was sent, to know a repetition by. */
  contentHash: z.string(),
  /** By when the authority should have decided. */
  dueAt: z.string(),
  decision: objectionDecisionSchema.optional(),
});
export type Objection = z.infer<typeof objectionSchema>;
