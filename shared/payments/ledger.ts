/** The pots of a special account (专账); `recovered` counts what came back, beside what was paid. */
export type Pot = 'available' | 'escrow' | 'paid' | 'recovered';

/** One movement of money of an account: from the debited pot to the credited one, fen. */
export interface LedgerMovement {
  claimId: string;
  lineNo: number;
  kind: string;
  fen: number;
  /** ISO instant. */
  at: string;
  debit: Pot;
  credit: Pot;
}

export interface Pots {
  available: number;
  escrow: number;
  paid: number;
  recovered: number;
}

/** What an account must hold after its allotments and movements; `recovered` grows when it is debited. */
export function potsAfter(
  allottedFen: number,
  movements: readonly Pick<LedgerMovement, 'fen' | 'debit' | 'credit'>[],
): Pots {
  const pots: Pots = { available: allottedFen, escrow: 0, paid: 0, recovered: 0 };
  for (const { fen, debit, credit } of movements) {
    pots[credit] += fen;
    pots[debit] += debit === 'recovered' ? fen : -fen;
  }
  return pots;
}

/** How an account's books stand to its balance: `differenceFen` is 0 for each pot when they balance. */
export interface LedgerStatement {
  account: string;
  allottedFen: number;
  /** By the books. */
  booked: Pots;
  /** By the balance. */
  held: Pots;
  balances: boolean;
}

export function statement(
  account: string,
  allottedFen: number,
  movements: readonly Pick<LedgerMovement, 'fen' | 'debit' | 'credit'>[],
  held: Pots,
): LedgerStatement {
  const booked = potsAfter(allottedFen, movements);
  const same = (['available', 'escrow', 'paid', 'recovered'] as const).every((pot) => booked[pot] === held[pot]);
  const sum = held.available + held.escrow + held.paid - held.recovered;
  return { account, allottedFen, booked, held, balances: same && sum === allottedFen };
}

export interface LedgerStore {
  /** Movements of an account in a period of instants, oldest first. */
  movements(account: string, from: string, to: string): Promise<LedgerMovement[]>;
  /**
   * The next movements of an account in a period of instants, oldest first, some hundreds at most.
   * @throws DomainError `validation-failed` for a cursor that is none of this period
   */
  page(
    account: string,
    from: string,
    to: string,
    cursor: string | undefined,
  ): Promise<{ movements: LedgerMovement[]; next?: string }>;
  /** Every movement of an account since its first, one after the other: however many there are, few are held at once. */
  each(account: string): AsyncIterable<LedgerMovement>;
}
