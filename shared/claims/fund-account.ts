import type { Actor } from '../access/actor.ts';

/**
 * A special account (职业技能提升行动专账资金), kept apart for each district (三(三), 四(一)). All in fen; always
 * `available + escrow + paid − recovered = allotted`.
 */
export interface FundAccount {
  /** The district whose account it is. */
  account: string;
  /** 已拨入 */
  allotted: number;
  /** 可用 */
  available: number;
  /** 已核准待拨付 */
  escrow: number;
  /** 已拨付 */
  paid: number;
  /** 已追回, back in `available` */
  recovered: number;
  /** Approved claims that wait because the account is too low. */
  waiting: number;
}

/** Money that the treasury put into an account (资金拨入), or a correction (冲正) of that. */
export interface Allotment {
  account: string;
  /** The number of the paper or transfer: the same one counts once. */
  reference: string;
  /** Negative for a correction. */
  fen: number;
  reason: string;
  by: Actor;
  at: string;
  /** The reference of the allotment that this corrects. */
  corrects?: string;
  /** How much of it corrections took back, fen. */
  correctedFen?: number;
}

/** What an allotment put in too much, or into the wrong account: `fen` of it are taken back. */
export type Correction = Omit<Allotment, 'correctedFen'> & { corrects: string };

/** Keeps the special accounts. */
export interface FundStore {
  /** The accounts as they are now; one that never had money is there with zeros. */
  balances(accounts: readonly string[]): Promise<FundAccount[]>;
  /**
   * Puts money in, once per reference.
   * @returns what is on record under the reference: the given allotment, or the one made before
   */
  allot(allotment: Allotment): Promise<{ isNew: boolean; recorded: Allotment }>;
  /** What is on record under a reference. */
  allotment(account: string, reference: string): Promise<Allotment | undefined>;
  /**
   * Takes money out again, once per reference of the correction, never more than is available.
   * @param correction its fen are positive
   * @returns `too-low` when less is available, `moved` when somebody else was faster
   */
  correct(correction: Correction): Promise<'booked' | 'too-low' | 'moved'>;
  /** Allotments and their corrections, oldest first. */
  allotments(account: string): Promise<Allotment[]>;
}
