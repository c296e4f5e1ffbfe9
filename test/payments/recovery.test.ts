import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { readLines } from '../../shared/aws/line-writes.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import { openPaymentWorld } from '../support/payment-world.ts';
import {
  auditor,
  enterprise,
  finance,
  officerLin,
  officerOfOuhai,
  officerZhou,
  rivalEnterprise,
} from '../support/people.ts';

type World = Awaited<ReturnType<typeof openPaymentWorld>>;
const by = systemActor('test');

describe('recovery of paid money', () => {
  let world: World;
  beforeAll(async () => {
    world = await openPaymentWorld();
  });
  afterAll(async () => world.stop());

  const paid = async (account: string, fens = [100, 200], payee: 'trainee' | 'applicant' = 'applicant') => {
    const claimId = await world.seed(account, { account, fens, payee });
    await world.pay(account, payee);
    return claimId;
  };
  const receive = async (claimId: string, recoveryId: string, bankSerial: string, lines: object[]) =>
    world.ask(finance, 'POST /claims/{claimId}/recoveries/{recoveryId}/receipts', {
      path: { claimId, recoveryId },
      body: { bankSerial, lines },
    });
  const withdraw = async (claimId: string, recoveryId: string, as = officerLin) =>
    world.ask(as, 'POST /claims/{claimId}/recoveries/{recoveryId}/withdrawal', {
      path: { claimId, recoveryId },
      body: { reason: '经复查，情况不属实' },
    });
  const list = async (claimId: string, as: typeof finance = finance) =>
    world.ask(as, 'GET /claims/{claimId}/recoveries', { path: { claimId } });
  const read = async (claimId: string, recoveryId: string, as: typeof finance = finance) =>
    world.ask(as, 'GET /claims/{claimId}/recoveries/{recoveryId}', { path: { claimId, recoveryId } });
  const blockOf = async () => (await world.organisations.find('ent-aoke'))?.blockedUntil;

  describe('one line is under one demand at a time', () => {
    test('two officers at the same moment: one demands, the other is told and leaves nothing behind', async () => {
      const claimId = await paid('race');
      let other: Awaited<ReturnType<World['demandBack']>> | undefined;
      world.engine.client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context['commandName'] === 'TransactWriteItemsCommand' && other === undefined) {
            other = { status: 0, headers: {}, body: {} };
            other = await world.demandBack(claimId, { lines: [{ lineId: 'L1', fen: 60 }] });
          }
          return next(args);
        },
        { step: 'initialize', name: 'faster' },
      );
      const late = await world.demandBack(claimId, { lines: [{ lineId: 'L1' }, { lineId: 'L2' }] });
      world.engine.client.middlewareStack.remove('faster');
      expect([other?.status, late.status, late.body.title]).toEqual([201, 409, 'changed-meanwhile']);
      expect((await list(claimId)).body.recoveries).toMatchObject([{ id: other?.body.id, demandedFen: 60 }]);
      expect((await read(claimId, other?.body.id)).body.lines).toEqual([
        { lineId: 'L1', demandedFen: 60, receivedFen: 0 },
      ]);
      const named = await world.demandBack(claimId, { lines: [{ lineId: 'L2' }, { lineId: 'L1' }] });
      expect(named.body.problems).toMatchObject([{ path: 'body.lines[1]', message: expect.stringContaining('L1') }]);
      // What is free can be demanded beside it, and then nothing is left to demand.
      expect((await world.demandBack(claimId)).body).toMatchObject({ lineCount: 1, demandedFen: 200 });
      expect((await world.demandBack(claimId)).body.title).toBe('state-not-permitted');
      // Once the money is back, the rest of the line can be demanded.
      expect((await receive(claimId, other?.body.id, 'race-1', [{ lineId: 'L1', fen: 60 }])).body.state).toBe(
        'settled',
      );
      expect((await world.demandBack(claimId)).body).toMatchObject({ lineCount: 1, demandedFen: 40 });
    });

    test('more than was paid never comes back, whatever was read', async () => {
      const claimId = await paid('most');
      const { id } = (await world.demandBack(claimId, { lines: [{ lineId: 'L1' }] })).body;
      const { recoveries } = world.deps;
      const [claim, recovery] = [await recoveries.claim(claimId), await recoveries.find(claimId, id)];
      if (claim === undefined || recovery === undefined) throw new Error('no recovery');
      const booking = async (fen: number) => {
        const receipt = { bankSerial: `most-${fen}`, digest: 'd', lines: [{ lineId: 'L1', fen }] };
        return recoveries.receive(claim, recovery, receipt, by, world.clock.now());
      };
      await expect(booking(101)).rejects.toMatchObject({ code: 'changed-meanwhile' });
      expect((await booking(100)).st).toBe('settled');
      expect(await world.balance('most')).toEqual({ available: 100, escrow: 0, paid: 300, recovered: 100 });
    });
  });

  describe('what comes back', () => {
    test('a unit returns the money of its claim in one transfer of the bank', async () => {
      const claimId = await paid('unit');
      const { id } = (await world.demandBack(claimId)).body;
      const lines = [
        { lineId: 'L1', fen: 100 },
        { lineId: 'L2', fen: 200 },
      ];
      const tooMuch = [
        { lineId: 'L1', fen: 100 },
        { lineId: 'L2', fen: 201 },
        { lineId: 'L1', fen: 1 },
      ];
      const refused = await receive(claimId, id, 'unit-1', tooMuch);
      expect(refused.body.problems.map(({ path }: { path: string }) => path)).toEqual([
        'body.lines[1]',
        'body.lines[2]',
      ]);
      expect((await receive(claimId, id, 'unit-1', lines)).body).toMatchObject({ state: 'settled', receivedFen: 300 });
      expect((await world.statesOf(claimId)).lines).toEqual(['recovered', 'recovered']);
      expect(await world.balance('unit')).toEqual({ available: 300, escrow: 0, paid: 300, recovered: 300 });
      expect((await receive(claimId, id, 'unit-1', lines)).body.title).toBe('already-exists');
    });

    test('a serial number counts for one receipt of one recovery', async () => {
      const claimId = await paid('serial');
      const { id } = (await world.demandBack(claimId)).body;
      await receive(claimId, id, 'serial-1', [{ lineId: 'L1', fen: 10 }]);
      for (const line of [
        { lineId: 'L1', fen: 10 },
        { lineId: 'L1', fen: 20 },
        { lineId: 'L2', fen: 10 },
      ])
        expect((await receive(claimId, id, 'serial-1', [line])).body.title).toBe('already-exists');
      expect((await world.balance('serial')).recovered).toBe(10);
    });

    test('a crash at any call of a receipt for many lines is carried on by the same receipt', {
      timeout: 120_000,
    }, async () => {
      const count = 24;
      const claimId = await paid(
        'many',
        Array.from({ length: count }, () => 1000),
      );
      const { id } = (await world.demandBack(claimId)).body;
      const lines = Array.from({ length: count }, (_, index) => ({ lineId: `L${index + 1}`, fen: 1 }));
      let booked = 0;
      let transactions = 0;
      for (const place of ['before', 'after'] as const) {
        for (let n = 1, crashed = true; crashed; n += 1) {
          const bankSerial = `many-${place}-${n}`;
          crashed = await crashAtCall([world.engine.client], n, place, async () =>
            receive(claimId, id, bankSerial, lines),
          );
          const again = await receive(claimId, id, bankSerial, lines);
          expect([200, 409]).toContain(again.status);
          booked += count;
          expect((await world.balance('many')).recovered).toBe(booked);
          expect((await read(claimId, id)).body).toMatchObject({ receivedFen: booked });
          transactions = n;
        }
      }
      // More than one transaction, each of them met by a crash.
      expect(transactions).toBeGreaterThan(9);
      const receivedOf = ({ receivedFen }: { receivedFen: number }) => receivedFen;
      const each = (await read(claimId, id)).body.lines.map(receivedOf);
      expect(new Set(each)).toEqual(new Set([booked / count]));
    });
  });

  describe('a demand that is withdrawn', () => {
    test('frees its lines and takes no more money; what came back stays', async () => {
      const claimId = await paid('withdrawn');
      const { id } = (await world.demandBack(claimId)).body;
      await receive(claimId, id, 'withdrawn-1', [{ lineId: 'L1', fen: 30 }]);
      expect((await withdraw(claimId, id, officerOfOuhai)).status).toBe(404);
      expect((await withdraw(claimId, id)).body).toMatchObject({ state: 'withdrawn', receivedFen: 30 });
      expect((await withdraw(claimId, id)).body.title).toBe('state-not-permitted');
      expect((await receive(claimId, id, 'withdrawn-2', [{ lineId: 'L1', fen: 30 }])).status).toBe(409);
      expect((await readLines(world.table, claimId)).map(({ demandedBy }) => demandedBy)).toEqual([
        undefined,
        undefined,
      ]);
      expect(await world.balance('withdrawn')).toEqual({ available: 30, escrow: 0, paid: 300, recovered: 30 });
      expect((await world.demandBack(claimId)).body).toMatchObject({ lineCount: 2, demandedFen: 270 });
    });

    test.each(['trainee', 'applicant'] as const)('is what a bounced line waits for: to the %s', async (payee) => {
      const account = `bounced-${payee}`;
      const claimId = await world.seed(account, { account, fens: [100], payee });
      const batchId = await world.pay(account, payee);
      const { id } = (await world.demandBack(claimId)).body;
      await world.say(batchId, '退回');
      const again = async () =>
        payee === 'applicant'
          ? world.ask(enterprise, 'POST /claims/{claimId}/payment-reapplication', { path: { claimId } })
          : world.ask(enterprise, 'PUT /claims/{claimId}/lines/{lineId}/card', {
              path: { claimId, lineId: 'L1' },
              body: { number: '6228480000009999' },
            });
      expect((await again()).body).toMatchObject({
        title: 'state-not-permitted',
        detail: expect.stringContaining('追回'),
      });
      // Nor does it get through in the moment between reading and writing.
      const claim = await world.deps.reapplications.claim(claimId);
      if (claim === undefined) throw new Error('no claim');
      const direct =
        payee === 'applicant'
          ? world.deps.reapplications.reapply(claim, by, world.clock.now())
          : world.deps.reapplications.replaceCard(claim, 1, '6228480000009999', by, world.clock.now());
      await expect(direct).rejects.toMatchObject({ code: 'changed-meanwhile' });
      expect((await world.statesOf(claimId)).lines).toEqual(['bounced']);
      await withdraw(claimId, id);
      expect((await again()).status).toBeLessThan(300);
      expect((await world.statesOf(claimId)).lines).toEqual(['cleared']);
    });
  });

  /** Demands with a block, with a crash at the n-th call, and asks the same again; tells whether it crashed. */
  const demandThroughCrash = async (n: number, place: 'before' | 'after'): Promise<boolean> => {
    const account = `demand-${place}-${n}`;
    const claimId = await paid(account);
    const blockUntil = `${2022 + (place === 'before' ? 0 : 100)}-12-${String(n).padStart(2, '0')}`;
    const ask = async () => world.demandBack(claimId, { blockUntil }, account);
    const crashed = await crashAtCall([world.engine.client], n, place, ask);
    // The request that died still holds its key for a minute.
    world.clock.advance(61_000);
    expect((await ask()).body).toMatchObject({ state: 'demanded', lineCount: 2, demandedFen: 300, blockUntil });
    expect((await list(claimId)).body.recoveries).toHaveLength(1);
    expect(await blockOf()).toBe(blockUntil);
    return crashed;
  };

  test.each(['before', 'after'] as const)(
    'a crash %s any call of a demand loses neither it nor its block',
    async (place) => {
      let crashes = 0;
      while (await demandThroughCrash(crashes + 1, place)) crashes += 1;
      expect(crashes).toBeGreaterThan(8);
    },
  );

  test.each([48, 49, 50, 99])(
    'a demand for %i lines is a small item and a small reply, its lines come by themselves',
    async (count) => {
      const account = `large${count}`;
      const claimId = await paid(
        account,
        Array.from({ length: count }, () => 100),
      );
      const { body } = await world.demandBack(claimId);
      expect(body).toMatchObject({ state: 'demanded', lineCount: count, demandedFen: count * 100 });
      expect(JSON.stringify(body).length).toBeLessThan(600);
      const stored = await world.item({ pk: `CLAIM#${claimId}`, sk: `RECOVERY#${body.id}` });
      expect(JSON.stringify(stored).length).toBeLessThan(1500);
      expect((await read(claimId, body.id)).body.lines).toHaveLength(count);
    },
  );

  test('whoever may see the claim sees its recoveries, and nobody else', async () => {
    const claimId = await paid('seen');
    const { id } = (await world.demandBack(claimId)).body;
    const statuses = async (as: typeof finance) => [
      (await list(claimId, as)).status,
      (await read(claimId, id, as)).status,
    ];
    for (const as of [enterprise, officerLin, officerZhou, finance, auditor])
      expect(await statuses(as)).toEqual([200, 200]);
    for (const as of [rivalEnterprise, officerOfOuhai]) expect(await statuses(as)).toEqual([404, 404]);
    expect((await read(claimId, '0'.repeat(26))).status).toBe(404);
  });
});
