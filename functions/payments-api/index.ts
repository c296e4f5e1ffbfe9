import * as z from 'zod';
import { createClaimApprovalTable } from '../../shared/aws/claim-approval-table.ts';
import { createDisclosureCount } from '../../shared/aws/disclosure-count-table.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createReapplicationTable } from '../../shared/aws/reapplication-table.ts';
import { createRecoveryTable } from '../../shared/aws/recovery-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), KEY_ID: z.string() });
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));

export const handler = createHandler(
  {
    funds: {
      funds: createFundTable(table),
      approvals: createClaimApprovalTable(table),
      edition: wenzhou202058,
      clock: systemClock,
    },
    payments: {
      payments: createPaymentTable(table, personal, createOrganisationTable(table, personal)),
      applications: createFundApplicationTable(table),
      recoveries: createRecoveryTable(table, personal),
      reapplications: createReapplicationTable(table, personal),
      personal,
      clock: systemClock,
    },
  },
  {
    idempotency: createIdempotencyTable(table),
    disclosures: createDisclosureCount(table),
    clock: systemClock,
    log: createEventLog(),
    metrics: createMetricRecorder(),
  },
);
