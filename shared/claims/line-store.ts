import type { Actor } from '../access/actor.ts';
import type { StatedAmount } from './claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { LineDecision, LineRecord } from './line-record.ts';
import type { RosterEntry } from './sealed-line.ts';
import type { LineHolds } from './trainee-line.ts';

/** Why a decision could not be written: what had moved since it was worked out. */
export type Obstacle =
  /** the line itself (or, for an officer's word, its claim): somebody decided it */
  | 'line'
  /** the person's three subsidies of the year are used up */
  | 'quota'
  /** the person had this occupation and level */
  | 'repeat'
  /** another claim was granted the person's training in this class */
  | 'class'
  /** the certificate is used */
  | 'certificate'
  /** the reason of a refusal is no longer true */
  | 'proof';

export type DecisionResult = { kind: 'done' } | { kind: 'obstructed'; obstacles: ReadonlySet<Obstacle> };

/** What every decision on a line writes to it. */
export interface LineVerdict {
  findings: LineRecord['findings'];
  basis: string;
  claimed?: StatedAmount;
  assessed: StatedAmount;
}

/** What must be true in the very moment of a refusal (I13): the reason it gives. */
export type RefusalProof =
  /** the person's year holds at least so many subsidies */
  | { kind: 'quota'; year: number; atLeast: number }
  /** somebody holds the lock */
  | { kind: 'repeat'; occupation: string; level: string }
  /** another claim holds the person's place in the class */
  | { kind: 'class'; classId: string }
  /** another line holds the certificate */
  | { kind: 'certificate'; hash: string }
  /** an earlier line of this claim waits for an officer or was granted */
  | { kind: 'earlier-line'; lineNo: number };

/** A decision by the rules, in the round of the claim that it was worked out for. */
export interface RuleDecision {
  claim: ClaimRecord;
  /** The line as it was read, still pending. */
  line: LineRecord;
  /** The roster entry that was judged: its facts go on record with the decision. */
  entry: RosterEntry;
  verdict: LineVerdict;
  /** By `sealStatus`: what shared records said of the person. */
  sealedStatus: string | undefined;
  by: Actor;
  at: Date;
}

/** An officer's decision on one line of an assessed claim. */
export interface OfficerDecision {
  claim: ClaimRecord;
  line: LineRecord;
  decision: LineDecision;
  /** By `sealStatus`, where the line was judged again for the decision. */
  sealedStatus?: string | undefined;
}

/** Keeps trainee lines and decides them, each in a transaction of its own. */
export interface LineStore {
  all(claimId: string): Promise<LineRecord[]>;
  some(claimId: string, lineNos: readonly number[]): Promise<LineRecord[]>;
  /** By the applicant's own id of the line. */
  find(claimId: string, lineId: string): Promise<LineRecord | undefined>;
  /**
   * Brings the lines of a submitted claim into its round: creates those that are new, reopens those of an older round
   * with everything they held given back, releases those that the roster no longer has. Resumable.
   * @returns the lines of the roster, in order
   * @throws DomainError `changed-meanwhile` when the claim has left the state in which it was read
   */
  prepare(claim: ClaimRecord, entries: readonly RosterEntry[], by: Actor, at: Date): Promise<LineRecord[]>;
  /** Gives back what the lines of a returned, withdrawn or refused claim hold. Resumable. */
  takeBack(claim: ClaimRecord, by: Actor, at: Date): Promise<void>;
  reserve(decision: RuleDecision, holds: LineHolds, limit: number): Promise<DecisionResult>;
  refer(decision: RuleDecision): Promise<DecisionResult>;
  refuse(decision: RuleDecision, proofs: readonly RefusalProof[]): Promise<DecisionResult>;
  /** An officer grants a line: the same reservation, with the officer's word on record. */
  accept(decision: OfficerDecision, fen: number, holds: LineHolds, limit: number): Promise<DecisionResult>;
  /** An officer refuses a line; what it held is given back. */
  reject(decision: OfficerDecision): Promise<DecisionResult>;
}
