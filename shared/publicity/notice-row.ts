import * as z from 'zod';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord } from '../claims/line-record.ts';
import { fenSchema, LEVEL_TERMS, type Level, levelSchema } from '../regulation/contract.ts';
import { departmentName } from './authority-name.ts';
import { deductionRemark } from './deduction-remark.ts';

const countSchema = z.int().min(0);

/** Heads of one unit that are paid alike: for units that train in several occupations or at several standards. */
const noticeRowItemSchema = z.strictObject({
  occupation: z.string().optional(),
  level: levelSchema.optional(),
  heads: countSchema,
  /** Per head; absent where each head has a sum of its own (学徒制). */
  standardFen: fenSchema.optional(),
  amountFen: fenSchema,
});
export type NoticeRowItem = z.infer<typeof noticeRowItemSchema>;

/** What is published of a unit's claim (P0: nothing of any person), 二(二): unit, heads, amount. */
export const unitRowSchema = z.strictObject({
  kind: z.literal('unit'),
  unitName: z.string(),
  /** 培训项目, or the entrepreneurship course */
  subject: z.string().optional(),
  /** 行业主管部门 */
  department: z.string().optional(),
  /** 培训形式: on whose initiative the unit trained */
  form: z.string().optional(),
  /** 培训课时 */
  hours: countSchema.optional(),
  /** 期次: which of the year's batches */
  batchOfYear: countSchema.optional(),
  startsOn: z.string().optional(),
  endsOn: z.string().optional(),
  /** 备案人数 */
  filedHeads: countSchema.optional(),
  heads: countSchema,
  items: z.array(noticeRowItemSchema),
  amountFen: fenSchema,
  remark: z.string(),
});
type UnitRow = z.infer<typeof unitRowSchema>;

/** What is kept of a person's own claim for its row; how much of it shows is the masking profile's choice. */
export const personRowSchema = z.strictObject({
  kind: z.literal('person'),
  name: z.string(),
  /** First three and last two characters. */
  idMasked: z.string(),
  occupation: z.string().optional(),
  level: levelSchema.optional(),
  heads: countSchema,
  amountFen: fenSchema,
  remark: z.string(),
});
type PersonRow = z.infer<typeof personRowSchema>;

export const noticeRowSchema = z.discriminatedUnion('kind', [unitRowSchema, personRowSchema]);
export type NoticeRow = z.infer<typeof noticeRowSchema>;

/** A row that cannot be published because the claim's own figures disagree: a fault of ours, never printed. */
export class RowInconsistent extends Error {
  readonly claimId: string;

  constructor(claimId: string, message: string) {
    super(message);
    this.name = 'RowInconsistent';
    this.claimId = claimId;
  }
}

const forms: Readonly<Record<string, string>> = {
  enterprise: '企业组织',
  contractor: '行业主管部门委托',
  college: '院校组织',
};

/** Lines that a notice pays: reserved before it, publicised or held under it. */
export function isPublicLine({ st }: Pick<LineRecord, 'st'>): boolean {
  return st === 'reserved' || st === 'publicised' || st === 'held';
}

/** Whether the claim is a person's own (个人直接申领, 竞赛) and its row names a person. */
function isPersonal({ route }: Pick<ClaimRecord, 'route'>): boolean {
  return route === 'individual' || route === 'competition';
}

function approvedFen(line: LineRecord): number {
  const fen = line.approved?.fen ?? line.decision?.fen ?? line.assessed?.fen;
  if (fen === undefined) throw new RowInconsistent(line.claimId, `line ${line.lineNo} has no approved amount`);
  return fen;
}

const qualificationKinds: readonly string[] = ['national-qualification', 'skill-level', 'special-ability'];

function certificateOf(line: LineRecord): { occupation?: string; level?: Level } {
  const certificate = line.declared.certificates.find(({ kind }) => qualificationKinds.includes(kind));
  return {
    ...(certificate?.occupation === undefined ? {} : { occupation: certificate.occupation.replace(/\s/gu, '') }),
    ...(certificate?.level === undefined ? {} : { level: certificate.level }),
  };
}

const levelOrder = Object.keys(LEVEL_TERMS);

