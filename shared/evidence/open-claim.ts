import { DomainError } from '../errors/domain-error.ts';
import type { ClaimFile } from './evidence.ts';

/** The states of a claim in which its applicant may still add to it (二(一)). */
export const statesThatTakeEvidence: readonly string[] = ['draft', 'returned'];

/** @throws DomainError `state-not-permitted` */
export function demandTakesEvidence(claim: ClaimFile): void {
  if (statesThatTakeEvidence.includes(claim.st)) return;
  throw new DomainError(
    'state-not-permitted',
    '该申请已提交，不能再上传材料。如需补充，请联系受理部门退回补正，或撤回后重新申请。',
  );
}
