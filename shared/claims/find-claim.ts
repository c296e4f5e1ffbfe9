import { type Action, demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { notFound } from '../errors/domain-error.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';

/**
 * The claim, for somebody who may do this to it. A claim that was never handed in is its applicant's alone.
 * @throws DomainError `not-found`, the same for absent, foreign and not yet handed in
 */
export async function findClaim(
  claims: Pick<ClaimStore, 'find'>,
  principal: Principal,
  action: Action,
  claimId: string,
): Promise<ClaimRecord> {
  const claim = demand(principal, action, await claims.find(claimId));
  if (claim.submittedOn === undefined && principal.role !== 'applicant') throw notFound();
  return claim;
}
