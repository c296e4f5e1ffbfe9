import type { FundAccount, FundStore } from '../claims/fund-account.ts';
import { type LedgerStore, type Pots, potsAfter } from './ledger.ts';

/** What one claim was paid, seen from both ends, fen. */
export interface ClaimBooks {
  claimId: string;
  /** By its ledger entries: paid less taken back (退汇). */
  ledgerFen: number;
  /** By what was approved for those of its lines whose transfer the bank carried out. */
  approvedFen: number;
}

/** Reads claims as books see them. */
export interface ClaimBookStore {
  /** Claims whose money moved in an account since an instant, each once. */
  movedSince(account: string, since: Date): AsyncIterable<string>;
  read(claimId: string): Promise<ClaimBooks>;
}

export interface BookDependencies {
  funds: Pick<FundStore, 'balances' | 'allotments'>;
  ledger: Pick<LedgerStore, 'each'>;
  claims: ClaimBookStore;
}

/** A claim that was paid another sum than was approved for it. */
export interface PaidOtherwise {
  claimId: string;
  /** Paid less approved, fen. */
  differenceFen: number;
}

/** How the books of one special account (专账) stand. Every sum is of absolute values: two faults never cancel out. */
export interface AccountFinding {
  account: string;
  /** By how much the account's pots, and the allotments (资金拨入) on record, differ from what the ledger says, fen. */
  ledgerMinusBalanceFen: number;
  paidOtherwise: PaidOtherwise[];
}

/** As far back as point-in-time recovery can show the table as it was: a difference that is found can be looked into. */
export const lookBackDays = 35;

// Receipts that are being booked at this moment show as a difference between two reads; a real one stays.
const readings = 3;

const pots = ['available', 'escrow', 'paid', 'recovered'] as const satisfies readonly (keyof Pots)[];

async function readingOfAccount({ funds, ledger }: BookDependencies, account: string): Promise<number> {
  const [held] = await funds.balances([account]);
  if (held === undefined) throw new Error(`no balance of ${account}`);
  const allotted = (await funds.allotments(account)).reduce((sum, { fen }) => sum + fen, 0);
  const booked = potsAfter(allotted, []);
  for await (const { fen, debit, credit } of ledger.each(account)) {
    const { available, escrow, paid, recovered } = potsAfter(0, [{ fen, debit, credit }]);
    booked.available += available;
    booked.escrow += escrow;
    booked.paid += paid;
    booked.recovered += recovered;
  }
  return differenceOf(held, allotted, booked);
}

function differenceOf(held: FundAccount, allotted: number, booked: Pots): number {
  return pots.reduce((sum, pot) => sum + Math.abs(booked[pot] - held[pot]), Math.abs(allotted - held.allotted));
}

/** Reads again while there is a difference, a few times; the last word counts. */
async function thatStays<T>(read: () => Promise<T>, differs: (reading: T) => boolean): Promise<T> {
  let reading = await read();
  for (let again = 1; again < readings && differs(reading); again += 1) reading = await read();
  return reading;
}

/**
 * Holds the books of one account against each other (专账核算, 四(一)): the ledger from its first entry to the last
 * against the account's pots, and what each claim was paid in the last 35 days against what was approved for it.
 */
export async function reconcileAccount(deps: BookDependencies, account: string, now: Date): Promise<AccountFinding> {
  const ledgerMinusBalanceFen = await thatStays(
    () => readingOfAccount(deps, account),
    (fen) => fen !== 0,
  );
  const since = new Date(now.getTime() - lookBackDays * 86_400_000);
  const paidOtherwise: PaidOtherwise[] = [];
  for await (const claimId of deps.claims.movedSince(account, since)) {
    const { ledgerFen, approvedFen } = await thatStays(
      () => deps.claims.read(claimId),
      (books) => books.ledgerFen !== books.approvedFen,
    );
    if (ledgerFen !== approvedFen) paidOtherwise.push({ claimId, differenceFen: ledgerFen - approvedFen });
  }
  return { account, ledgerMinusBalanceFen, paidOtherwise };
}
