import * as z from 'zod';
import { createEvidenceTable } from '../../shared/aws/evidence-table.ts';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { createEvidenceVault } from '../../shared/aws/s3-evidence-vault.ts';
import { createIncomingObjects } from '../../shared/aws/s3-incoming.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { proveVideo } from '../../shared/evidence/video/prove-video.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { createHandler } from './handler.ts';

const name = z.string().min(1);
const environment = readEnvironment({
  TABLE_NAME: name,
  INCOMING_BUCKET: name,
  EVIDENCE_BUCKET: name,
  RETENTION_YEARS: z.coerce.number().int().min(5),
});
const s3 = openS3();

export const handler = createHandler(
  {
    evidence: createEvidenceTable(openTable(environment.TABLE_NAME)),
    incoming: createIncomingObjects(s3, environment.INCOMING_BUCKET),
    vault: createEvidenceVault(s3, environment.INCOMING_BUCKET, environment.EVIDENCE_BUCKET),
    proveVideo: (source) => proveVideo(source),
    clock: systemClock,
    retentionYears: environment.RETENTION_YEARS,
    incomingBucket: environment.INCOMING_BUCKET,
  },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
