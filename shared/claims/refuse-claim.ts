import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import type { ApprovalStore } from './approval-store.ts';
import { claimToApprove, demandFourEyes } from './approve-claim.ts';
import { digestOfLines } from './assess-claim.ts';
import type { ClaimRecord, RefusalGrounds } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import type { LineStore } from './line-store.ts';

/**
 * Refuses a whole claim (不予补贴, 二(二)), for good. Four eyes as for an approval: whoever prepares a claim can only
 * propose it, by the endorsement; an approver who neither endorsed nor decided a line says the last word, against the
 * endorsement too. What the lines hold is given back by the worker that follows.
 * @throws DomainError `same-person`, `changed-meanwhile` for a version that was read before the current one
 */
export async function refuseClaim(
  deps: { claims: ClaimStore; approvals: ApprovalStore; lines: LineStore; clock: Clock },
  principal: Principal,
  claimId: string,
  { version, article, reason }: RefusalGrounds & { version: number },
): Promise<ClaimRecord> {
  const claim = await claimToApprove(deps, principal, claimId, version);
  demandFourEyes(claim, principal.subject);
  const by = actorOf(principal);
  const at = deps.clock.now();
  return deps.approvals.refuse(claim, 'claim-refused', {
    by,
    at,
    reason,
    facts: { article, lines: digestOfLines(await deps.lines.all(claimId)) },
    set: {
      round: claim.round + 1,
      lineWork: 'release',
      refusal: { article, reason, by, at: at.toISOString() },
    },
  });
}
