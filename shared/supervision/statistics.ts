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
}

export interface StatisticsRow {
  /** `YYYY-MM` */
  month: string;
  account: string;
  programme: Programme;
  heads: number;
  fen: number;
}

/** Heads and amounts by month, account and programme (一网统计, 四(一)), in that order. */
export function statisticsOf(facts: readonly PaidFact[]): StatisticsRow[] {
  const rows = new Map<string, StatisticsRow>();
  for (const { programme, account, paidOn, heads, fen } of facts) {
    const month = paidOn.slice(0, 7);
    const key = `${month} ${account} ${programme}`;
    const row = rows.get(key) ?? { month, account, programme, heads: 0, fen: 0 };
    rows.set(key, { ...row, heads: row.heads + heads, fen: row.fen + fen });
  }
  return [...rows.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** What statistics need of a claim. */
export interface ClaimSummary {
  programme: Programme;
  /** Lines that were approved: the heads of a transfer for the whole claim. */
  approvedLines: number;
}

/** What was paid, from the movements of an account; what bounced afterwards is taken off again. */
export async function paidFacts(
  account: string,
  movements: readonly { claimId: string; lineNo: number; kind: string; fen: number; at: string }[],
  claim: (claimId: string) => Promise<ClaimSummary | undefined>,
  dateOf: (instant: Date) => string,
): Promise<PaidFact[]> {
  const claims = new Map<string, ClaimSummary | undefined>();
  const facts: PaidFact[] = [];
  for (const { claimId, lineNo, kind, fen, at } of movements) {
    const sign = kind === 'paid' ? 1 : kind === 'payment-reversed' ? -1 : 0;
    if (sign === 0) continue;
    if (!claims.has(claimId)) claims.set(claimId, await claim(claimId));
    const found = claims.get(claimId);
    if (found === undefined) continue;
    const heads = lineNo === 0 ? found.approvedLines : 1;
    const paidOn = dateOf(new Date(at));
    facts.push({ programme: found.programme, account, paidOn, heads: sign * heads, fen: sign * fen });
  }
  return facts;
}