function compareItems(a: NoticeRowItem, b: NoticeRowItem): number {
  const occupations = [a.occupation ?? '', b.occupation ?? ''] as const;
  if (occupations[0] !== occupations[1]) return occupations[0] < occupations[1] ? -1 : 1;
  const levels = levelOrder.indexOf(a.level ?? '') - levelOrder.indexOf(b.level ?? '');
  return levels === 0 ? (b.standardFen ?? 0) - (a.standardFen ?? 0) : levels;
}

function itemsOf(claim: ClaimRecord, lines: readonly LineRecord[]): NoticeRowItem[] {
  const byOccupation = claim.programme === 'qualification' || claim.programme === 'master-apprentice';
  // An apprentice is paid by cost: a list of single costs would say more of people than the regulation asks for.
  const byStandard = claim.programme !== 'apprenticeship';
  const items = new Map<string, NoticeRowItem>();
  for (const line of lines) {
    const fen = approvedFen(line);
    const group = {
      ...(byOccupation ? certificateOf(line) : {}),
      ...(byStandard ? { standardFen: fen } : {}),
    };
    const key = JSON.stringify([group]);
    const item = items.get(key) ?? { ...group, heads: 0, amountFen: 0 };
    items.set(key, { ...item, heads: item.heads + 1, amountFen: item.amountFen + fen });
  }
  return [...items.values()].toSorted(compareItems);
}

function unitRow(claim: ClaimRecord, lines: readonly LineRecord[], paid: readonly LineRecord[], sum: number): UnitRow {
  const training = claim.facts?.class;
  const studio = claim.facts?.applicant.studio;
  const department = departmentName(claim.authority);
  return {
    kind: 'unit',
    unitName: claim.applicantName,
    ...(claim.subject === undefined ? {} : { subject: claim.subject }),
    ...(department === undefined ? {} : { department }),
    ...(claim.programme === 'project' && forms[claim.route] !== undefined ? { form: forms[claim.route] } : {}),
    ...(training === undefined
      ? {}
      : {
          hours: training.hours,
          startsOn: training.startsOn,
          endsOn: training.endsOn,
          filedHeads: training.enrolled,
        }),
    ...(studio === undefined ? {} : { batchOfYear: studio.batchOfYear }),
    heads: paid.length,
    items: itemsOf(claim, paid),
    amountFen: sum,
    remark: deductionRemark(lines, isPublicLine, training?.enrolled),
  };
}

function personRow(claim: ClaimRecord, paid: readonly LineRecord[], sum: number): PersonRow {
  const [line] = paid;
  if (line === undefined || paid.length !== 1)
    throw new RowInconsistent(claim.id, `a claim of one person has ${paid.length} lines to publish`);
  return {
    kind: 'person',
    name: line.name,
    idMasked: line.idMasked,
    ...certificateOf(line),
    heads: 1,
    amountFen: sum,
    remark: '',
  };
}

/**
 * The row of a claim as its lines stand now: what is reserved, published or held is counted, the rest is a deduction.
 * `check` compares it with the claim's own approved totals, as before a first publication.
 * @throws RowInconsistent when figures disagree or nothing is left to publish
 */
export function composeRow(
  claim: ClaimRecord,
  lines: readonly LineRecord[],
  check: 'approved-totals' | 'what-is-left',
): NoticeRow {
  // A line that a later roster dropped was released before anything was judged: it never was part of this claim.
  const judged = lines.filter((line) => line.st !== 'released' || line.rosterId === claim.rosterId);
  const paid = judged.filter(isPublicLine);
  const sum = paid.reduce((total, line) => total + approvedFen(line), 0);
  if (paid.length === 0) throw new RowInconsistent(claim.id, 'no line to publish');
  if (check === 'approved-totals' && (paid.length !== claim.approvedLines || sum !== claim.approvedFen)) {
    throw new RowInconsistent(
      claim.id,
      `approved ${claim.approvedLines} lines of ${claim.approvedFen} fen, found ${paid.length} of ${sum}`,
    );
  }
  return isPersonal(claim) ? personRow(claim, paid, sum) : unitRow(claim, judged, paid, sum);
}
