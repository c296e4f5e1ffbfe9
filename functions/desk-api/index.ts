import * as z from 'zod';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { deskRoutes } from './routes.ts';

const environment = readEnvironment({ TABLE_NAME: z.string().min(1) });

export const handler = createHttpHandler(
  deskRoutes,
  {},
  {
    idempotency: createIdempotencyTable(openTable(environment.TABLE_NAME)),
    clock: systemClock,
    log: createEventLog(),
    metrics: createMetricRecorder(),
  },
);
