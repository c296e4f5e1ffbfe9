import type { Programme } from '../regulation/contract.ts';

/** What was paid of one line's or unit's claim, as statistics count it. */
export interface PaidFact {
  programme: Programme;
  /** Whose account paid. */
  account: string;
  /** Calendar date in Asia/Shanghai. */
  paidOn: string;
  heads: number;
  fen: number;
  /** What came back of paid money (追回): a figure of its own, never taken off `fen`. */
  recoveredFen: number;
}

export interface StatisticsRow {
  /** `YYYY-MM` */
  month: string;
  account: string;
  programme: Programme;
  heads: number;
  fen: number;
  recoveredFen: number;
}

/** Heads and amounts by month, account and programme (一网统计, 四(一)), in that order. */
export function statisticsOf(facts: readonly PaidFact[]): StatisticsRow[] {
  const rows = new Map<string, StatisticsRow>();
  for (const { programme, account, paidOn, heads, fen, recoveredFen } of facts) {
    const month = paidOn.slice(0, 7);
    const key = `${month} ${account} ${programme}`;
    const row = rows.get(key) ?? { month, account, programme, heads: 0, fen: 0, recoveredFen: 0 };
    const sums = { heads: row.heads + heads, fen: row.fen + fen, recoveredFen: row.recoveredFen + recoveredFen };
    rows.set(key, { ...row, ...sums });
  }
  return [...rows.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** What statistics need of a claim. */
export interface ClaimSummary {
  programme: Programme;
}

/** Where statistics learn about claims. */
export interface CountedClaims {
  claim(claimId: string): Promise<ClaimSummary | undefined>;
  /** The heads of a transfer for the whole claim: its lines that nobody refused or took away (二(三)). */
  paidHeads(claimId: string): Promise<number>;
}

/** What each kind of movement counts: +1 paid, −1 bounced afterwards, and what came back beside it. */
const counted: Readonly<Record<string, { paid: number; recovered: number }>> = {
  paid: { paid: 1, recovered: 0 },
  'payment-reversed': { paid: -1, recovered: 0 },
  recovered: { paid: 0, recovered: 1 },
};

/** Gives what `read` gives, and reads each key once. */
function once<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return async (key) => {
    const found = known.get(key) ?? read(key);
    known.set(key, found);
    return found;
  };
}

/** What was paid, from the movements of an account; what bounced afterwards is taken off again. */
export async function paidFacts(
  account: string,
  movements: readonly { claimId: string; lineNo: number; kind: string; fen: number; at: string }[],
  claims: CountedClaims,
  dateOf: (instant: Date) => string,
): Promise<PaidFact[]> {
  const claimOf = once(async (claimId) => claims.claim(claimId));
  const headsOf = once(async (claimId) => claims.paidHeads(claimId));
  const facts: PaidFact[] = [];
  for (const { claimId, lineNo, kind, fen, at } of movements) {
    const counts = counted[kind];
    if (counts === undefined) continue;
    const found = await claimOf(claimId);
    if (found === undefined) continue;
    const heads = counts.paid === 0 ? 0 : lineNo === 0 ? await headsOf(claimId) : 1;
    facts.push({
      programme: found.programme,
      account,
      paidOn: dateOf(new Date(at)),
      heads: counts.paid * heads,
      fen: counts.paid * fen,
      recoveredFen: counts.recovered * fen,
    });
  }
  return facts;
}
