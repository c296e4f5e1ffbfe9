import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { ApprovalStore } from './approval-store.ts';
import type { ClaimRecord } from './claim-record.ts';
import { mayMoveClaim } from './claim-states.ts';
import type { ClaimStore } from './claim-store.ts';
import { later, lookAgainAfterMs } from './due-times.ts';
import { findClaim } from './find-claim.ts';

/**
 * Takes a claim back for good; everything its lines hold is given back by the worker that follows. Once approved
 * money is set aside for it, a claim cannot be withdrawn any more.
 */
export async function withdrawClaim(
  deps: { claims: ClaimStore; approvals: ApprovalStore; clock: Clock },
  principal: Principal,
  claimId: string,
  reason: string,
): Promise<ClaimRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.write', claimId);
  if (!mayMoveClaim('claim-withdrawn', claim.st)) {
    throw new DomainError(
      'state-not-permitted',
      '该申请已进入核准拨付阶段或已办结，不能撤回。如有错误，请联系受理部门。',
    );
  }
  const at = deps.clock.now();
  const hasLines = claim.submissions.length > 0;
  const step = {
    by: actorOf(principal),
    at,
    reason,
    ...(hasLines ? { attentionAt: later(at, lookAgainAfterMs) } : {}),
    set: { round: claim.round + 1, ...(hasLines ? { lineWork: 'release' as const } : {}) },
  };
  if (claim.st === 'waiting-for-funds') return deps.approvals.withdrawWaiting(claim, step);
  return deps.claims.move(claim, 'claim-withdrawn', step);
}
