import * as z from 'zod';
import { createNoticeBucket } from '../../shared/aws/notice-bucket.ts';
import { createNoticeClaims } from '../../shared/aws/notice-claims.ts';
import { createNoticeTable } from '../../shared/aws/notice-table.ts';
import { createObjectionTable } from '../../shared/aws/objection-table.ts';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { findEdition } from '../../shared/regulation/editions/registry.ts';
import { createHandler } from './handler.ts';

const name = z.string().min(1);
const environment = readEnvironment({ TABLE_NAME: name, NOTICES_BUCKET: name });
const table = openTable(environment.TABLE_NAME);

export const handler = createHandler(
  {
    notices: createNoticeTable(table),
    claims: createNoticeClaims(table),
    objections: createObjectionTable(table),
    bucket: createNoticeBucket(openS3(), environment.NOTICES_BUCKET),
    findEdition,
    clock: systemClock,
  },
  { log: createEventLog(), metrics: createMetricRecorder() },
);
