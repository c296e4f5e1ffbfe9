import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import { demandAsRead } from '../access/read-version.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { ApprovalStore } from './approval-store.ts';
import { grantedAmount } from './approved-amount.ts';
import { digestOfLines } from './assess-claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import { decidedLines, demandDecided, type ReviewDependencies } from './endorse-claim.ts';
import { findClaim } from './find-claim.ts';

export interface ApproveDependencies extends ReviewDependencies {
  approvals: ApprovalStore;
}

/**
 * An endorsed claim, as the approver has read it.
 * @throws DomainError `state-not-permitted`, `changed-meanwhile`
 */
export async function claimToApprove(
  deps: Pick<ApproveDependencies, 'claims'>,
  principal: Principal,
  claimId: string,
  version: number,
): Promise<ClaimRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.approve', claimId);
  if (claim.st !== 'endorsed') {
    throw new DomainError('state-not-permitted', '该申请当前不在待复核状态，请刷新后查看最新状态。');
  }
  demandAsRead(claim, version);
  return claim;
}

/** @throws DomainError `same-person`: whoever prepared a claim never approves it */
export function demandFourEyes(claim: ClaimRecord, subject: string): void {
  if (claim.endorsedBy?.subject !== subject && !claim.reviewers.includes(subject)) return;
  throw new DomainError(
    'same-person',
    '初核或认定过本申请明细的人员不能再复核同一申请，请由另一位有复核权限的人员办理。',
  );
}

/**
 * The approver's word (复核, 二(二)): the claim's money is set aside in the special account in the same write, or the
 * claim waits for funds in the order of approval: an allotment or the sweep lets it go on. A claim in which no line was
 * granted ends here as refused.
 * @throws DomainError `same-person`, `changed-meanwhile` for a version that was read before the current one
 */
export async function approveClaim(
  deps: ApproveDependencies,
  principal: Principal,
  claimId: string,
  { version, reason }: { version: number; reason?: string | undefined },
): Promise<ClaimRecord> {
  const claim = await claimToApprove(deps, principal, claimId, version);
  demandFourEyes(claim, principal.subject);
  if (claim.proposedRefusal !== undefined) {
    throw new DomainError(
      'state-not-permitted',
      '初核意见为不予补贴，不能复核通过。请确认不予补贴，或退回初核重新办理。',
    );
  }
  const lines = await decidedLines(deps, claimId);
  const now = deps.clock.now();
  demandDecided(lines, businessDate(now));
  const granted = lines.filter(({ st }) => st === 'reserved');
  const by = actorOf(principal);
  const approvedFen = granted.reduce((sum, line) => sum + (grantedAmount(line)?.fen ?? 0), 0);
  const approvedLines = granted.length;
  const step = {
    by,
    at: now,
    reason,
    facts: { approvedFen, approvedLines, lines: digestOfLines(lines) },
    set: { approvedBy: by, approvedAt: now.toISOString(), approvedFen, approvedLines },
  };
  if (approvedLines === 0) return deps.approvals.refuse(claim, 'claim-found-ineligible', step);
  return deps.approvals.approve(claim, step, approvedFen);
}
