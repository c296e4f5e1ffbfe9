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
