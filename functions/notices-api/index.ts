import * as z from 'zod';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createNoticeBucket } from '../../shared/aws/notice-bucket.ts';
import { createNoticeTable } from '../../shared/aws/notice-table.ts';
import { createObjectionAllowance } from '../../shared/aws/objection-allowance-table.ts';
import { createObjectionTable } from '../../shared/aws/objection-table.ts';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { openTable } from '../../shared/aws/table.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { randomIds } from '../../shared/clock/ids.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { bureauIds } from '../../shared/publicity/authority-name.ts';
import { noticeRoutes } from './routes.ts';

const name = z.string().min(1);
const environment = readEnvironment({ TABLE_NAME: name, NOTICES_BUCKET: name, KEY_ID: name });
const table = openTable(environment.TABLE_NAME);
const metrics = createMetricRecorder();

export const handler = createHttpHandler(
  noticeRoutes,
  {
    notices: createNoticeTable(table),
    bucket: createNoticeBucket(openS3(), environment.NOTICES_BUCKET),
    objections: createObjectionTable(table),
    allowance: createObjectionAllowance(table),
    personal: createPersonalData(openKeyring(table, environment.KEY_ID)),
    ids: randomIds,
    clock: systemClock,
    metrics,
    authorities: bureauIds,
  },
  { idempotency: createIdempotencyTable(table), clock: systemClock, log: createEventLog(), metrics },
);
