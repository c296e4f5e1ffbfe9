import * as z from 'zod';
import type { Role } from '../access/principal.ts';
import { applicantKindSchema, type Finding, programmeSchema, routeSchema } from '../regulation/contract.ts';
import { approvedAmount } from './approved-amount.ts';
import type { StatedAmount } from './claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import { claimStates, lineStates } from './claim-states.ts';
import type { LineRecord } from './line-record.ts';
import type { RosterEntry } from './sealed-line.ts';

/*
 * Claims and lines as replies show them: numbers of people masked, people of the authorities by name only.
 */

const text = z.string();
const fen = z.int().describe('fen (分)');

export const findingView = z.object({
  rule: text,
  article: text.describe('article of the regulation, such as 一(二)1'),
  outcome: z.enum(['pass', 'fail', 'refer']),
  correctable: z.boolean(),
  message: text,
  facts: z.record(text, z.unknown()),
});

const amountView = z.object({ fen, by: text, at: text, why: text });

export const lineView = z.object({
  lineId: text,
  lineNo: z.int(),
  state: z.enum(lineStates),
  name: text,
  idNumber: text.describe('masked'),
  card: text.optional().describe('masked'),
  certificates: z.array(
    z.object({ kind: text, number: text.describe('masked'), occupation: text.optional(), level: text.optional() }),
  ),
  basis: text.describe('how the amount came about, in Chinese; empty before the assessment'),
  findings: z.array(findingView),
  amounts: z.object({
    claimed: amountView.optional(),
    assessed: amountView.optional(),
    approved: amountView.optional(),
    paid: amountView.optional(),
  }),
  decision: z
    .object({
      decision: z.enum(['accept', 'refuse']),
      fen: fen.optional().describe('what an acceptance grants, instead of the assessed amount; fen (分)'),
      reason: text,
      by: text,
      at: text,
      expiresOn: text.optional(),
    })
    .optional(),
});
export type LineView = z.infer<typeof lineView>;

export const totalsView = z.object({
  lines: z.int(),
  eligible: z.int(),
  ineligible: z.int(),
  referred: z.int(),
  eligibleFen: fen,
  referredFen: fen,
});

const reasonView = z.object({ path: text, message: text });

const grounds = z.object({ article: text, reason: text });

export const claimView = z.object({
  id: text,
  state: z.enum(claimStates),
  version: z.int(),
  programme: programmeSchema,
  route: routeSchema,
  edition: text,
  classId: text.optional(),
  subject: text.optional(),
  applicantName: text,
  applicantKind: applicantKindSchema.optional(),
  authority: text,
  fundAccount: text,
  payee: z.enum(['trainee', 'applicant']),
  lineCount: z.int(),
  submittedOn: text.optional(),
  assessment: z
    .object({
      outcome: z.enum(['eligible', 'ineligible', 'referred', 'incomplete']),
      assessedAt: text,
      catalogueVersion: z.int().describe('publications that had changed annexes 1 and 2 when it was decided'),
      shortageVersion: z.int().describe('lists of shortage occupations that were published when it was decided'),
      totals: totalsView,
      findings: z.array(findingView),
    })
    .optional(),
  review: z
    .object({ reservedLines: z.int(), referredLines: z.int(), refusedLines: z.int(), reservedFen: fen })
    .optional(),
  endorsement: z.object({ by: text, at: text, proposedRefusal: grounds.optional() }).optional(),
  approval: z.object({ by: text, at: text, lines: z.int(), fen }).optional(),
  noticeId: text.optional(),
  openObjections: z.int(),
  refusal: grounds.extend({ by: text, at: text }).optional(),
  returnReasons: z.array(reasonView).optional(),
  dueAt: text.optional(),
  createdAt: text,
  updatedAt: text,
});
export type ClaimView = z.infer<typeof claimView>;

function shownAmount(amount: StatedAmount | undefined) {
  return amount && { fen: amount.fen, by: amount.by.name, at: amount.at, why: amount.why };
}

