import * as z from 'zod';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), KEY_ID: z.string() });
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));

export const handler = createHandler({
  payments: createPaymentTable(table, personal, createOrganisationTable(table, personal)),
  clock: systemClock,
  log: createEventLog(),
  metrics: createMetricRecorder(),
});
