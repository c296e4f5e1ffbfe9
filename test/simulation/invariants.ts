import { checkDueProcess } from './checks/due-process.ts';
import { checkEntitlements } from './checks/entitlements.ts';
import { checkHistories } from './checks/histories.ts';
import { checkMoney } from './checks/money.ts';
import { checkQuiet } from './checks/quiet.ts';
import { checkTransfers } from './checks/transfers.ts';
import { type Raw, snapshotOf } from './snapshot.ts';

export interface Moment {
  /** Nothing is under way: what only lags must have caught up. */
  readonly isQuiet: boolean;
}

/**
 * What is wrong with a whole table, by the invariants I1 to I5, I7, I8 and I10 (and I12 when it is quiet); an empty list
 * means that they hold. Reads raw items only and knows nothing of the code that wrote them.
 */
export function violations(items: readonly Raw[], { isQuiet }: Moment): string[] {
  const snapshot = snapshotOf(items);
  return [
    ...checkMoney(snapshot),
    ...checkEntitlements(snapshot),
    ...checkTransfers(snapshot, isQuiet),
    ...checkHistories(snapshot),
    ...checkDueProcess(snapshot),
    ...(isQuiet ? checkQuiet(snapshot) : []),
  ];
}
