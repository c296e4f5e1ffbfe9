import type { FundAccount } from '../../shared/claims/fund-account.ts';
import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { type SweepDependencies, sweepWork } from '../../shared/worklist/sweep-work.ts';

export interface SweepHandlerDependencies extends SweepDependencies {
  /** How many approved claims wait for money. */
  countWaitingForFunds(): Promise<number>;
  /** The special accounts (专账) as they are now, in fen. */
  balances(): Promise<Pick<FundAccount, 'account' | 'allotted' | 'available'>[]>;
}

/** An account that ever had money is low when less than a tenth of it is left. */
function isLow({ allotted, available }: Pick<FundAccount, 'allotted' | 'available'>): boolean {
  return available * 10 < allotted;
}

/** Every five minutes: whatever waits for an event is looked at again. */
export function createHandler(deps: SweepHandlerDependencies, edge: { log: EventLog; metrics: MetricRecorder }) {
  return createScheduleHandler(edge, 'sweep-work', async () => {
    const { found, overdue, longestOverdue, failures } = await sweepWork(deps);
    edge.metrics.add('SweepFound', found);
    edge.metrics.add('ClaimsOverdue', overdue);
    for (const item of longestOverdue) edge.log.warn('overdue', item);
    edge.metrics.add('ClaimsWaitingForFunds', await deps.countWaitingForFunds());
    const low = (await deps.balances()).filter(isLow);
    for (const { account, available } of low) edge.log.warn('funds-low', { account, fen: available });
    edge.metrics.add('FundsLow', low.length);
    for (const { name, error } of failures) edge.log.error('sweep-part-failed', error, { schedule: name });
    // Without the heartbeat the alarm rings: a sweep that cannot look is as bad as none.
    if (failures.length > 0) throw new Error(`${failures.length} parts of the sweep failed`);
    edge.metrics.add('SweepHeartbeat');
    return { count: found, failed: 0 };
  });
}
