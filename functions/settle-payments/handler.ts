import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { finishPayments, type PaymentDependencies } from '../../shared/payments/pay-batch.ts';
import { systemActor } from '../../shared/supervision/audit-chain.ts';

export interface Dependencies extends Pick<PaymentDependencies, 'payments' | 'clock'> {
  log: EventLog;
  metrics: MetricRecorder;
}

/** Goes on with payment batches and claims that a crash left half done. */
export function createHandler(deps: Dependencies) {
  return createScheduleHandler(deps, 'settle-payments', async () => {
    const result = await finishPayments(deps, systemActor('settle-payments'));
    deps.metrics.add('SweepFound', result.count);
    deps.metrics.add('SweepHeartbeat');
    return result;
  });
}
