import * as z from 'zod';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPersonTable } from '../../shared/aws/person-table.ts';
import { createShortageTable } from '../../shared/aws/shortage-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), KEY_ID: z.string() });
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));

export const handler = createHandler(
  {
    organisations: createOrganisationTable(table, personal),
    people: createPersonTable(table, personal),
    shortage: createShortageTable(table),
    annexes: createAnnexTable(table),
    edition: wenzhou202058,
    editions: EDITIONS,
    clock: systemClock,
  },
  {
    idempotency: createIdempotencyTable(table),
    clock: systemClock,
    log: createEventLog(),
    metrics: createMetricRecorder(),
  },
);
