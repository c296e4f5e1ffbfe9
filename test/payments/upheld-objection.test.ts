import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClaimSummaries, createPaidHeads } from '../../shared/aws/claim-summary-table.ts';
import { createDepartmentPlanTable } from '../../shared/aws/department-plan-table.ts';
import { createLedgerTable } from '../../shared/aws/ledger-table.ts';
import { businessDate } from '../../shared/clock/clock.ts';
import { paidFacts, statisticsOf } from '../../shared/supervision/statistics.ts';
import { department, openPaymentWorld } from '../support/payment-world.ts';
import { finance } from '../support/people.ts';

describe('a claim of two lines, one of which an objection took away', () => {
  let world: Awaited<ReturnType<typeof openPaymentWorld>>;
  const account = 'city';
  let claimId = '';
  beforeAll(async () => {
    world = await openPaymentWorld();
    claimId = await world.seed('upheld', {
      account,
      fens: [200, 300],
      payee: 'applicant',
      authority: department.tenant,
    });
    await world.release(claimId, 2);
  });
  afterAll(async () => world.stop());

  const statistics = async () => {
    const movements = await createLedgerTable(world.table).movements(account, '', '9999');
    const claims = { claim: createClaimSummaries(world.table), paidHeads: createPaidHeads(world.table) };
    return statisticsOf(await paidFacts(account, movements, claims, businessDate));
  };
  const outcome = async () => createDepartmentPlanTable(world.table).outcome(department.tenant, 2021);
  const month = { month: '2021-04', account, programme: 'project' };

  test('what is applied for, transferred, counted and returned is the line that is left', async () => {
    expect(await outcome()).toEqual({
      approved: { claims: 1, heads: 1, fen: 200 },
      paid: { claims: 0, heads: 0, fen: 0 },
      recovered: { claims: 0, heads: 0, fen: 0 },
    });
    const applied = await world.ask(department, 'POST /fund-applications', { body: { receiptNumber: 'SJ-1' } });
    expect(applied.body).toMatchObject({ totalFen: 200 });
    const path = { applicationId: applied.body.id };
    const read = await world.ask(department, 'GET /fund-applications/{applicationId}', { path });
    expect(read.body.rows).toMatchObject([{ claimId, heads: 1, fen: 200 }]);
    await world.ask(finance, 'POST /fund-applications/{applicationId}/transfer', {
      path,
      body: { bankSerial: 'ADV-1', totalFen: 200 },
    });
    const batch = await world.ask(department, 'POST /payment-batches', { body: { applicationId: applied.body.id } });
    expect(batch.body).toMatchObject({ count: 1, totalFen: 200 });
    await world.say(batch.body.id, '成功', department);
    expect(await world.statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'released'] });
    expect(await statistics()).toEqual([{ ...month, heads: 1, fen: 200, recoveredFen: 0 }]);
    const paid = { claims: 1, heads: 1, fen: 200 };
    expect(await outcome()).toEqual({ approved: paid, paid, recovered: { claims: 0, heads: 0, fen: 0 } });
  });

  test('what came back is a figure of its own', async () => {
    const demanded = await world.ask(department, 'POST /claims/{claimId}/recoveries', {
      path: { claimId },
      body: { document: '温应急〔2021〕3号', reason: '虚假培训' },
    });
    const receipt = { bankSerial: 'BACK-1', lines: [{ lineId: 'L1', fen: 50 }] };
    await world.ask(finance, 'POST /claims/{claimId}/recoveries/{recoveryId}/receipts', {
      path: { claimId, recoveryId: demanded.body.id },
      body: receipt,
    });
    expect(await statistics()).toEqual([{ ...month, heads: 1, fen: 200, recoveredFen: 50 }]);
    const paid = { claims: 1, heads: 1, fen: 200 };
    expect(await outcome()).toEqual({ approved: paid, paid, recovered: { claims: 1, heads: 1, fen: 50 } });
  });
});
