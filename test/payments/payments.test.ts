import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { paymentRoutes } from '../../functions/payments-api/payment-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { balanceKey, escrowKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import { createReapplicationTable } from '../../shared/aws/reapplication-table.ts';
import { createRecoveryTable } from '../../shared/aws/recovery-table.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { finishPayments } from '../../shared/payments/pay-batch.ts';
import { type ClearedClaim, seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { enterprise, finance, officerLin, officerOfOuhai, rivalEnterprise } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const department = {
  subject: 'd-1',
  tenant: 'industry-department/city/city/市应急管理局',
  role: 'department',
  duties: ['preparer', 'approver'],
  name: '应急局',
} as const;
const header = '转账编号,结果,银行流水号,原因';

describe('payments', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const clock = settableClock('2021-04-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  let deps: ReturnType<typeof wire>;
  let handler: ReturnType<typeof createHttpHandler>;
  const wire = () => {
    const organisations = createOrganisationTable(engine.table, personal);
    const payments = createPaymentTable(engine.table, personal, organisations);
    const applications = createFundApplicationTable(engine.table);
    const recoveries = createRecoveryTable(engine.table, personal);
    const reapplications = createReapplicationTable(engine.table, personal);
    return {
      reapplications,
      payments,
      applications,
      recoveries,
      organisations,
      personal,
      clock,
      metrics: { add: () => undefined },
    };
  };
  beforeAll(async () => {
    engine = await openTestTable();
    deps = wire();
    await deps.organisations.save('ent-aoke', enterpriseFacts, systemActor('test'), clock.now());
    await deps.organisations.save(
      'ent-bare',
      { ...enterpriseFacts, bankAccount: undefined },
      systemActor('test'),
      clock.now(),
    );
    handler = createHttpHandler(paymentRoutes, deps, recordedEdge(createIdempotencyTable(engine.table), clock));
  });
  afterAll(async () => engine.stop());

  // Every test has an account, and so claims, of its own.
  let account = 'a0';
  let tests = 0;
  beforeEach(() => {
    tests += 1;
    account = `a${tests}`;
  });
  const idOf = (name: string) => idFromCause(name, account);
  const seed = async (name: string, claim: Omit<ClearedClaim, 'id'>) => {
    await seedClearedClaim(engine.table, personal, { account, ...claim, id: idOf(name) });
    return idOf(name);
  };
  const open = async (payee = 'trainee', as: Parameters<typeof call>[1]['as'] = finance, key?: string) =>
    call(handler, {
      route: 'POST /payment-batches',
      body: { account, payee },
      as,
      ...(key === undefined ? {} : { key }),
    });
  const read = async (batchId: string) =>
    (await call(handler, { route: 'GET /payment-batches/{batchId}', path: { batchId }, as: finance })).body;
  const receipts = async (batchId: string, ...rows: string[]) =>
    call(handler, {
      route: 'POST /payment-batches/{batchId}/receipts',
      path: { batchId },
      body: { file: [header, ...rows].join('\n') },
      as: finance,
    });
  const item = async (key: { pk: string; sk: string }) =>
    (await engine.table.client.send(new GetCommand({ TableName: 'jipei', Key: key, ConsistentRead: true }))).Item ?? {};
  const balance = async () => {
    const { available, escrow, paid, recovered, allotted } = await item(balanceKey(account));
    expect(available + escrow + paid - recovered).toBe(allotted);
    return { available, escrow, paid, recovered };
  };
  const statesOf = async (claimId: string) => {
    const { Items = [] } = await engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :l)',
        ExpressionAttributeValues: { ':pk': `CLAIM#${claimId}`, ':l': 'LINE#' },
      }),
    );
    return { claim: (await item({ pk: `CLAIM#${claimId}`, sk: 'META' }))['st'], lines: Items.map(({ st }) => st) };
  };

  test('trainees are paid to their cards: collected, exported, answered, settled', async () => {
    await seedAccount(engine.table, account, 1000, 300);
    const claimId = await seed('CARD', { fens: [100, 200] });
    const opened = await open();
    expect(opened.body).toMatchObject({ state: 'ready', count: 2, totalFen: 300 });
    expect(await statesOf(claimId)).toEqual({ claim: 'paying', lines: ['paying', 'paying'] });
    const file = await call(handler, {
      route: 'GET /payment-batches/{batchId}/bank-file',
      path: { batchId: opened.body.id },
      as: finance,
    });
    const rows: Record<string, string>[] = parse(file.body, { bom: true, columns: true });
    expect(
      rows
        .map((row) => [row['账号'], row['金额（元）'], row['收款人']])
        .toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
    ).toEqual([
      ['622848000000001', '1.00', '学员1'],
      ['622848000000002', '2.00', '学员2'],
    ]);
    const said = rows.map((row, n) => `${row['转账编号']},成功,S-${account}-${n},`);
    expect((await receipts(opened.body.id, ...said)).body).toMatchObject({ applied: 2, known: 0, problems: [] });
    expect((await receipts(opened.body.id, ...said)).body).toMatchObject({
      applied: 0,
      known: 2,
      batch: { state: 'settled' },
    });
    expect(await statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'paid'] });
    expect(await balance()).toEqual({ available: 1000, escrow: 0, paid: 300, recovered: 0 });
    expect((await item(escrowKey(claimId)))['openFen']).toBe(0);
  });

  test('a unit is paid in one transfer for all its lines', async () => {
    await seedAccount(engine.table, account, 0, 600);
    const claimId = await seed('UNIT', { fens: [100, 200, 300], payee: 'applicant' });
    const opened = await open('applicant');
    expect(opened.body).toMatchObject({ count: 1, totalFen: 600 });
    const { transfers } = await read(opened.body.id);
    await receipts(opened.body.id, `${transfers[0].reference},成功,U-${account},`);
    expect(await statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'paid', 'paid'] });
    expect(await balance()).toEqual({ available: 0, escrow: 0, paid: 600, recovered: 0 });
  });

  test('a double click opens one batch; a second batch finds nothing left', async () => {
    await seedAccount(engine.table, account, 0, 100);
    await seed('TWICE', { fens: [100] });
    const [one, two] = [
      await open('trainee', finance, 'pay-double-click'),
      await open('trainee', finance, 'pay-double-click'),
    ];
    expect(two.body).toEqual(one.body);
    expect((await open()).body).toMatchObject({ count: 0, state: 'settled' });
  });

  test('two batches at once share the claims, and no line is in both', async () => {
    await seedAccount(engine.table, account, 0, 600);
    for (const name of ['RACEA', 'RACEB', 'RACEC']) await seed(name, { fens: [100, 100] });
    const opened = await Promise.all([open(), open(), open()]);
    const batches = await Promise.all(opened.map(async ({ body }) => read(body.id)));
    const all = batches.flatMap(({ transfers }) => transfers.map(({ reference }: { reference: string }) => reference));
    expect(all).toHaveLength(6);
    expect(new Set(all).size).toBe(6);
  });

  test.each([
    ['an open objection', { openObjections: 1 }],
    ['an approver who also endorsed', { approvedBy: 'lin' }],
    ['a unit without an account', { tenant: 'ent-bare', payee: 'applicant' as const }],
    ['a claim of a department without its application', { applicationId: 'X' }],
  ])('%s keeps a claim out', async (_, what) => {
    await seedAccount(engine.table, account, 0, 100);
    const claimId = await seed('KEPT', { fens: [100], ...what });
    expect((await open('payee' in what ? 'applicant' : 'trainee')).body.count).toBe(0);
    expect((await statesOf(claimId)).claim).toBe('cleared');
  });

  test('a line without a card waits, the others are paid, and the claim comes back for it', async () => {
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('NOCARD', { fens: [100, 200], withoutCard: [2] });
    const opened = await open();
    const { transfers, problems } = await read(opened.body.id);
    expect(problems).toMatchObject([{ claimId, lineNo: 2 }]);
    await receipts(opened.body.id, `${transfers[0].reference},成功,N-${account},`);
    expect(await statesOf(claimId)).toEqual({ claim: 'cleared', lines: ['paid', 'cleared'] });
  });

  test('a bounced transfer keeps its money committed; paid then bounced takes the payment back', async () => {
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('BOUNCE', { fens: [100, 200] });
    const { id } = (await open()).body;
    const { transfers } = await read(id);
    const [first, second] = transfers.map(({ reference }: { reference: string }) => reference);
    await receipts(id, `${first},成功,B1-${account},`, `${second},退回,,账号已销户`);
    const one = await balance();
    await receipts(id, `${first},退回,B2-${account},户名不符`);
    expect(one.escrow + one.paid).toBe(300);
    expect(await balance()).toEqual({ available: 0, escrow: 300, paid: 0, recovered: 0 });
    expect(await statesOf(claimId)).toEqual({ claim: 'paying', lines: ['bounced', 'bounced'] });
    expect((await receipts(id, `${first},成功,B3-${account},`)).body.problems).toHaveLength(1);
  });

  test('a bounced line is paid anew under another reference once the applicant gives another card', async () => {
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('ANEW', { fens: [100, 200] });
    const { id } = (await open()).body;
    const [first, second] = (await read(id)).transfers.map(({ reference }: { reference: string }) => reference);
    await receipts(id, `${first},成功,E1-${account},`, `${second},退回,,账号已销户`);
    const bounced = (await statesOf(claimId)).lines.indexOf('bounced') + 1;
    const give = async (lineId: string, as = enterprise) =>
      call(handler, {
        route: 'PUT /claims/{claimId}/lines/{lineId}/card',
        path: { claimId, lineId },
        body: { number: '6228 4800 0000 9999 99' },
        as,
      });
    expect((await give(`L${bounced}`, rivalEnterprise)).status).toBe(404);
    expect((await give(`L${3 - bounced}`)).body.title).toBe('state-not-permitted');
    expect((await give(`L${bounced}`)).status).toBe(204);
    expect((await statesOf(claimId)).claim).toBe('cleared');
    const again = (await open()).body;
    const { transfers } = await read(again.id);
    expect(transfers).toMatchObject([{ lineNo: bounced, attempt: 2 }]);
    expect([first, second]).not.toContain(transfers[0].reference);
    const file = await call(handler, {
      route: 'GET /payment-batches/{batchId}/bank-file',
      path: { batchId: again.id },
      as: finance,
    });
    expect(file.body).toContain('622848000000999999');
    await receipts(again.id, `${transfers[0].reference},成功,E2-${account},`);
    expect(await statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'paid'] });
    expect(await balance()).toEqual({ available: 0, escrow: 0, paid: 300, recovered: 0 });
  });

  test("a unit's bounced transfer is paid anew as a whole", async () => {
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('UNITANEW', { fens: [100, 200], payee: 'applicant' });
    const { id } = (await open('applicant')).body;
    const [{ reference }] = (await read(id)).transfers;
    await receipts(id, `${reference},退回,,户名不符`);
    const again = async () =>
      call(handler, { route: 'POST /claims/{claimId}/payment-reapplication', path: { claimId }, as: enterprise });
    expect((await again()).body).toEqual({ lines: 2 });
    expect((await again()).body.title).toBe('state-not-permitted');
    const second = (await open('applicant')).body;
    const [transfer] = (await read(second.id)).transfers;
    expect(transfer).toMatchObject({ attempt: 2, fen: 300 });
    await receipts(second.id, `${transfer.reference},成功,UA-${account},`);
    expect(await statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'paid'] });
    expect(await balance()).toEqual({ available: 0, escrow: 0, paid: 300, recovered: 0 });
  });

  test('an unknown answer is asked about under the same reference, and money moves only when it is known', async () => {
    await seedAccount(engine.table, account, 0, 100);
    await seed('UNKNOWN', { fens: [100] });
    const { id } = (await open()).body;
    const [{ reference }] = (await read(id)).transfers;
    await receipts(id, `${reference},未知,,`);
    const asked = await call(handler, {
      route: 'GET /payment-batches/{batchId}/open-references',
      path: { batchId: id },
      as: finance,
    });
    expect(asked.body.transfers).toMatchObject([{ reference, state: 'unknown' }]);
    expect((await balance()).paid).toBe(0);
    await receipts(id, `${reference},成功,K-${account},`);
    expect((await balance()).paid).toBe(100);
  });

  test('receipts name wrong rows and apply the right ones; a reference of another batch is unknown', async () => {
    await seedAccount(engine.table, account, 0, 100);
    await seed('WRONG', { fens: [100] });
    const { id } = (await open()).body;
    const [{ reference }] = (await read(id)).transfers;
    const answer = await receipts(id, `JP${'0'.repeat(20)},成功,W-${account},`, `${reference},成功,V-${account},`);
    expect(answer.body).toMatchObject({ applied: 1, problems: [{ path: 'file.row[2]' }] });
  });

  test('two officers read the same receipts at once: the money moves once', async () => {
    await seedAccount(engine.table, account, 0, 100);
    await seed('SAMEFILE', { fens: [100] });
    const { id } = (await open()).body;
    const [{ reference }] = (await read(id)).transfers;
    await Promise.all([
      receipts(id, `${reference},成功,D-${account},`),
      receipts(id, `${reference},成功,D-${account},`),
    ]);
    expect(await balance()).toEqual({ available: 0, escrow: 0, paid: 100, recovered: 0 });
  });

  /** Lets the n-th transaction fail before or after its effect, once; tells whether it came to that. */
  const crashAt = (n: number, place: 'before' | 'after') => {
    let writes = 0;
    let crashed = false;
    engine.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context['commandName'] !== 'TransactWriteItemsCommand' || crashed) return next(args);
        writes += 1;
        if (writes < n) return next(args);
        crashed = true;
        if (place === 'after') await next(args);
        throw new Error('crash');
      },
      { step: 'initialize', name: 'crash', override: true },
    );
    return () => {
      engine.client.middlewareStack.remove('crash');
      return crashed;
    };
  };

  /** One claim of two lines from cleared to paid, trying again where a request fails. Tells whether a crash was met. */
  const payThroughCrash = async (
    n: number,
    place: 'before' | 'after',
    payee: 'trainee' | 'applicant',
  ): Promise<boolean> => {
    account = `crash-${payee}-${place}-${n}`;
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('C', { fens: [100, 200], payee });
    const heal = crashAt(n, place);
    let opened = await open(payee, finance, account);
    if (opened.status !== 201) opened = await open(payee, finance, account);
    const { transfers } = await read(opened.body.id);
    const said = transfers.map(
      ({ reference }: { reference: string }, index: number) => `${reference},成功,${account}-${index},`,
    );
    if ((await receipts(opened.body.id, ...said)).status !== 200) await receipts(opened.body.id, ...said);
    const crashed = heal();
    clock.advance(60_000);
    await finishPayments(deps, systemActor('settle-payments'));
    expect(await statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'paid'] });
    expect(await balance()).toEqual({ available: 0, escrow: 0, paid: 300, recovered: 0 });
    return crashed;
  };

  test.each([
    ['trainee', 'before'],
    ['trainee', 'after'],
    ['applicant', 'before'],
    ['applicant', 'after'],
  ] as const)('payment to the %s: a crash %s any write leaves nothing double or lost', async (payee, place) => {
    let crashes = 0;
    while (await payThroughCrash(crashes + 1, place, payee)) crashes += 1;
    expect(crashes).toBeGreaterThan(6);
  });

  test('money that was paid wrongly comes back by reversal, frees the person, and blocks the unit', async () => {
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('RECOVER', { fens: [100, 200] });
    const { id } = (await open()).body;
    const { transfers } = await read(id);
    await receipts(
      id,
      ...transfers.map(({ reference }: { reference: string }, n: number) => `${reference},成功,R-${account}-${n},`),
    );
    const demand = async (body: object, as: Parameters<typeof call>[1]['as'] = officerLin) =>
      call(handler, {
        route: 'POST /claims/{claimId}/recoveries',
        path: { claimId },
        body: { document: '温人社监〔2021〕3号', reason: '虚假培训', ...body },
        as,
      });
    expect((await demand({}, officerOfOuhai)).status).toBe(404);
    expect((await demand({ lines: [{ lineId: 'L1', fen: 101 }] })).status).toBe(400);
    const recovery = await demand({ lines: [{ lineId: 'L1' }, { lineId: 'L2', fen: 50 }], blockUntil: '2022-12-31' });
    expect(recovery.body).toMatchObject({ state: 'demanded', lineCount: 2, demandedFen: 150, receivedFen: 0 });
    const receive = async (lineId: string, fen: number, bankSerial: string) =>
      call(handler, {
        route: 'POST /claims/{claimId}/recoveries/{recoveryId}/receipts',
        path: { claimId, recoveryId: recovery.body.id },
        body: { bankSerial, lines: [{ lineId, fen }] },
        as: finance,
      });
    expect((await receive('L1', 101, 'back-0')).status).toBe(400);
    expect((await receive('L1', 40, 'back-1')).body.state).toBe('demanded');
    expect((await receive('L1', 40, 'back-1')).body.title).toBe('already-exists');
    expect((await statesOf(claimId)).lines).toEqual(['paid', 'paid']);
    expect((await receive('L1', 60, 'back-2')).body.state).toBe('demanded');
    expect((await receive('L2', 50, 'back-3')).body.state).toBe('settled');
    expect((await statesOf(claimId)).lines).toEqual(['recovered', 'paid']);
    expect(await balance()).toEqual({ available: 150, escrow: 0, paid: 300, recovered: 150 });
    expect((await item(quotaKey(`person-${claimId}-1`, 2021)))['lines']).toBeUndefined();
    expect((await item(quotaKey(`person-${claimId}-2`, 2021)))['lines']).toEqual(new Set([`${claimId}#0002`]));
    expect((await deps.organisations.find('ent-aoke'))?.blockedUntil).toBe('2022-12-31');
  });

  test.each([
    ['card', 'trainee'],
    ['unit account', 'applicant'],
  ] as const)('money given back cannot bounce as well, nor bounced money be given back: %s', async (_, payee) => {
    await seedAccount(engine.table, account, 0, 300);
    const claimId = await seed('BACKANDFORTH', { fens: [100, 200], payee });
    const { id } = (await open(payee)).body;
    const references = (await read(id)).transfers.map(({ reference }: { reference: string }) => reference);
    const say = async (word: string) =>
      (await receipts(id, ...references.map((one: string) => `${one},${word},W-${one},`))).body;
    const demanded = async (lineId: string) =>
      call(handler, {
        route: 'POST /claims/{claimId}/recoveries',
        path: { claimId },
        body: { document: '温人社监〔2021〕9号', reason: '责令退回', lines: [{ lineId }] },
        as: officerLin,
      });
    const receive = async (recoveryId: string, fen: number, bankSerial: string) =>
      call(handler, {
        route: 'POST /claims/{claimId}/recoveries/{recoveryId}/receipts',
        path: { claimId, recoveryId },
        body: { bankSerial: `${bankSerial}-${account}`, lines: [{ lineId: 'L1', fen }] },
        as: finance,
      });
    await say('成功');
    const { body: first } = await demanded('L1');
    // While nothing came back, the bank may still return it; then there is nothing to give back.
    const bounced = await say('退回');
    expect(bounced.applied).toBe(references.length);
    expect((await receive(first.id, 40, 'early')).body).toMatchObject({ title: 'state-not-permitted' });
    expect(await balance()).toEqual({ available: 0, escrow: 300, paid: 0, recovered: 0 });
    // What is demanded back is not paid anew: first the demand has to go.
    await call(handler, {
      route: 'POST /claims/{claimId}/recoveries/{recoveryId}/withdrawal',
      path: { claimId, recoveryId: first.id },
      body: { reason: '款项已退汇' },
      as: officerLin,
    });
    if (payee === 'applicant') {
      await call(handler, { route: 'POST /claims/{claimId}/payment-reapplication', path: { claimId }, as: enterprise });
    } else {
      for (const lineId of ['L1', 'L2']) {
        const path = { claimId, lineId };
        const body = { number: '6217850029999999' };
        await call(handler, { route: 'PUT /claims/{claimId}/lines/{lineId}/card', path, body, as: enterprise });
      }
    }
    const second = (await open(payee)).body.id;
    const again = (await read(second)).transfers.map(({ reference }: { reference: string }) => reference);
    await receipts(second, ...again.map((one: string) => `${one},成功,X-${one},`));
    const { body: recovery } = await demanded('L1');
    expect((await receive(recovery.id, 40, 'part')).status).toBe(200);
    const late = (await receipts(second, ...again.map((one: string) => `${one},退回,Y-${one},`))).body;
    // Each card has a transfer of its own: the one whose money did not come back may bounce.
    expect([late.applied, late.problems.length]).toEqual(payee === 'trainee' ? [1, 1] : [0, 1]);
    const own = payee === 'trainee' ? { escrow: 200, paid: 100 } : { escrow: 0, paid: 300 };
    expect(await balance()).toEqual({ available: 40, recovered: 40, ...own });
    expect((await receive(recovery.id, 60, 'rest')).body.state).toBe('settled');
    expect((await statesOf(claimId)).lines).toEqual(['recovered', payee === 'trainee' ? 'bounced' : 'paid']);
  });

  test("a department's claims are paid in two steps: application with receipt, transfer to it, its own batch", async () => {
    await seedAccount(engine.table, account, 0, 500);
    const claimId = await seed('DEPT', { fens: [200, 300], payee: 'applicant', authority: department.tenant });
    expect((await open('applicant', department)).status).toBe(400);
    // Finance must not pay past the department, not even before it has applied.
    expect((await open('applicant')).body.count).toBe(0);
    const applied = await call(handler, {
      route: 'POST /fund-applications',
      body: { receiptNumber: 'SJ-2021-9' },
      as: department,
    });
    expect(applied.body).toMatchObject({ state: 'applied', count: 1, totalFen: 500 });
    const again = await call(handler, {
      route: 'POST /fund-applications',
      body: { receiptNumber: 'SJ-2021-10' },
      as: department,
    });
    expect(again.body.title).toBe('not-eligible');
    const applicationId: string = applied.body.id;
    const pay = async () => call(handler, { route: 'POST /payment-batches', body: { applicationId }, as: department });
    expect((await pay()).body.title).toBe('state-not-permitted');
    expect((await open('applicant')).body.count).toBe(0);
    const transfer = async () =>
      call(handler, {
        route: 'POST /fund-applications/{applicationId}/transfer',
        path: { applicationId },
        body: { bankSerial: 'ADV-0001', totalFen: 500 },
        as: finance,
      });
    expect((await transfer()).body.state).toBe('funded');
    expect((await transfer()).body.title).toBe('state-not-permitted');
    const batch = await pay();
    expect(batch.body).toMatchObject({ count: 1, totalFen: 500 });
    const seen = await call(handler, {
      route: 'GET /payment-batches/{batchId}',
      path: { batchId: batch.body.id },
      as: department,
    });
    await call(handler, {
      route: 'POST /payment-batches/{batchId}/receipts',
      path: { batchId: batch.body.id },
      body: { file: `${header}\n${seen.body.transfers[0].reference},成功,DEP-1,` },
      as: department,
    });
    expect(await statesOf(claimId)).toEqual({ claim: 'paid', lines: ['paid', 'paid'] });
    expect(await balance()).toEqual({ available: 0, escrow: 0, paid: 500, recovered: 0 });
  });
});
