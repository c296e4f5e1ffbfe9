import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock/clock.ts';
import type { CalendarDate } from '../regulation/calendar-date.ts';
import type { Evidence } from './evidence.ts';
import { evidenceKey } from './evidence-key.ts';
import type { EvidenceLocks } from './evidence-locks.ts';
import { isSettled } from './evidence-states.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { retainThrough } from './retention.ts';

/**
 * A claim that ended, whose evidence is still to be locked for the years that follow: `paid` by the batch that is named,
 * or `refused` for good (不予补贴). A withdrawn claim is none: nobody decided on it, and no money moved.
 */
export type EndedClaim = {
  claimId: string;
  /** The instant from which it has been waiting. */
  since: string;
} & ({ end: 'paid'; batchId: string } | { end: 'refused' });

/** Ended claims that wait for the locks of their evidence. The wait ends when they are extended, not when somebody was told. */
export interface EndedClaims {
  waiting(now: Date): AsyncIterable<EndedClaim>;
  /**
   * The day from which the years count: the last one on which money of the claim arrived, or that of its refusal.
   * Undefined when the claim has not ended so any more.
   */
  endedOn(ended: EndedClaim): Promise<CalendarDate | undefined>;
  /** Ends the wait, unless the claim has come to wait anew meanwhile: more was paid. */
  done(ended: EndedClaim): Promise<void>;
  /** Lets it rest until then, so that one that cannot be done yet does not keep the others waiting. */
  postpone(ended: EndedClaim, until: Date): Promise<void>;
}

export interface RetentionDependencies {
  endedClaims: EndedClaims;
  evidence: Pick<EvidenceStore, 'find' | 'list' | 'move'>;
  locks: EvidenceLocks;
  clock: Clock;
  /** Whole years after the payment or the refusal (三(二): at least five). */
  retentionYears: number;
}

export interface RetentionResult {
  /** Claims looked at. */
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

/** @returns whether nothing is left to lock; an upload whose verdict is still to come has no lock to extend yet */
async function retainClaim(deps: RetentionDependencies, ended: EndedClaim, by: Actor): Promise<boolean> {
  const endedOn = await deps.endedClaims.endedOn(ended);
  if (endedOn === undefined) return true;
  const until = retainThrough(endedOn, deps.retentionYears);
  const uploads = await deps.evidence.list(ended.claimId);
  for (const evidence of uploads) await retain(deps, evidence, until, by);
  return uploads.every(({ st }) => isSettled(st));
}

/**
 * Locks the evidence of claims that ended for the years that the law wants from then on (三(二)): every version that the
 * claim holds, videos and papers, until the end of the day of its payment or final refusal so many years later, and
 * never for less than before. No decision and no payment waits for it. May run twice at once, or again after a crash
 * anywhere.
 */
export async function retainEndedEvidence(deps: RetentionDependencies, by: Actor): Promise<RetentionResult> {
  const now = deps.clock.now();
  const later = new Date(now.getTime() + restMs);
  const result: RetentionResult = { count: 0, failures: [] };
  for await (const ended of deps.endedClaims.waiting(now)) {
    if (result.count >= mostPerRun) break;
    result.count += 1;
    try {
      if (await retainClaim(deps, ended, by)) await deps.endedClaims.done(ended);
      else await deps.endedClaims.postpone(ended, later);
    } catch (error) {
      result.failures.push({ claimId: ended.claimId, error });
      await deps.endedClaims.postpone(ended, later);
    }
  }
  return result;
}
