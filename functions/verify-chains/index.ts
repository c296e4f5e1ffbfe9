import * as z from 'zod';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createRecentTrails } from '../../shared/aws/recent-trails-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { everyFundAccount } from '../../shared/claims/allot-funds.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string() });
const table = openTable(env.TABLE_NAME);

export const handler = createHandler(
  {
    recent: createRecentTrails(table, everyFundAccount(EDITIONS)),
    trails: createAuditTrails(table),
    clock: systemClock,
  },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
