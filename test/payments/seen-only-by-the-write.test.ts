import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { balanceKey, claimKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createRecoveryTable } from '../../shared/aws/recovery-table.ts';
import type { Key } from '../../shared/aws/table.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { finishPayments } from '../../shared/payments/pay-batch.ts';
import type { RecoverableClaim } from '../../shared/payments/recovery.ts';
import type { BankWord, PaymentBatch, Transfer } from '../../shared/payments/transfer.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { settableClock } from '../support/http.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const clock = settableClock('2021-04-01T01:00:00Z');
const at = clock.now();

/*
 * What changes between a reading and its write is seen by the condition of the write alone: every test here makes the
 * change in between, or writes on what was read before it.
 */
describe('money, when the world moves between reading and writing', { timeout: 60_000 }, () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let tests = 0;
  let account = '';
  let claimId = '';
  const personal = createPersonalData(ephemeralKeyring());
  beforeAll(async () => {
    engine = await openTestTable();
    await createOrganisationTable(engine.table, personal).save('ent-aoke', enterpriseFacts, by, at);
  });
  afterAll(async () => engine.stop());
  beforeEach(() => {
    tests += 1;
    account = `w${tests}`;
    claimId = idFromCause('claim', account);
  });

  const organisations = () => createOrganisationTable(engine.table, personal);
  const payments = (seen: Parameters<typeof createPaymentTable>[2] = organisations()) =>
    createPaymentTable(engine.table, personal, seen);
  const recoveries = () => createRecoveryTable(engine.table, personal);
  const get = async (Key: Key) =>
    (await engine.table.client.send(new GetCommand({ TableName: 'jipei', Key, ConsistentRead: true }))).Item ?? {};
  const set = async (Key: Key, name: string, value: unknown) =>
    engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key,
        UpdateExpression: 'SET #n = :v',
        ExpressionAttributeNames: { '#n': name },
        ExpressionAttributeValues: { ':v': value },
      }),
    );
  const seed = async (payee: PaymentBatch['payee'], fens: readonly number[]) => {
    const sum = fens.reduce((all, fen) => all + fen, 0);
    await seedAccount(engine.table, account, 0, sum);
    await seedClearedClaim(engine.table, personal, { id: claimId, account, payee, fens });
  };
  const opened = async (payee: PaymentBatch['payee'], name = 'batch') =>
    payments().openBatch({ id: idFromCause(name, account), account, payee, payer: 'finance' }, by, at);
  /** A batch of two transfers to cards, of 100 and of 200 fen. */
  const collected = async () => {
    await seed('trainee', [100, 200]);
    const batch = await payments().collect(await opened('trainee'), ampleRoom, by, at);
    const transfers = (await payments().transfersOf(batch.id)).toSorted((a, b) => a.fen - b.fen);
    return { batch, transfers: transfers as [Transfer, Transfer] };
  };
  const say = async (batch: PaymentBatch, { reference }: Transfer, word: BankWord) =>
    (await payments().apply(batch, [{ row: 2, reference, word, bankSerial: `S-${reference}`, reason: '' }], by, at))[0];
  const paid = async () => {
    const { batch, transfers } = await collected();
    for (const transfer of transfers) await say(batch, transfer, 'paid');
    await payments().settleClaim(batch.id, claimId, by, at);
    const claim = (await recoveries().claim(claimId)) as RecoverableClaim;
    return { batch, transfers, claim };
  };
  const demand = async (claim: RecoverableClaim, id: string, ...lineNos: number[]) =>
    recoveries().demand(
      claim,
      {
        id,
        document: '温人社监〔2021〕7号',
        reason: '责令退回',
        lines: claim.lines
          .filter(({ lineNo }) => lineNos.includes(lineNo))
          .map(({ lineId, lineNo, version }) => ({ lineId, lineNo, version, demandedFen: 100 * lineNo })),
      },
      by,
      at,
    );
  const receiptFor = (lineId: string, fen: number) => ({
    bankSerial: `BACK-${account}`,
    lines: [{ lineId, fen }],
    digest: `${lineId} ${fen}`,
  });
  const balance = async () => get(balanceKey(account));
  /** Does something just before the first transaction that a word of its writes names. */
  const before = (word: string, interfere: () => Promise<unknown>): void => {
    let isDue = true;
    engine.client.middlewareStack.add(
      (next, context) => async (args) => {
        const isHere = context.commandName === 'TransactWriteItemsCommand' && JSON.stringify(args.input).includes(word);
        if (isDue && isHere) {
          isDue = false;
          engine.client.middlewareStack.remove('interfere');
          await interfere();
        }
        return next(args);
      },
      { step: 'initialize', name: 'interfere' },
    );
  };

  test('an objection lodged after a claim was found payable keeps it out of the batch', async () => {
    await seed('applicant', [100, 200]);
    const slow = payments({
      find: async (tenant) => {
        await set(claimKey(claimId), 'openObjections', 1);
        return organisations().find(tenant);
      },
    });
    const batch = await slow.collect(await opened('applicant'), ampleRoom, by, at);
    expect(await payments().transfersOf(batch.id)).toEqual([]);
    expect((await get(claimKey(claimId)))['st']).toBe('cleared');
  });

  test('a bank serial books one sum, whichever line it is said to be for', async () => {
    const { claim } = await paid();
    const demanded = await demand(claim, 'R1', 1, 2);
    const receive = async (lineId: string, fen: number) => {
      const recovery = (await recoveries().find(claimId, 'R1')) ?? demanded;
      return recoveries().receive(claim, recovery, receiptFor(lineId, fen), by, at);
    };
    await receive('L1', 100);
    const was = await balance();
    expect(was).toMatchObject({ available: 100, paid: 300, recovered: 100 });
    await expect(receive('L2', 200)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(await balance()).toEqual(was);
  });

  test('money that the bank took back is not received from its payee as well', async () => {
    const { claim, batch, transfers } = await paid();
    const demanded = await demand(claim, 'R1', 1);
    // Its line still counts as paid: it follows only afterwards.
    expect(await say(batch, transfers[0], 'bounced')).toBe('applied');
    const was = await balance();
    expect(was).toMatchObject({ escrow: 100, paid: 200 });
    const receipt = receiptFor('L1', 100);
    await expect(recoveries().receive(claim, demanded, receipt, by, at)).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    expect(await balance()).toEqual(was);
  });

  test('money that its payee gave back while the bounce was read does not come back a second time', async () => {
    const { claim, batch, transfers } = await paid();
    const demanded = await demand(claim, 'R1', 1);
    before('transfer-bounced', async () => recoveries().receive(claim, demanded, receiptFor('L1', 40), by, at));
    expect(await say(batch, transfers[0], 'bounced')).toBe('contradicts');
    expect(await balance()).toMatchObject({ available: 40, escrow: 0, paid: 300, recovered: 40 });
    expect((await payments().transfersOf(batch.id)).map(({ st }) => st)).toEqual(['paid', 'paid']);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'a bounce and a recovery of the same money at once, round %i: one of them holds',
    async () => {
      const { claim, batch, transfers } = await paid();
      const demanded = await demand(claim, 'R1', 1);
      const receipt = receiptFor('L1', 100);
      const [received, bounced] = await Promise.all([
        recoveries()
          .receive(claim, demanded, receipt, by, at)
          .then(
            () => 'received',
            (error: { code?: string }) => error.code,
          ),
        say(batch, transfers[0], 'bounced'),
      ]);
      await payments().settleClaim(batch.id, claimId, by, at);
      const isBounced = bounced === 'applied';
      expect([received, bounced]).toEqual(isBounced ? ['changed-meanwhile', 'applied'] : ['received', 'contradicts']);
      expect(await balance()).toMatchObject(
        isBounced
          ? { available: 0, escrow: 100, paid: 200, recovered: 0 }
          : { available: 100, escrow: 0, paid: 300, recovered: 100 },
      );
      const { lines } = (await recoveries().claim(claimId)) as RecoverableClaim;
      expect(lines.map(({ lineNo, paidFen }) => [lineNo, paidFen])).toEqual([[2, 200]]);
    },
  );

  test('two fund applications that found the same claim free: one covers it', async () => {
    const authority = `industry-department/city/city/局${account}`;
    await seedClearedClaim(engine.table, personal, {
      id: claimId,
      account,
      authority,
      payee: 'applicant',
      fens: [100],
    });
    const applications = createFundApplicationTable(engine.table);
    const order = (name: string) => ({ id: idFromCause(name, account), authority, receiptNumber: name });
    before('SET applicationId', async () => applications.apply(order('SJ-2'), by, at));
    const slow = await applications.apply(order('SJ-1'), by, at);
    const quick = await applications.find(order('SJ-2').id);
    expect([slow?.totalFen ?? 0, quick?.totalFen]).toEqual([0, 100]);
    expect((await get(claimKey(claimId)))['applicationId']).toBe(quick?.id);
  });

  test.each([
    ['unknown', 'ready'],
    ['bounced', 'settled'],
    ['paid', 'settled'],
  ] as const)('a batch with one transfer paid and one %s is %s', async (word, st) => {
    const { batch, transfers } = await collected();
    await say(batch, transfers[0], 'paid');
    const early = await payments().closeBatch(batch, by, at);
    expect(early.st).toBe('ready');
    await say(batch, transfers[1], word);
    expect((await payments().closeBatch(batch, by, at)).st).toBe(st);
  });

  test('a batch whose opening was all that came about is collected by the schedule alone', async () => {
    await seed('trainee', [100, 200]);
    const { id } = await opened('trainee');
    const deps = { payments: payments(), clock };
    // For two minutes whoever opened it is at work on it.
    expect((await finishPayments(deps, by)).failures).toEqual([]);
    expect((await payments().findBatch(id))?.st).toBe('collecting');
    clock.advance(120_000);
    expect((await finishPayments(deps, by)).failures).toEqual([]);
    expect(await payments().findBatch(id)).toMatchObject({ st: 'ready', count: 2, totalFen: 300 });
    expect((await get(claimKey(claimId)))['st']).toBe('paying');
    expect(await finishPayments(deps, by)).toEqual({ count: 0, failures: [] });
  });
});
