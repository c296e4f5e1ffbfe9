import { type LedgerMovement, type LedgerStatement, type LedgerStore, type Pots, statement } from './ledger.ts';

export interface StatementDependencies {
  ledger: Pick<LedgerStore, 'each'>;
  /** The balance of an account as it is now. */
  account: (account: string) => Promise<Pots & { allotted: number }>;
}

// Money that moves between the reading of the balance and that of the books looks like a difference; a real one stays.
const readings = 3;

/** What moved between each two pots, added up: of however many movements, few sums. */
async function sumsOf(
  movements: AsyncIterable<LedgerMovement>,
): Promise<Pick<LedgerMovement, 'fen' | 'debit' | 'credit'>[]> {
  const sums = new Map<string, Pick<LedgerMovement, 'fen' | 'debit' | 'credit'>>();
  for await (const { fen, debit, credit } of movements) {
    const pair = `${debit} ${credit}`;
    sums.set(pair, { fen: (sums.get(pair)?.fen ?? 0) + fen, debit, credit });
  }
  return [...sums.values()];
}

/** Holds the books of a special account (专账核算, 四(一)), from its first movement on, against its balance. */
export async function readStatement(deps: StatementDependencies, account: string): Promise<LedgerStatement> {
  const read = async () => {
    const { allotted, ...held } = await deps.account(account);
    return statement(account, allotted, await sumsOf(deps.ledger.each(account)), held);
  };
  let told = await read();
  for (let again = 1; again < readings && !told.balances; again += 1) told = await read();
  return told;
}
