import { type Actor, actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClaimState, LineState } from '../claims/claim-states.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';

/** What a re-application (退汇后重新申请拨付) needs to know of a claim. */
export interface ReapplyingClaim {
  id: string;
  tenant: string;
  authority: string;
  payee: 'trainee' | 'applicant';
  st: ClaimState;
  lines: { lineId: string; lineNo: number; st: LineState; hasCard: boolean; isDemanded: boolean }[];
}

export interface ReapplicationStore {
  claim(claimId: string): Promise<ReapplyingClaim | undefined>;
  /** Puts another card in place, and brings a bounced line back to `cleared`. */
  replaceCard(claim: ReapplyingClaim, lineNo: number, number: string, by: Actor, at: Date): Promise<void>;
  /**
   * Brings every bounced line of a unit's claim back to `cleared`, and the claim with them; goes on with what a crash
   * left half done.
   * @returns how many lines are to be paid anew
   */
  reapply(claim: ReapplyingClaim, by: Actor, at: Date): Promise<number>;
}

interface Dependencies {
  reapplications: ReapplicationStore;
  clock: Clock;
}

/** An earlier try cleared lines and came no further: the claim does not yet stand where they do. */
function isHalfDone(claim: ReapplyingClaim): boolean {
  return (claim.st === 'paying' || claim.st === 'paid') && claim.lines.some(({ st }) => st === 'cleared');
}

/** What was demanded back (四(三)) is not sent out a second time. */
function refuseDemanded(lines: ReapplyingClaim['lines']): void {
  const ids = lines.filter(({ st, isDemanded }) => st === 'bounced' && isDemanded).map(({ lineId }) => lineId);
  if (ids.length === 0) return;
  const named = ids.slice(0, 20).join('、');
  throw new DomainError('state-not-permitted', `明细${named}正在追回中，不能重新申请拨付；请等该追回撤销后再办理。`);
}

/** The applicant gives another card for a line whose transfer bounced, or that had none. */
export async function replaceCard(
  deps: Dependencies,
  principal: Principal,
  claimId: string,
  lineId: string,
  number: string,
): Promise<void> {
  const claim = demand(principal, 'claim.write', await deps.reapplications.claim(claimId));
  const line = claim.lines.find((candidate) => candidate.lineId === lineId);
  if (line === undefined) throw notFound();
  const mayChange = line.st === 'bounced' || (line.st === 'cleared' && (!line.hasCard || isHalfDone(claim)));
  if (claim.payee !== 'trainee' || !mayChange) {
    throw new DomainError(
      'state-not-permitted',
      '只有退汇或缺少卡号的学员明细可以更换市民卡账号，请核对该明细的状态。',
    );
  }
  refuseDemanded([line]);
  await deps.reapplications.replaceCard(claim, line.lineNo, number, actorOf(principal), deps.clock.now());
}

/** The unit applies again after its transfer bounced and its registered account was corrected. */
export async function reapply(deps: Dependencies, principal: Principal, claimId: string): Promise<{ lines: number }> {
  const claim = demand(principal, 'claim.write', await deps.reapplications.claim(claimId));
  const isBounced = claim.lines.some(({ st }) => st === 'bounced');
  if (claim.payee !== 'applicant' || !(isBounced || isHalfDone(claim))) {
    throw new DomainError('state-not-permitted', '该申请没有退汇的款项，无需重新申请拨付。');
  }
  refuseDemanded(claim.lines);
  return { lines: await deps.reapplications.reapply(claim, actorOf(principal), deps.clock.now()) };
}
