import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Finding, Totals } from '../regulation/contract.ts';
import { assessor } from './actor.ts';
import { grantedAmount } from './approved-amount.ts';
import type { ClaimSources } from './claim-context.ts';
import type { ClaimRecord, SubmittedFacts } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { decideLines } from './decide-lines.ts';
import { dueAfterMs, later, lookAgainAfterMs } from './due-times.ts';
import { editionAsPublished } from './gather-facts.ts';
import { type Judgement, type JudgingDependencies, judgeClaim } from './judge-claim.ts';
import type { LineRecord } from './line-record.ts';
import type { LineStore } from './line-store.ts';
import { missingItems } from './missing-items.ts';
import { openRoster } from './pre-check-claim.ts';
import type { RosterStore } from './roster-store.ts';

export interface AssessDependencies extends JudgingDependencies {
  claims: ClaimStore;
  rosters: RosterStore;
  lines: LineStore;
  editions: ClaimSources['editions'];
  clock: Clock;
}

/** What became of a claim's work: its new state, or why there was nothing to do. */
export type WorkResult =
  | { kind: 'assessed'; claim: ClaimRecord }
  | { kind: 'taken-back'; claim: ClaimRecord }
  | { kind: 'nothing'; why: 'absent' | 'not-waiting' | 'moved-on' };

/**
 * Does the work that a claim waits for, by its state and nothing else: the message that leads here only says "look".
 * May run twice at once, late, or again after a crash anywhere: decided lines are skipped, and the claim moves on once.
 */
export async function doClaimWork(deps: AssessDependencies, claimId: string): Promise<WorkResult> {
  const claim = await deps.claims.find(claimId);
  if (claim === undefined) return { kind: 'nothing', why: 'absent' };
  try {
    if (claim.st === 'submitted') return { kind: 'assessed', claim: await assessClaim(deps, claim) };
    if (claim.lineWork === undefined) return { kind: 'nothing', why: 'not-waiting' };
    await deps.lines.takeBack(claim, assessor, deps.clock.now());
    await deps.claims.finishLineWork(claim);
    return { kind: 'taken-back', claim };
  } catch (error) {
    // Somebody moved the claim under our hands: what it waits for now has an event of its own.
    if (!(error instanceof DomainError) || error.code !== 'changed-meanwhile') throw error;
    const now = await deps.claims.find(claimId);
    if (now?.version === claim.version) throw error;
    return { kind: 'nothing', why: 'moved-on' };
  }
}

function frozenFacts(claim: ClaimRecord): { facts: SubmittedFacts; submittedOn: string } {
  const { facts, submittedOn } = claim;
  if (facts === undefined || submittedOn === undefined) throw new Error('submitted claim without its facts');
  return { facts, submittedOn };
}

/** Judges a submitted claim, decides each of its lines, and moves it on (初审, 二(一)–(二)). */
async function assessClaim(deps: AssessDependencies, claim: ClaimRecord): Promise<ClaimRecord> {
  const { facts, submittedOn } = frozenFacts(claim);
  // Once for the whole claim: all its lines are decided by the same annexes and shortage lists.
  const edition = await editionAsPublished(deps, claim);
  const shortage = await deps.shortage.inForce();
  const judging = { ...deps, shortage: { inForce: async () => shortage } };
  const opened = await openRoster(deps, claim);
  const lines = await deps.lines.prepare(
    claim,
    opened.map(({ entry }) => entry),
    assessor,
    deps.clock.now(),
  );
  const judgement = await judgeClaim(judging, edition, claim, facts, submittedOn, opened);
  const { outcome, findings } = judgement.assessment;
  if (outcome === 'incomplete') return returnIncomplete(deps, claim, findings);
  const obstacles = findings.filter((finding) => finding.outcome === 'fail');
  const rejudge = async (some: typeof opened) => judgeClaim(judging, edition, claim, facts, submittedOn, some);
  await decideLines(deps, { claim, edition, obstacles, judgement, opened, lines, rejudge });
  return conclude(deps, claim, judgement, {
    isRefused: obstacles.length > 0,
    catalogueVersion: edition.catalogueVersion,
    shortageVersion: shortage.version,
  });
}

