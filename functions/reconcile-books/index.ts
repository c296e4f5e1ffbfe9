import * as z from 'zod';
import { createClaimBooks } from '../../shared/aws/claim-books-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createLedgerTable } from '../../shared/aws/ledger-table.ts';
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
    funds: createFundTable(table),
    ledger: createLedgerTable(table),
    claims: createClaimBooks(table),
    accounts: everyFundAccount(EDITIONS),
    clock: systemClock,
  },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
