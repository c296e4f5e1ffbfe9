import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';

export const handler = createScheduleHandler(
  { log: createEventLog(), metrics: createMetricRecorder() },
  'sweep-work',
  async () => ({ count: 0, failed: 0 }),
);
