import type { Actor } from '../supervision/audit-chain.ts';

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

/** Money that the treasury put into an account (资金拨入). */
export interface Allotment {
  account: string;
  /** The number of the paper or transfer: the same one counts once. */
  reference: string;
  fen: number;
  reason: string;
  by: Actor;
  at: string;
}

/** Keeps the special accounts. */
export interface FundStore {
  /** The accounts as they are now; one that never had money is there with zeros. */
  balances(accounts: readonly string[]): Promise<FundAccount[]>;
  /**
   * Puts money in, once per reference.
   * @returns what is on record under the reference: the given allotment, or the one made before
   */
  allot(allotment: Allotment): Promise<{ isNew: boolean; recorded: Allotment }>;
  allotments(account: string): Promise<Allotment[]>;
}