export function viewClaim(claim: ClaimRecord): ClaimView {
  const { id, st, version, programme, route, edition, classId, subject, applicantName, authority } = claim;
  const { fundAccount, payee, lineCount, submittedOn, assessment, endorsedBy, endorsedAt, proposedRefusal } = claim;
  const { approvedBy, approvedAt, approvedLines, approvedFen, noticeId, openObjections } = claim;
  const { reservedLines, referredLines, refusedLines, reservedFen, returnReasons, dueAt, createdAt, updatedAt } = claim;
  return {
    id,
    state: st,
    version,
    programme,
    route,
    edition,
    classId,
    subject,
    applicantName,
    authority,
    applicantKind: claim.facts?.applicant.kind,
    fundAccount,
    payee,
    lineCount,
    submittedOn,
    assessment: assessment && {
      ...assessment,
      findings: assessment.findings.map((finding) => ({ ...finding, facts: { ...finding.facts } })),
    },
    review: assessment && { reservedLines, referredLines, refusedLines, reservedFen },
    endorsement:
      endorsedBy === undefined || endorsedAt === undefined
        ? undefined
        : { by: endorsedBy.name, at: endorsedAt, proposedRefusal },
    approval:
      approvedBy === undefined || approvedAt === undefined
        ? undefined
        : { by: approvedBy.name, at: approvedAt, lines: approvedLines ?? 0, fen: approvedFen ?? 0 },
    noticeId,
    openObjections,
    refusal: claim.refusal && { ...claim.refusal, by: claim.refusal.by.name },
    returnReasons,
    dueAt,
    createdAt,
    updatedAt,
  };
}

/** Rules that judge a person by what shared records say, and what each asks for. */
const judgedByRecords: Readonly<Record<string, string>> = {
  'recipient.condition': '补贴对象条件',
  'age.working': '年龄条件',
  'pre-job.contract': '劳动合同期限要求',
  'entrepreneurship.licence': '营业执照要求',
};

const recordVerdicts: Readonly<Record<Finding['outcome'], (asked: string, article: string) => string>> = {
  pass: (asked, article) => `经共享信息核对，学员符合${asked}（${article}）`,
  fail: (asked, article) => `经共享信息核对，学员不符合${asked}；如与实际不符，请向受理部门提交证明材料（${article}）`,
  refer: (asked, article) => `经共享信息核对，学员是否符合${asked}须由受理部门认定（${article}）`,
};

/**
 * Findings as somebody may read them. An applicant may name anybody's number in a roster: what shared records say of
 * that person is the authorities' to know, and he is told the outcome alone (二(二), 个人信息保护法 6).
 */
export function shownFindings(findings: readonly Finding[], role: Role): Finding[] {
  const isByRecords = findings.some(({ rule, outcome }) => rule === 'status.verified' && outcome === 'pass');
  return findings.map((finding) => {
    const { rule, article, outcome } = finding;
    const asked = judgedByRecords[rule];
    if (role !== 'applicant' || !isByRecords || asked === undefined) return { ...finding, facts: { ...finding.facts } };
    return { ...finding, message: recordVerdicts[outcome](asked, article), facts: {} };
  });
}

/** A line by its roster entry, and what has become of it; what was found of an older roster is not shown of a newer. */
export function viewLine(claim: ClaimRecord, entry: RosterEntry, stored: LineRecord | undefined, role: Role): LineView {
  const { lineId, lineNo, name, idMasked, cardMasked, declared } = entry;
  const line = stored?.rosterId === claim.rosterId ? stored : undefined;
  const decision = line?.decision;
  return {
    lineId,
    lineNo,
    name,
    state: line?.st ?? 'pending',
    idNumber: idMasked,
    card: cardMasked,
    certificates: declared.certificates.map(({ kind, numberMasked, occupation, level }) => {
      return { kind, number: numberMasked, occupation, level };
    }),
    basis: line?.basis ?? '',
    findings: shownFindings(line?.findings ?? [], role),
    amounts: {
      claimed: shownAmount(line?.claimed),
      assessed: shownAmount(line?.assessed),
      approved: shownAmount(line && isLive(line) ? approvedAmount(claim, line) : line?.approved),
      paid: shownAmount(line?.paid),
    },
    decision: decision && {
      decision: decision.decision,
      fen: decision.fen,
      reason: decision.reason,
      by: decision.by.name,
      at: decision.at,
      expiresOn: decision.expiresOn,
    },
  };
}

/** A line that was approved with its claim: the refused and released ones were not. */
function isLive({ st }: LineRecord): boolean {
  return !['pending', 'referred', 'refused', 'released'].includes(st);
}
