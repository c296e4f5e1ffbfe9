import type { ClaimRecord } from './claim-record.ts';
import type { ClaimMove } from './claim-states.ts';
import type { ClaimStep } from './claim-store.ts';

/** Moves claims and the money of their special accounts (专账) together. */
export interface ApprovalStore {
  /**
   * Approves an endorsed claim and sets its money aside, both or neither. When the account is too low, or others
   * already wait for it, the claim waits for funds instead.
   * @throws DomainError `same-person` when the approver endorsed the claim or decided one of its lines,
   *   `changed-meanwhile` when somebody was faster
   */
  approve(claim: ClaimRecord, step: ClaimStep, approvedFen: number): Promise<ClaimRecord>;
  /**
   * Ends an endorsed claim as refused: because no line of it was granted, or by the approver's word on the whole of it.
   * @throws DomainError as `approve` does
   */
  refuse(
    claim: ClaimRecord,
    move: Extract<ClaimMove, 'claim-found-ineligible' | 'claim-refused'>,
    step: ClaimStep,
  ): Promise<ClaimRecord>;
  /** Claims that wait for an account, in the order of their approval. */
  waitingFor(account: string): Promise<ClaimRecord[]>;
  /** Sets the money of a waiting claim aside and approves it; `short` when the account is still too low. */
  fund(claim: ClaimRecord, step: ClaimStep): Promise<'funded' | 'short' | 'moved'>;
  /** Withdraws a claim that waits for funds, and gives up its place in the queue. */
  withdrawWaiting(claim: ClaimRecord, step: ClaimStep): Promise<ClaimRecord>;
}
