import * as z from 'zod';
import type { ClaimRecord } from '../claims/claim-record.ts';
import { claimStates, lineStates } from '../claims/claim-states.ts';
import type { LineRecord } from '../claims/line-record.ts';
import {
  applicantKindSchema,
  apprenticeSchema,
  certificateSchema,
  governmentLevelSchema,
  materialKindSchema,
  measuredVideoSchema,
  programmeSchema,
  routeSchema,
  traitSchema,
} from '../regulation/contract.ts';
import { claimKey, lineKey } from './entitlement-keys.ts';
import type { Item, Key } from './table.ts';

/*
 * The stored shapes of a claim (CLAIM#<id>/META) and of its lines (CLAIM#<id>/LINE#<nnnn>).
 *
 * What rests on the edition of the regulation (statuses, the applicant) was validated by its schemas when it came in and
 * is not judged again here: an old claim stays readable whatever later editions know.
 */

const text = z.string();
const count = z.int().min(0);

export const actorSchema = z.object({ subject: text, tenant: text, role: text, name: text });

export const statedAmountSchema = z.object({ fen: count, by: actorSchema, at: text, why: text });

export const findingSchema = z.object({
  rule: text,
  article: text,
  outcome: z.enum(['pass', 'fail', 'refer']),
  correctable: z.boolean(),
  message: text,
  facts: z.record(text, z.unknown()),
});

const problemSchema = z.object({ path: text, message: text });

const totalsSchema = z.object({
  lines: count,
  eligible: count,
  ineligible: count,
  referred: count,
  eligibleFen: count,
  referredFen: count,
});

const applicantSchema = z.looseObject({
  id: text,
  name: text,
  kind: applicantKindSchema,
  traits: z.array(traitSchema).exactOptional(),
  entrustedBy: z.object({ department: text, level: governmentLevelSchema, district: text }).exactOptional(),
});

const trainingClassSchema = z.looseObject({
  id: text,
  district: text,
  startsOn: text,
  endsOn: text,
  hours: count,
  enrolled: count,
});

/** The stored claim, without its keys. */
export const claimItemSchema = z.object({
  id: text,
  st: z.enum(claimStates),
  version: count,
  auditHead: text,
  createdAt: text,
  updatedAt: text,
  tenant: text,
  applicantName: text,
  authority: text,
  fundAccount: text,
  payee: z.enum(['trainee', 'applicant']),
  programme: programmeSchema,
  route: routeSchema,
  edition: text,
  classId: text.exactOptional(),
  subject: text.exactOptional(),
  lineCount: count,
  submittedOn: text.exactOptional(),
  createdBy: actorSchema,
  endorsedBy: actorSchema.exactOptional(),
  approvedBy: actorSchema.exactOptional(),
  assessment: z
    .object({
      outcome: z.enum(['eligible', 'ineligible', 'referred', 'incomplete']),
      findings: z.array(findingSchema),
      totals: totalsSchema,
      assessedAt: text,
      // Claims that were decided before these were counted have none.
      catalogueVersion: count.default(0),
      shortageVersion: count.default(0),
    })
    .exactOptional(),
  approvedFen: count.exactOptional(),
  approvedLines: count.exactOptional(),
  noticeId: text.exactOptional(),
  openObjections: count,
  rowWording: z
    .object({ unitName: text.exactOptional(), subject: text.exactOptional(), remark: text.exactOptional() })
    .exactOptional(),
  returnReasons: z.array(problemSchema).exactOptional(),
  dueAt: text.exactOptional(),
  declaration: z.object({
    chargedTrainees: z.boolean().exactOptional(),
    competition: z.object({ organiserDistrict: text }).exactOptional(),
  }),
  rosterId: text.exactOptional(),
  nextLineNo: count,
  round: count,
  submissions: z.array(z.object({ rosterId: text, by: actorSchema, at: text })),
  facts: z
    .object({
      applicant: applicantSchema,
      class: trainingClassSchema.exactOptional(),
      materials: z.array(materialKindSchema),
      videos: z.array(measuredVideoSchema),
    })
    .exactOptional(),
  lineWork: z.enum(['reopen', 'release']).exactOptional(),
  reservedLines: count,
  referredLines: count,
  refusedLines: count,
  reservedFen: count,
  reviewCount: count,
  // A string set in the table, absent while it is empty.
  reviewers: z.preprocess((value) => (value instanceof Set ? [...value] : (value ?? [])), z.array(text)),
  endorsedAt: text.exactOptional(),
  proposedRefusal: z.object({ article: text, reason: text }).exactOptional(),
  approvedAt: text.exactOptional(),
  refusal: z.object({ article: text, reason: text, by: actorSchema, at: text }).exactOptional(),
  escrowed: z.boolean(),
  payment: z.object({ batchId: text, attempt: count }).exactOptional(),
  applicationId: text.exactOptional(),
});