async function returnIncomplete(
  deps: AssessDependencies,
  claim: ClaimRecord,
  findings: readonly Finding[],
): Promise<ClaimRecord> {
  const at = deps.clock.now();
  const lacking = findings.filter(({ outcome }) => outcome === 'fail');
  return deps.claims.move(claim, 'claim-returned', {
    by: assessor,
    at,
    attentionAt: later(at, lookAgainAfterMs),
    reason: '材料不完整，退回补正（二(一)）',
    facts: { rules: lacking.map(({ rule }) => rule) },
    set: {
      round: claim.round + 1,
      lineWork: 'reopen',
      returnReasons: missingItems(findings, []).map(({ kind, message }) => ({ path: kind, message })),
    },
  });
}

/** Counted over the lines as they were decided, which is what counts; those that hold nothing are not eligible. */
export function totalsOfLines(lines: readonly LineRecord[]): Totals {
  const totals = { lines: lines.length, eligible: 0, ineligible: 0, referred: 0, eligibleFen: 0, referredFen: 0 };
  for (const line of lines) {
    const { st } = line;
    const fen = grantedAmount(line)?.fen ?? 0;
    if (st === 'refused' || st === 'released') totals.ineligible += 1;
    else if (st === 'referred') {
      totals.referred += 1;
      totals.referredFen += fen;
    } else {
      totals.eligible += 1;
      totals.eligibleFen += fen;
    }
  }
  return totals;
}

/**
 * One hash over the newest audit records of all lines: what a decision on the whole claim rested on. Whoever verifies
 * the claim's trail recomputes it.
 */
export function digestOfLines(lines: readonly LineRecord[]): string {
  const heads = lines.map(({ lineNo, version, auditHead }) => [lineNo, version, auditHead]);
  return createHash('sha256').update(JSON.stringify(heads)).digest('hex');
}

/** Whether a line was decided in this round of the claim, by this roster: nothing else may be counted. */
function isDecidedFor({ round, rosterId }: ClaimRecord, line: LineRecord): boolean {
  return line.round === round && line.rosterId === rosterId && ['reserved', 'referred', 'refused'].includes(line.st);
}

async function conclude(
  deps: AssessDependencies,
  claim: ClaimRecord,
  { assessment, lines: judged }: Judgement,
  { isRefused, ...versions }: { isRefused: boolean; catalogueVersion: number; shortageVersion: number },
): Promise<ClaimRecord> {
  const listed = new Set(judged.map(({ entry }) => entry.lineNo));
  const lines = (await deps.lines.all(claim.id)).filter(({ lineNo }) => listed.has(lineNo));
  if (lines.length !== listed.size || !lines.every((line) => isDecidedFor(claim, line)))
    throw new DomainError('changed-meanwhile', '明细尚未全部审定，请稍后重试。');
  const at = deps.clock.now();
  const totals = totalsOfLines(lines);
  const refers = totals.referred > 0 || assessment.findings.some(({ outcome }) => outcome === 'refer');
  const isEmpty = isRefused || totals.eligible + totals.referred === 0;
  const outcome = isEmpty ? 'ineligible' : refers ? 'referred' : 'eligible';
  const due = later(at, dueAfterMs.review);
  // What stands against the claim itself ends it. Lines alone do not: the rules may have been told wrong facts, so two
  // officers see the refusals before they are final, and may override them with proof (二(二)).
  return deps.claims.move(claim, isRefused ? 'claim-found-ineligible' : 'claim-assessed', {
    by: assessor,
    at,
    ...(isRefused ? {} : { attentionAt: due, dueAt: due }),
    facts: { outcome, totals, lines: digestOfLines(lines), ...versions },
    set: {
      assessment: {
        outcome,
        findings: [...assessment.findings],
        totals,
        assessedAt: at.toISOString(),
        ...versions,
      },
      reservedLines: totals.eligible,
      referredLines: totals.referred,
      refusedLines: totals.ineligible,
      reservedFen: totals.eligibleFen,
    },
    unset: ['reviewers', 'endorsedBy', 'endorsedAt'],
  });
}
