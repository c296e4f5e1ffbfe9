import { type Action, demandClaim } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';

/**
 * The claim, for somebody who may do this to it.
 * @throws DomainError `not-found`, the same for absent, foreign and not yet handed in
 */
export async function findClaim(
  claims: Pick<ClaimStore, 'find'>,
  principal: Principal,
  action: Action,
  claimId: string,
): Promise<ClaimRecord> {
  return demandClaim(principal, action, await claims.find(claimId));
}
