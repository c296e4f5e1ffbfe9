import { actorOf } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { findClaim } from './find-claim.ts';
import type { RosterLine } from './line-record.ts';
import { highestLineNo, numberLines } from './roster.ts';
import type { RosterStore } from './roster-store.ts';
import { type RosterWarning, rosterWarnings } from './roster-warnings.ts';
import { sealLine } from './sealed-line.ts';

export interface RosterDependencies {
  claims: ClaimStore;
  rosters: RosterStore;
  personal: PersonalData;
  clock: Clock;
}

/** @throws DomainError `state-not-permitted` unless the applicant still has the claim in hand */
export function demandInHand(claim: ClaimRecord): void {
  if (claim.st === 'draft' || claim.st === 'returned') return;
  throw new DomainError(
    'state-not-permitted',
    '该申请已提交，不能再修改。如需更正，请联系受理部门退回补正，或撤回后重新申请。',
  );
}

/**
 * Puts a roster in place of the one before, as a whole. Lines that were there keep their numbers; numbers of lines that
 * went are not given again. Broken identity numbers and repeated people are taken as they are and told as warnings.
 */
export async function putRoster(
  deps: RosterDependencies,
  principal: Principal,
  claimId: string,
  lines: readonly RosterLine[],
): Promise<{ claim: ClaimRecord; warnings: RosterWarning[] }> {
  const claim = await findClaim(deps.claims, principal, 'claim.write', claimId);
  demandInHand(claim);
  const roster = numberLines(lines, await deps.rosters.numbers(claim), claim.nextLineNo);
  if (roster.nextLineNo - 1 > highestLineNo) {
    throw new DomainError(
      'numbers-exhausted',
      `本申请的学员序号已用到${claim.nextLineNo - 1}，不够编排新的学员（最多${highestLineNo}）。请撤回后另开一份申请。`,
    );
  }
  const place = { tenant: claim.tenant, claimId };
  const entries = await Promise.all(roster.lines.map((line) => sealLine(deps.personal, place, line)));
  const rosterId = await deps.rosters.stage(claim, entries, roster.retired);
  const updated = await deps.claims.useRoster(claim, rosterId, roster, actorOf(principal), deps.clock.now());
  await deps.rosters.discardStale(updated);
  return { claim: updated, warnings: rosterWarnings(lines) };
}
