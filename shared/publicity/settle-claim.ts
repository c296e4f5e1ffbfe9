import type { Act, NoticeClaims, NoticeStore } from './notice-store.ts';
import { wasWithdrawnEarly } from './withdraw-rows.ts';

export interface SettleDependencies {
  notices: Pick<NoticeStore, 'find'>;
  claims: Pick<NoticeClaims, 'find' | 'hold' | 'clear'>;
}

/**
 * Brings a claim to where its notice's end puts it (二(四)): cleared when no objection is open, held while one is.
 * Leaves it alone while its notice runs. The notice that counts is the one the claim is in now, which after a
 * correction is the later one. A claim whose row was taken down before that notice had run waits for a correction.
 * @param within the notice that asks: a claim that has moved to another one is none of its business any more
 * @returns whether nothing of the claim waits for a notice or an objection any more
 */
export async function settleClaim(
  deps: SettleDependencies,
  claimId: string,
  act: Act,
  within?: string,
): Promise<boolean> {
  const claim = await deps.claims.find(claimId);
  if (claim === undefined || claim.st !== 'publicised' || claim.noticeId === undefined) return true;
  if (within !== undefined && claim.noticeId !== within) return true;
  const notice = await deps.notices.find(claim.noticeId);
  if (notice === undefined || notice.st === 'preparing' || notice.st === 'running') return false;
  if (claim.openObjections > 0) {
    await deps.claims.hold(claimId, act);
    return false;
  }
  if (wasWithdrawnEarly(notice, claimId)) return false;
  await deps.claims.clear(claimId, act);
  return true;
}
