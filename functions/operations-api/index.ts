import * as z from 'zod';
import { createDeadLetterQueues } from '../../shared/aws/dead-letter-queues.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createRedriveTable } from '../../shared/aws/redrive-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createHandler } from './handler.ts';

const url = z.string().min(1);
const env = readEnvironment({
  TABLE_NAME: z.string(),
  ASSESS_QUEUE_URL: url,
  ASSESS_DEAD_LETTERS_URL: url,
  VERIFY_QUEUE_URL: url,
  VERIFY_DEAD_LETTERS_URL: url,
});
const table = openTable(env.TABLE_NAME);

export const handler = createHandler(
  {
    letters: createDeadLetterQueues({
      assess: { work: env.ASSESS_QUEUE_URL, deadLetters: env.ASSESS_DEAD_LETTERS_URL },
      verify: { work: env.VERIFY_QUEUE_URL, deadLetters: env.VERIFY_DEAD_LETTERS_URL },
    }),
    redrives: createRedriveTable(table),
    clock: systemClock,
  },
  {
    idempotency: createIdempotencyTable(table),
    clock: systemClock,
    log: createEventLog(),
    metrics: createMetricRecorder(),
  },
);
