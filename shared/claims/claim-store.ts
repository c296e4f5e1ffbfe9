import type { Actor } from '../access/actor.ts';
import type { Problem } from '../errors/domain-error.ts';
import type { ClaimRecord, LineWork, RefusalGrounds } from './claim-record.ts';
import type { ClaimMove, ClaimState } from './claim-states.ts';
import type { NumberedRoster } from './roster.ts';

export type NewClaim = Pick<
  ClaimRecord,
  | 'id'
  | 'tenant'
  | 'applicantName'
  | 'authority'
  | 'fundAccount'
  | 'payee'
  | 'programme'
  | 'route'
  | 'edition'
  | 'declaration'
> &
  Partial<Pick<ClaimRecord, 'classId' | 'subject'>>;

type Settable = Pick<
  ClaimRecord,
  | 'applicantName'
  | 'authority'
  | 'fundAccount'
  | 'payee'
  | 'round'
  | 'submissions'
  | 'escrowed'
  | 'reservedLines'
  | 'referredLines'
  | 'refusedLines'
  | 'reservedFen'
> & {
  subject: string;
  submittedOn: string;
  facts: NonNullable<ClaimRecord['facts']>;
  assessment: NonNullable<ClaimRecord['assessment']>;
  lineWork: LineWork;
  returnReasons: Problem[];
  endorsedBy: Actor;
  endorsedAt: string;
  proposedRefusal: RefusalGrounds;
  refusal: NonNullable<ClaimRecord['refusal']>;
  approvedBy: Actor;
  approvedAt: string;
  approvedFen: number;
  approvedLines: number;
};

/** One move of a claim, with everything that changes by it. */
export interface ClaimStep {
  by: Actor;
  at: Date;
  reason?: string | undefined;
  /** Figures for the audit record. */
  facts?: Record<string, unknown>;
  set?: Partial<Settable>;
  unset?: readonly (keyof Settable | 'reviewers')[];
  /** From when a worker, a schedule or the sweep must look at the claim; none: it waits for nobody. */
  attentionAt?: Date | undefined;
  /** By when somebody must have acted. */
  dueAt?: Date | undefined;
  /** Holds only while officers have decided exactly so many lines since. */
  reviewCount?: number;
}

/** Keeps claims. Every write holds only for the record as it was read. */
export interface ClaimStore {
  find(claimId: string): Promise<ClaimRecord | undefined>;
  /** Creates a draft; a record that is there under this id already is left and returned. */
  create(claim: NewClaim, by: Actor, at: Date): Promise<ClaimRecord>;
  /** The applicant's claims, newest first. */
  listOfApplicant(tenant: string, cursor?: string): Promise<{ claims: ClaimRecord[]; next?: string }>;
  /** The claims on an authority's desk by state and due time, or those of one state. */
  listOfAuthority(
    authority: string,
    state: ClaimState | undefined,
    cursor?: string,
  ): Promise<{ claims: ClaimRecord[]; next?: string }>;
  /** @throws DomainError `changed-meanwhile` when somebody was faster, `state-not-permitted` for a move not declared */
  move(claim: ClaimRecord, move: ClaimMove, step: ClaimStep): Promise<ClaimRecord>;
  /** Puts a staged roster in force (no state changes by it). @throws DomainError `changed-meanwhile` */
  useRoster(claim: ClaimRecord, rosterId: string, roster: NumberedRoster, by: Actor, at: Date): Promise<ClaimRecord>;
  /** Takes the mark of unfinished line work off; nothing happens when the claim has moved on. */
  finishLineWork(claim: ClaimRecord): Promise<void>;
}
