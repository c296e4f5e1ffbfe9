import { paymentRoutes } from '../../../functions/payments-api/payment-routes.ts';
import { identityNumber } from '../../../local/sample/all-routes/check-digits.ts';
import { systemActor } from '../../../shared/access/actor.ts';
import type { Principal } from '../../../shared/access/principal.ts';
import { createFundApplicationTable } from '../../../shared/aws/fund-application-table.ts';
import { createIdempotencyTable } from '../../../shared/aws/idempotency-table.ts';
import { createNoticeClaims } from '../../../shared/aws/notice-claims.ts';
import { createNoticeSettingsTable } from '../../../shared/aws/notice-settings-table.ts';
import { createNoticeTable } from '../../../shared/aws/notice-table.ts';
import { createObjectionAllowance } from '../../../shared/aws/objection-allowance-table.ts';
import { createObjectionTable } from '../../../shared/aws/objection-table.ts';
import { createPaymentTable } from '../../../shared/aws/payment-table.ts';
import { createReapplicationTable } from '../../../shared/aws/reapplication-table.ts';
import { createRecoveryTable } from '../../../shared/aws/recovery-table.ts';
import { randomIds } from '../../../shared/clock/ids.ts';
import { createHttpHandler } from '../../../shared/lambda/http-handler.ts';
import { finishPayments } from '../../../shared/payments/pay-batch.ts';
import { closeNotices } from '../../../shared/publicity/close-notices.ts';
import type { NoticeBucket } from '../../../shared/publicity/notice-store.ts';
import { publishNotices } from '../../../shared/publicity/publish-notices.ts';
import { findEdition } from '../../../shared/regulation/editions/registry.ts';
import { openClaimWorld } from '../../support/claim-world.ts';
import { type Call, call, recordedEdge } from '../../support/http.ts';
import { enterprise } from '../../support/people.ts';
import { enterpriseFacts } from '../../support/registered.ts';
import { type Raw, scanTable } from '../snapshot.ts';

/** People who claim for themselves: their money goes to their cards. */
export const individuals: readonly Principal[] = [0, 1].map((n) => ({
  ...enterprise,
  subject: `person-${n}`,
  tenant: `person-${n}`,
  name: `学员${n}`,
}));

/** The identity numbers of the people whom all rosters name. */
export const crowd = [0, 1, 2, 3, 4].map((person) => identityNumber(`33030219850510${100 + person}`));

/** Everything a claim goes through from its draft to its recovery, over a real engine with everything around it in hand. */
export async function openLifeWorld() {
  const world = await openClaimWorld();
  const { table, personal, clock, organisations, people } = world;
  const by = systemActor('test');
  await organisations.save(
    enterprise.tenant,
    { ...enterpriseFacts, selfEvaluation: true, bankAccount: enterpriseFacts.bankAccount },
    by,
    clock.now(),
  );
  for (const { tenant, name } of individuals)
    await organisations.save(
      tenant,
      { name, kind: 'individual', insuredDistrict: 'lucheng', traits: [] },
      by,
      clock.now(),
    );

  const unemploymentInsurance = { district: 'lucheng', paidThrough: '2021-06-30', enterpriseEmployee: true };
  const record = { status: { unemploymentInsurance }, verifiedOn: '2021-05-09', source: '省公共数据平台' };
  await people.saveRecords(
    crowd.map((idNumber) => ({ idNumber, record })),
    clock.now(),
  );

  // One of them was paid by the insurance twice in this year: one subsidy of ours is left.
  const [twicePaid = ''] = crowd;
  await people.saveSubsidies(['SY-1', 'SY-2'].map((reference) => ({ idNumber: twicePaid, year: 2021, reference })));

  const payments = {
    payments: createPaymentTable(table, personal, organisations),
    applications: createFundApplicationTable(table),
    recoveries: createRecoveryTable(table, personal),
    reapplications: createReapplicationTable(table, personal),
    organisations,
    personal,
    clock,
    metrics: { add: () => undefined },
  };
  const edge = recordedEdge(createIdempotencyTable(table), clock);
  const paying = createHttpHandler(paymentRoutes, payments, edge);

  const files = new Map<string, string>();
  const bucket: NoticeBucket = {
    put: async (noticeId, file, text) => void files.set(`${noticeId}.${file}`, text),
    get: async (noticeId, file) => files.get(`${noticeId}.${file}`),
  };
  const faults: unknown[] = [];
  const publicity = {
    notices: createNoticeTable(table),
    claims: createNoticeClaims(table),
    objections: createObjectionTable(table),
    settings: createNoticeSettingsTable(table),
    allowance: createObjectionAllowance(table),
    ids: randomIds,
    personal,
    bucket,
    clock,
    findEdition,
    watch: {
      published: () => undefined,
      closed: () => undefined,
      unmasked: () => faults.push('unmasked'),
      leftOut: (error: unknown) => faults.push(error),
      failed: (error: unknown) => faults.push(error),
    },
  };

  return {
    ...world,
    payments,
    publicity,
    faults,
    askToPay: async (as: Principal, route: string, request: Omit<Call, 'route' | 'as'> = {}) =>
      call(paying, { route, as, ...request }),
    publish: async () => publishNotices({ ...publicity, by: systemActor('publish-notices') }),
    close: async () => closeNotices({ ...publicity, by: systemActor('close-notices') }),
    finish: async () => finishPayments(payments, systemActor('settle-payments')),
    scan: async (): Promise<Raw[]> => scanTable(table.client, table.name),
  };
}
export type LifeWorld = Awaited<ReturnType<typeof openLifeWorld>>;
