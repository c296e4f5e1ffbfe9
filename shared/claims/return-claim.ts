import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import { demandAsRead } from '../access/read-version.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import type { ClaimRecord } from './claim-record.ts';
import { mayMoveClaim } from './claim-states.ts';
import type { ClaimStore } from './claim-store.ts';
import { later, lookAgainAfterMs } from './due-times.ts';
import { findClaim } from './find-claim.ts';

/**
 * Gives a claim back to its applicant for correction (退回补正, 二(一)), with the reasons by line and document. What its
 * lines hold is given back by the worker that follows; the applicant may start correcting at once.
 */
export async function returnClaim(
  deps: { claims: ClaimStore; clock: Clock },
  principal: Principal,
  claimId: string,
  { version, reasons }: { version: number; reasons: Problem[] },
): Promise<ClaimRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.return', claimId);
  if (!mayMoveClaim('claim-returned', claim.st)) {
    throw new DomainError('state-not-permitted', '该申请当前不在审核中，不能退回补正，请刷新后查看最新状态。');
  }
  demandAsRead(claim, version);
  const at = deps.clock.now();
  return deps.claims.move(claim, 'claim-returned', {
    by: actorOf(principal),
    at,
    attentionAt: later(at, lookAgainAfterMs),
    reason: reasons.map(({ path, message }) => `${path}：${message}`).join('；'),
    set: { round: claim.round + 1, lineWork: 'reopen', returnReasons: reasons },
    unset: ['endorsedBy', 'endorsedAt', 'proposedRefusal', 'reviewers'],
  });
}
