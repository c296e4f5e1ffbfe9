import type { Clock } from '../clock/clock.ts';
import type { CalendarDate } from '../regulation/calendar-date.ts';
import type { Actor } from '../supervision/audit-chain.ts';
import type { Evidence } from './evidence.ts';
import { evidenceKey } from './evidence-key.ts';
import type { EvidenceLocks } from './evidence-locks.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { retainThrough } from './retention.ts';

/** A payment whose evidence is still to be locked for the years that follow it. */
export interface PaidClaim {
  claimId: string;
  batchId: string;
  /** The instant from which it has been waiting. */
  since: string;
}

/** Payments that wait for the locks of their evidence. The wait ends when they are extended, not when somebody was told. */
export interface PaidClaims {
  waiting(now: Date): AsyncIterable<PaidClaim>;
  /** The last day on which money of the claim arrived; undefined when none is with its payees. */
  lastPaidOn(claimId: string): Promise<CalendarDate | undefined>;
  /** Ends the wait, unless more was paid meanwhile. */
  done(paid: PaidClaim): Promise<void>;
  /** Lets it rest until then, so that one that fails does not keep the others waiting. */
  postpone(paid: PaidClaim, until: Date): Promise<void>;
}

export interface RetentionDependencies {
  paidClaims: PaidClaims;
  evidence: Pick<EvidenceStore, 'find' | 'list' | 'move'>;
  locks: EvidenceLocks;
  clock: Clock;
  /** Whole years after the payment (三(二): at least five). */
  retentionYears: number;
}

export interface RetentionResult {
  /** Payments looked at. */
  count: number;
  /** Those that are left for a later run, with what went wrong. */
  failures: { claimId: string; error: unknown }[];
}

// Four minutes are enough for this many claims with a dozen uploads each; the next run takes the rest.
const mostPerRun = 200;
const restMs = 15 * 60_000;

/** Locks one upload first, and puts that on record then: a crash in between leaves what the next run finds done. */
async function retain(deps: RetentionDependencies, evidence: Evidence, until: Date, by: Actor): Promise<void> {
  const { claimId, id, kept } = evidence;
  if (kept === undefined || Date.parse(kept.lockedUntil) >= until.getTime()) return;
  const lockedUntil = await deps.locks.extend(evidenceKey({ claimId, evidenceId: id }), kept.versionId, until);
  const set = { kept: { versionId: kept.versionId, lockedUntil: lockedUntil.toISOString() } };
  if (await deps.evidence.move(evidence, { move: 'evidence-lock-extended', by, at: deps.clock.now(), set })) return;
  const now = await deps.evidence.find({ claimId, evidenceId: id });
  if (Date.parse(now?.kept?.lockedUntil ?? '') >= until.getTime()) return;
  throw new Error('upload changed while its lock was put on record');
}

async function retainClaim(deps: RetentionDependencies, paid: PaidClaim, by: Actor): Promise<void> {
  const paidOn = await deps.paidClaims.lastPaidOn(paid.claimId);
  if (paidOn !== undefined) {
    const until = retainThrough(paidOn, deps.retentionYears);
    for (const evidence of await deps.evidence.list(paid.claimId)) await retain(deps, evidence, until, by);
  }
  await deps.paidClaims.done(paid);
}

/**
 * Locks the evidence of what was paid for the years that the law wants from the payment on (三(二)): every version that
 * the claim holds, videos and papers, until the end of the payment's day so many years later, and never for less than
 * before. No payment waits for it. May run twice at once, or again after a crash anywhere.
 */
export async function retainPaidEvidence(deps: RetentionDependencies, by: Actor): Promise<RetentionResult> {
  const now = deps.clock.now();
  const result: RetentionResult = { count: 0, failures: [] };
  for await (const paid of deps.paidClaims.waiting(now)) {
    if (result.count >= mostPerRun) break;
    result.count += 1;
    try {
      await retainClaim(deps, paid, by);
    } catch (error) {
      result.failures.push({ claimId: paid.claimId, error });
      await deps.paidClaims.postpone(paid, new Date(now.getTime() + restMs));
    }
  }
  return result;
}
