import type { Actor } from '../access/actor.ts';
import type { TraineeLine } from '../regulation/contract.ts';
import type { DeclaredLine, StoredLine } from './trainee-line.ts';

/** A person's numbers as they are stored: sealed, each for its own place (see `PersonalData`). */
export interface SealedNumbers {
  /** field `LINE#0001.idNumber` */
  idNumber: string;
  /** field `LINE#0001.card` */
  card?: string;
  /** fields `LINE#0001.certificates[0]` and so on */
  certificates: string[];
  /** field `LINE#0001.status`: what shared records said of the person when the line was decided; absent where they said nothing */
  status?: string;
}

/** An officer's word on a line, against or beside the assessment's. */
export interface LineDecision {
  decision: 'accept' | 'refuse';
  reason: string;
  by: Actor;
  /** ISO instant */
  at: string;
  /** The amount that an acceptance grants, fen; it counts instead of the assessed one, which stays as the rules found it. */
  fen?: number;
  /** The state that was decided on: to accept a line that the rules refused is an override. */
  of: StoredLine['st'];
  /** Last calendar date on which an override may still be approved. */
  expiresOn?: string;
}

/** A stored line with what the deciding and paying use cases need besides. */
export interface LineRecord extends StoredLine {
  /** The claim's round that this state belongs to; see `ClaimRecord.round`. */
  round: number;
  /** The roster that these facts were taken from. */
  rosterId: string;
  /** What the roster states, numbers masked or left out. */
  declared: DeclaredLine;
  cardMasked?: string;
  sealed: SealedNumbers;
  decision?: LineDecision;
  /** The transfer that pays this line, from `paying` on; see `Transfer`. */
  payment?: { batchId: string; reference: string };
  /** Of the paid amount, what came back in a recovery (追回), fen. */
  recoveredFen?: number;
  /** The open recovery that asks for its money; see `Recovery`. */
  demandedBy?: string;
}

/** A trainee line as people put it in: everything of the contract but the verification, which is not theirs to state. */
export type RosterLine = Omit<TraineeLine, 'statusVerified'> & {
  /** 申请补贴金额, fen, as the roster's own column states it */
  claimedFen?: number | undefined;
};
