import middy from '@middy/core';
import type { EventLog } from './log.ts';
import type { MetricRecorder } from './metrics.ts';

/**
 * Wraps a scheduled job: logs what it found, flushes its metrics, and fails loudly so that the alarm sees it. What the
 * runtime writes of the failure names the job and no more: the message of whatever was thrown may quote data.
 */
export function createScheduleHandler(
  edge: { log: EventLog; metrics: MetricRecorder },
  schedule: string,
  run: () => Promise<{ count: number; failed: number }>,
) {
  return middy<unknown, { count: number; failed: number }>().handler(async () => {
    try {
      const result = await run().catch((error: unknown) => {
        edge.log.error('schedule-failed', error, { schedule });
      });
      if (result === undefined) throw new Error(`${schedule} failed`);
      edge.log.info('schedule-ran', { schedule, ...result });
      return result;
    } finally {
      edge.metrics.flush();
    }
  });
}
