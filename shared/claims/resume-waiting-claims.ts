import type { Clock } from '../clock/clock.ts';
import { assessor } from './actor.ts';
import type { ApprovalStore } from './approval-store.ts';

/**
 * Sets money aside for the claims that wait for an account, in the order of their approval (待资金). The first one that
 * is too large for what is there keeps the others waiting behind it: nobody is overtaken.
 * @returns how many claims went on
 */
export async function resumeWaitingClaims(
  deps: { approvals: ApprovalStore; clock: Clock },
  account: string,
): Promise<number> {
  let funded = 0;
  for (const claim of await deps.approvals.waitingFor(account)) {
    const at = deps.clock.now();
    const facts = { approvedFen: claim.approvedFen };
    const result = await deps.approvals.fund(claim, { by: assessor, at, facts, attentionAt: at });
    if (result === 'short') return funded;
    if (result === 'funded') funded += 1;
  }
  return funded;
}