const declaredSchema = z.looseObject({
  id: text,
  name: text,
  statusVerified: z.boolean(),
  status: z.looseObject({}).exactOptional(),
  attendedHours: count.exactOptional(),
  certificates: z.array(z.looseObject({ ...certificateSchema.omit({ number: true }).shape, numberMasked: text })),
  apprentice: apprenticeSchema.exactOptional(),
});

/** The stored line, without its keys. */
export const lineItemSchema = z.object({
  claimId: text,
  lineNo: z.int().min(1),
  lineId: text,
  st: z.enum(lineStates),
  version: count,
  auditHead: text,
  name: text,
  personHash: text,
  idMasked: text,
  findings: z.array(findingSchema),
  basis: text,
  claimed: statedAmountSchema.exactOptional(),
  assessed: statedAmountSchema.exactOptional(),
  approved: statedAmountSchema.exactOptional(),
  paid: statedAmountSchema.exactOptional(),
  holds: z
    .object({
      quotaYear: z.int(),
      occupationLock: z.object({ occupation: text, level: text }).exactOptional(),
      classLock: text.exactOptional(),
      certificateHashes: z.array(text).exactOptional(),
    })
    .exactOptional(),
  round: count,
  rosterId: text,
  declared: declaredSchema,
  cardMasked: text.exactOptional(),
  sealed: z.object({
    idNumber: text,
    card: text.exactOptional(),
    certificates: z.array(text),
    status: text.exactOptional(),
  }),
  decision: z
    .object({
      decision: z.enum(['accept', 'refuse']),
      reason: text,
      by: actorSchema,
      at: text,
      fen: count.exactOptional(),
      of: z.enum(lineStates),
      expiresOn: text.exactOptional(),
    })
    .exactOptional(),
  payment: z.object({ batchId: text, reference: text }).exactOptional(),
  recoveredFen: count.exactOptional(),
  demandedBy: text.exactOptional(),
});

export function readClaimItem(item: Item): ClaimRecord {
  return claimItemSchema.parse(item);
}

export function readLineItem(item: Item): LineRecord {
  return lineItemSchema.parse(item);
}

/** The attributes by which a new line is found: its key, and the person view (`person` index). */
export function lineIndexKeys(line: Pick<LineRecord, 'claimId' | 'lineNo' | 'personHash'>): Key & Item {
  const key = lineKey(line.claimId, line.lineNo);
  return { ...key, ppk: `PERSON#${line.personHash}`, psk: `${line.claimId}#${key.sk.slice('LINE#'.length)}` };
}

/** The attributes by which a claim is found for as long as it lives: its key, and its applicant's list. */
export function claimIndexKeys(claim: Pick<ClaimRecord, 'id' | 'tenant' | 'createdAt'>): Key & Item {
  return { ...claimKey(claim.id), tpk: claim.tenant, tsk: `claim#${claim.createdAt}#${claim.id}` };
}

/**
 * The index attributes of a claim that has come to a state.
 * `attentionAt` is the instant from which a worker, a schedule or the sweep must look at it. Without one it stands on
 * the worklist under the instant at which it came: whatever its state, somebody can say how long it has waited there.
 * A refused claim waits for the locks of its evidence (三(二)), whoever refused it, and before that until its lines have
 * given back what they hold; a paid one waits for nobody, a withdrawn one only for what it still holds. The desk of its
 * authority sees it from the first submission on, in order of `dueAt`.
 */
export function claimStateKeys(
  claim: Pick<ClaimRecord, 'id' | 'authority' | 'submittedOn'>,
  st: ClaimRecord['st'],
  times: { attentionAt?: string | undefined; dueAt?: string | undefined; now: string; hasLineWork?: boolean },
): { set: Item; remove: string[] } {
  const set: Item = {};
  const remove: string[] = [];
  const isHandedIn = st === 'submitted' || claim.submittedOn !== undefined;
  if (isHandedIn)
    Object.assign(set, { dpk: claim.authority, dsk: `claim#${st}#${times.dueAt ?? times.now}#${claim.id}` });
  const isOver = st === 'paid' || st === 'withdrawn';
  const attentionAt = st === 'refused' ? times.now : (times.attentionAt ?? (isOver ? undefined : times.now));
  const waitsAs = st === 'refused' && times.hasLineWork === true ? 'refusing' : st;
  if (attentionAt === undefined) remove.push('wpk', 'wsk');
  else Object.assign(set, { wpk: `W#claim#${waitsAs}#0`, wsk: attentionAt });
  if (times.dueAt === undefined) remove.push('dueAt');
  else set['dueAt'] = times.dueAt;
  return { set, remove };
}
