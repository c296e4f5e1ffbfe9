import type { ClaimRecord } from '../claims/claim-record.ts';
import { type ClaimMove, claimMoves, mayMoveClaim } from '../claims/claim-states.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { AuditEntry } from '../supervision/audit-chain.ts';
import { claimStateKeys } from './claim-items.ts';
import { claimKey } from './entitlement-keys.ts';
import type { Item, Table } from './table.ts';
import { type Transition, transition, type WriteItem } from './transition.ts';

/** An audit entry whose action is the move itself, unless it says otherwise. */
export type MoveAudit = Omit<AuditEntry, 'action'> & { action?: string };

export interface ClaimChange {
  audit: MoveAudit;
  set?: Item;
  remove?: readonly string[];
  add?: Record<string, number>;
  condition?: Transition['condition'];
  /** From when a worker, a schedule or the sweep must look at the claim in its new state; none: from the move on. */
  attentionAt?: string;
  /** By when somebody must have acted. */
  dueAt?: string;
}

/** The refusal of a move that does not start in the state that was read. */
export function notPermitted(): DomainError {
  return new DomainError('state-not-permitted', '当前状态下不能办理此事项，请刷新后查看最新状态。');
}

/**
 * The two writes of one claim move: the claim (always the first of the two) and its audit record. They hold only while
 * the claim is in the state and version that were read; the index attributes follow the new state.
 * @throws DomainError `state-not-permitted` when the move does not start in the claim's state.
 */
export function moveClaim(table: Table, claim: ClaimRecord, move: ClaimMove, change: ClaimChange): WriteItem[] {
  if (!mayMoveClaim(move, claim.st)) throw notPermitted();
  const { to } = claimMoves[move];
  const times = { ...change, now: change.audit.at, hasLineWork: change.set?.['lineWork'] !== undefined };
  // By the authority that the move makes responsible: a claim lies on the desk of whoever must act on it now.
  const authority = typeof change.set?.['authority'] === 'string' ? change.set['authority'] : claim.authority;
  const keys = claimStateKeys({ ...claim, authority }, to, times);
  return transition(table, {
    chain: claim.id,
    entity: { key: claimKey(claim.id), st: claim.st, version: claim.version, auditHead: claim.auditHead },
    to,
    audit: { action: move, ...change.audit },
    // The day from which the years of keeping count; what `updatedAt` says later moves may change.
    set: { ...change.set, ...keys.set, ...(to === 'refused' ? { refusedAt: change.audit.at } : {}) },
    remove: [...(change.remove ?? []), ...keys.remove],
    ...(change.add === undefined ? {} : { add: change.add }),
    ...(change.condition === undefined ? {} : { condition: change.condition }),
  });
}
