import * as z from 'zod';
import { createVerificationQueue } from '../../shared/aws/evidence-queue.ts';
import { createEvidenceTable } from '../../shared/aws/evidence-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { createIncomingObjects } from '../../shared/aws/s3-incoming.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createHandler } from './handler.ts';

const name = z.string().min(1);
const environment = readEnvironment({ TABLE_NAME: name, INCOMING_BUCKET: name, VERIFY_QUEUE_URL: z.url() });
const table = openTable(environment.TABLE_NAME);

export const handler = createHandler(
  {
    evidence: createEvidenceTable(table),
    incoming: createIncomingObjects(openS3(), environment.INCOMING_BUCKET),
    queue: createVerificationQueue(environment.VERIFY_QUEUE_URL),
    clock: systemClock,
  },
  {
    idempotency: createIdempotencyTable(table),
    clock: systemClock,
    log: createEventLog(),
    metrics: createMetricRecorder(),
  },
);
