import type { Clock } from '../../shared/clock/clock.ts';
import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { type AccountFinding, type BookDependencies, reconcileAccount } from '../../shared/payments/reconcile-books.ts';

export interface ReconcileDependencies extends BookDependencies {
  /** The special accounts by their codes. */
  accounts: readonly string[];
  clock: Clock;
}

/** Every night (04:20 Asia/Shanghai): do the books of every special account agree, to the fen? */
export function createHandler(deps: ReconcileDependencies, edge: { log: EventLog; metrics: MetricRecorder }) {
  const tell = ({ account, ledgerMinusBalanceFen, paidOtherwise }: AccountFinding): void => {
    const paid = paidOtherwise.reduce((sum, { differenceFen }) => sum + Math.abs(differenceFen), 0);
    edge.metrics.add('LedgerMinusBalanceFen', ledgerMinusBalanceFen);
    edge.metrics.add('PaidMinusApprovedFen', paid);
    if (ledgerMinusBalanceFen !== 0) edge.log.warn('ledger-differs', { account, fen: ledgerMinusBalanceFen });
    for (const { claimId, differenceFen } of paidOtherwise)
      edge.log.warn('paid-otherwise', { account, claimId, fen: differenceFen });
  };
  return createScheduleHandler(edge, 'reconcile-books', async () => {
    let failed = 0;
    for (const account of deps.accounts) {
      try {
        tell(await reconcileAccount(deps, account, deps.clock.now()));
      } catch (error) {
        // One account that cannot be read must not keep the others from being held against their books.
        failed += 1;
        edge.log.error('reconciliation-failed', error, { account });
      }
    }
    if (failed === 0) edge.metrics.add('CheckHeartbeat');
    return { count: deps.accounts.length, failed };
  });
}
