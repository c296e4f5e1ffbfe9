import * as z from 'zod';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createCertificateRegister } from '../../shared/aws/certificate-register.ts';
import { createClaimRosterTable } from '../../shared/aws/claim-roster-table.ts';
import { createClaimTable } from '../../shared/aws/claim-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createLineEntitlementTable } from '../../shared/aws/line-entitlement-table.ts';
import { createLineTable } from '../../shared/aws/line-table.ts';
import { createPersonTable } from '../../shared/aws/person-table.ts';
import { createShortageTable } from '../../shared/aws/shortage-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { shortageLists } from '../../shared/catalogue/shortage-list.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), KEY_ID: z.string() });
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));
const shortage = createShortageTable(table);

export const handler = createHandler(
  {
    claims: createClaimTable(table),
    rosters: createClaimRosterTable(table, personal),
    lines: createLineTable(table),
    entitlements: createLineEntitlementTable(table),
    certificates: createCertificateRegister(table),
    people: createPersonTable(table, personal),
    annexes: createAnnexTable(table),
    shortage: { inForce: async () => shortageLists(await shortage.lists()) },
    editions: EDITIONS,
    personal,
    clock: systemClock,
  },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
