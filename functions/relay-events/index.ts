import * as z from 'zod';
import { createWorkQueues } from '../../shared/aws/work-queues.ts';
import { messageFor } from '../../shared/aws/worklist-table.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ ASSESS_QUEUE_URL: z.string(), VERIFY_QUEUE_URL: z.string() });
const queues = createWorkQueues({ assess: env.ASSESS_QUEUE_URL, verify: env.VERIFY_QUEUE_URL });

export const handler = createHandler(
  { queues, messageFor },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
