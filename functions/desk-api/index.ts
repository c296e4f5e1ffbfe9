import * as z from 'zod';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createCertificateRegister } from '../../shared/aws/certificate-register.ts';
import { createClaimApprovalTable } from '../../shared/aws/claim-approval-table.ts';
import { createClaimRosterTable } from '../../shared/aws/claim-roster-table.ts';
import { createClaimTable } from '../../shared/aws/claim-table.ts';
import { createDisclosureCount } from '../../shared/aws/disclosure-count-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { openKeyring } from '../../shared/aws/keyring.ts';
import { createLineEntitlementTable } from '../../shared/aws/line-entitlement-table.ts';
import { createLineTable } from '../../shared/aws/line-table.ts';
import { createNoticeBucket } from '../../shared/aws/notice-bucket.ts';
import { createNoticeClaims } from '../../shared/aws/notice-claims.ts';
import { createNoticeSettingsTable } from '../../shared/aws/notice-settings-table.ts';
import { createNoticeTable } from '../../shared/aws/notice-table.ts';
import { createObjectionTable } from '../../shared/aws/objection-table.ts';
import { createPersonTable } from '../../shared/aws/person-table.ts';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { createShortageTable } from '../../shared/aws/shortage-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { shortageLists } from '../../shared/catalogue/shortage-list.ts';
import { systemClock } from '../../shared/clock/clock.ts';
import { readEnvironment } from '../../shared/lambda/environment.ts';
import { createEventLog } from '../../shared/lambda/log.ts';
import { createMetricRecorder } from '../../shared/lambda/metrics.ts';
import { EDITIONS, findEdition } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { createHandler } from './handler.ts';

const env = readEnvironment({ TABLE_NAME: z.string(), NOTICES_BUCKET: z.string(), KEY_ID: z.string() });
const table = openTable(env.TABLE_NAME);
const personal = createPersonalData(openKeyring(table, env.KEY_ID));
const shortage = createShortageTable(table);

export const handler = createHandler(
  {
    review: {
      claims: createClaimTable(table),
      rosters: createClaimRosterTable(table, personal),
      lines: createLineTable(table),
      approvals: createClaimApprovalTable(table),
      entitlements: createLineEntitlementTable(table),
      certificates: createCertificateRegister(table),
      people: createPersonTable(table, personal),
      annexes: createAnnexTable(table),
      shortage: { inForce: async () => shortageLists(await shortage.lists()) },
      editions: EDITIONS,
      personal,
      clock: systemClock,
    },
    publicity: {
      notices: createNoticeTable(table),
      bucket: createNoticeBucket(openS3(), env.NOTICES_BUCKET),
      findEdition,
      trails: createAuditTrails(table),
      claims: createNoticeClaims(table),
      objections: createObjectionTable(table),
      noticeSettings: createNoticeSettingsTable(table),
      noticeWorkingDays: wenzhou202058.parameters.noticeWorkingDays,
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
