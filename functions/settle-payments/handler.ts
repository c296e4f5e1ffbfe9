import { systemActor } from '../../shared/access/actor.ts';
import {
  type RetentionDependencies,
  type RetentionResult,
  retainEndedEvidence,
} from '../../shared/evidence/retain-ended-evidence.ts';
import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { type FinishedPayments, finishPayments, type PaymentDependencies } from '../../shared/payments/pay-batch.ts';

export interface Dependencies extends Pick<PaymentDependencies, 'payments' | 'clock'>, RetentionDependencies {
  log: EventLog;
  metrics: MetricRecorder;
}

function tellPayments(deps: Dependencies, { count, failures }: FinishedPayments): void {
  deps.metrics.add('SweepFound', count);
  for (const { error, ...where } of failures) deps.log.error('payment-unfinished', error, where);
}

function tell(deps: Dependencies, { failures }: RetentionResult): void {
  for (const { claimId, error } of failures) deps.log.error('evidence-not-retained', error, { claimId });
  // Without the heartbeat the alarm rings: evidence that cannot be locked is for a person to look at.
  if (failures.length > 0) throw new Error(`the evidence of ${failures.length} claims could not be locked`);
}

/**
 * Goes on with payment batches and claims that a crash left half done, and locks the evidence of what was paid or
 * refused for the years after it.
 */
export function createHandler(deps: Dependencies) {
  return createScheduleHandler(deps, 'settle-payments', async () => {
    const by = systemActor('settle-payments');
    // Payments first: none waits for a lock.
    const settled = await finishPayments(deps, by);
    tellPayments(deps, settled);
    const retained = await retainEndedEvidence(deps, by);
    tell(deps, retained);
    // A claim that cannot be settled may be lost sight of only once somebody has looked at it.
    if (settled.failures.length === 0) deps.metrics.add('SweepHeartbeat');
    return { count: settled.count + retained.count, failed: settled.failures.length };
  });
}
