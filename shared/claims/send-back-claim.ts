import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { claimToApprove } from './approve-claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { dueAfterMs, later } from './due-times.ts';

/**
 * An approver sends an endorsed claim back to those who prepare it (退回初核): the endorsement falls, lines may be decided
 * anew, and the applicant has nothing to do. Everything the lines hold stays held.
 * @throws DomainError `changed-meanwhile` for a version that was read before the current one
 */
export async function sendBackClaim(
  deps: { claims: ClaimStore; clock: Clock },
  principal: Principal,
  claimId: string,
  { version, reason }: { version: number; reason: string },
): Promise<ClaimRecord> {
  const claim = await claimToApprove(deps, principal, claimId, version);
  const at = deps.clock.now();
  const due = later(at, dueAfterMs.review);
  return deps.claims.move(claim, 'claim-sent-back', {
    by: actorOf(principal),
    at,
    reason,
    attentionAt: due,
    dueAt: due,
    unset: ['endorsedBy', 'endorsedAt', 'proposedRefusal'],
  });
}
