import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createQueueHandler } from '../../shared/lambda/queue-handler.ts';

export const handler = createQueueHandler({ log: createEventLog(), metrics: createMetricRecorder() }, async () => {});
