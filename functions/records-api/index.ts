import * as z from 'zod';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createCertificateTable } from '../../shared/aws/certificate-table.ts';
import { createClaimSummaries, createPaidHeads } from '../../shared/aws/claim-summary-table.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createDepartmentPlanTable } from '../../shared/aws/department-plan-table.ts';
import { createDisclosureCount } from '../../shared/aws/disclosure-count-table.ts';
import { createDossierTable } from '../../shared/aws/dossier-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createInspectionPlanTable } from '../../shared/aws/inspection-plan-table.ts';
import { createInspectionTable } from '../../shared/aws/inspection-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createLedgerTable } from '../../shared/aws/ledger-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { everyFundAccount } from '../../shared/claims/allot-funds.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), KEY_ID: z.string() });
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));
const funds = createFundTable(table);
const classes = createClassTable(table, personal);

export const handler = createHandler(
  {
    certificates: {
      certificates: createCertificateTable(table, personal),
      classes,
      personal,
      editions: EDITIONS,
      clock: systemClock,
    },
    records: {
      trails: createAuditTrails(table),
      claim: createClaimSummaries(table),
      paidHeads: createPaidHeads(table),
      dossiers: createDossierTable(table),
      ledger: createLedgerTable(table),
      accounts: everyFundAccount(EDITIONS),
      account: async (account) => {
        const [
          { allotted, available, escrow, paid, recovered } = {
            allotted: 0,
            available: 0,
            escrow: 0,
            paid: 0,
            recovered: 0,
          },
        ] = await funds.balances([account]);
        return { allotted, available, escrow, paid, recovered };
      },
      plans: createDepartmentPlanTable(table),
      clock: systemClock,
    },
    plans: { plans: createInspectionPlanTable(table), clock: systemClock },
    inspections: { inspections: createInspectionTable(table), classes, clock: systemClock },
  },
  {
    idempotency: createIdempotencyTable(table),
    disclosures: createDisclosureCount(table),
    clock: systemClock,
    log: createEventLog(),
    metrics: createMetricRecorder(),
  },
);
