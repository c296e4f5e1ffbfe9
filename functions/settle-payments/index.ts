import * as z from 'zod';
import { createEndedClaimsTable } from '../../shared/aws/ended-claims-table.ts';
import { createEvidenceTable } from '../../shared/aws/evidence-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { createEvidenceLocks } from '../../shared/aws/s3-evidence-locks.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createHandler } from './handler.ts';

const name = z.string().min(1);
const env = readEnvironment({
  TABLE_NAME: name,
  KEY_ID: name,
  EVIDENCE_BUCKET: name,
  RETENTION_YEARS: z.coerce.number().int().min(5),
});
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));

export const handler = createHandler({
  payments: createPaymentTable(table, personal, createOrganisationTable(table, personal)),
  endedClaims: createEndedClaimsTable(table),
  evidence: createEvidenceTable(table),
  locks: createEvidenceLocks(openS3(), env.EVIDENCE_BUCKET),
  retentionYears: env.RETENTION_YEARS,
  clock: systemClock,
  log: createEventLog(),
  metrics: createMetricRecorder(),
});
