import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createReapplicationTable } from '../../shared/aws/reapplication-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { finishPayments, openBatch, recordReceipts } from '../../shared/payments/pay-batch.ts';
import type { ReapplyingClaim } from '../../shared/payments/reapply.ts';
import type { PaymentBatch } from '../../shared/payments/transfer.ts';
import { type Seeded, seeded } from '../simulation/seeded.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { settableClock } from '../support/http.ts';
import { finance } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';
import { takeTurns } from '../support/turns.ts';

const by = systemActor('settle-payments');

type Client = ReturnType<Awaited<ReturnType<typeof openTestTable>>['another']>;

/*
 * A request that outlives its half minute goes on while the schedule takes up its batch, or while the same request is
 * sent again: whoever comes first at each step, and wherever one of them dies, each claim is paid once.
 */
describe('a batch that several collect at once', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const personal = createPersonalData(ephemeralKeyring());
  const clock = settableClock('2021-04-01T01:00:00Z');
  const wire = (client = engine.client) => {
    const table = openTable('jipei', client);
    return {
      payments: createPaymentTable(table, personal, createOrganisationTable(table, personal)),
      applications: createFundApplicationTable(table),
      personal,
      clock,
    };
  };
  beforeAll(async () => {
    engine = await openTestTable();
    const organisations = createOrganisationTable(engine.table, personal);
    await organisations.save('ent-aoke', enterpriseFacts, systemActor('test'), clock.now());
  });
  afterAll(async () => engine.stop());

  const giveCard = async (client: Client, claimId = '') => {
    const claim = { id: claimId, tenant: 'ent-aoke' } as ReapplyingClaim;
    const reapplications = createReapplicationTable(openTable('jipei', client), personal);
    await reapplications.replaceCard(claim, 2, '6217850029999999', by, clock.now());
  };

  /**
   * What else goes on meanwhile: lines are looked at whether they have followed their transfers, as any receipt makes one
   * do; a card is given that was missing; a unit's account is taken out of the register and put back.
   */
  const disturb = async (
    client: Client,
    batchId: string,
    payee: 'trainee' | 'applicant',
    ids: readonly string[],
    order: Seeded,
  ): Promise<void> => {
    const look = ids.map((id) => async () => {
      await wire(client).payments.settleClaim(batchId, id, by, clock.now());
    });
    const register = async (bankAccount: typeof enterpriseFacts.bankAccount) => {
      const organisations = createOrganisationTable(openTable('jipei', client), personal);
      await organisations.save('ent-aoke', { ...enterpriseFacts, bankAccount }, by, clock.now());
    };
    const between = order.shuffled(look);
    const acts =
      payee === 'trainee'
        ? order.shuffled([...look, ...look, async () => giveCard(client, ids[0])])
        : [
            ...between.slice(0, 2),
            async () => register(undefined),
            ...between.slice(2),
            async () => register(enterpriseFacts.bankAccount),
          ];
    // Whoever is too slow for somebody else is told so, and somebody looks again later.
    for (const act of acts) await act().catch(() => undefined);
  };

  /** The bank pays all that its file says, which is what the batch says. */
  const payAll = async (batch: PaymentBatch) => {
    const deps = wire();
    const transfers = await deps.payments.transfersOf(batch.id);
    const totalFen = transfers.reduce((sum, { fen }) => sum + fen, 0);
    expect({ count: batch.count, totalFen: batch.totalFen }).toEqual({ count: transfers.length, totalFen });
    if (transfers.length === 0) return [];
    const rows = transfers.map(({ reference }) => `${reference},成功,B-${reference},`);
    const file = ['转账编号,结果,银行流水号,原因', ...rows].join('\n');
    const { applied, problems, batch: read } = await recordReceipts(deps, finance, batch.id, file);
    expect({ applied, problems, st: read.st }).toEqual({ applied: rows.length, problems: [], st: 'settled' });
    return transfers;
  };

  const play = async (payee: 'trainee' | 'applicant', seed: number): Promise<boolean> => {
    const order = seeded(seed);
    const account = `${payee}-${seed}`;
    const ids = [1, 2, 3].map((n) => idFromCause(account, String(n)));
    await seedAccount(engine.table, account, 0, 900);
    for (const [n, id] of ids.entries()) {
      const withoutCard = payee === 'trainee' && n === 0 ? [2] : [];
      await seedClearedClaim(engine.table, personal, { id, account, payee, fens: [100, 200], withoutCard });
    }

    const request = idFromCause(account, 'batch');
    await wire().payments.openBatch({ id: request, account, payee, payer: finance.tenant }, by, clock.now());
    clock.advance(180_000);
    const turns = takeTurns(order, 3);
    const clients = [1, 2, 3].map(() => engine.another());
    const diesAt = { call: 4 + order.under(48), when: order.under(2) === 0 ? ('before' as const) : ('after' as const) };
    const [first, second, third] = clients;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no clients');
    const ended = await Promise.all([
      turns.run(first, () => openBatch(wire(first), finance, request, { account, payee }).catch(() => 'lost'), diesAt),
      turns.run(second, () => finishPayments(wire(second), by)),
      turns.run(third, () => disturb(third, request, payee, ids, order)),
    ]);
    for (const client of clients) client.destroy();

    const deps = wire();
    const sweep = async () => {
      for (let run = 0; run < 2; run += 1) {
        clock.advance(300_000);
        await finishPayments(deps, by);
      }
    };
    await sweep();
    // Whose card was refused while its line was busy gives it now.
    await giveCard(engine.client, ids[0]).catch(() => undefined);
    const requested = await deps.payments.findBatch(request);
    const transfers = requested === undefined ? [] : await payAll(requested);
    for (let further = 0, isMore = true; isMore; further += 1) {
      await sweep();
      const batch = await openBatch(deps, finance, idFromCause(account, `further ${further}`), { account, payee });
      transfers.push(...(await payAll(batch)));
      isMore = batch.count > 0;
    }
    const paidFor = transfers.map(({ claimId, lineNo, fen }) => `${claimId} ${lineNo} ${fen}`).toSorted();
    const wanted = ids.flatMap((id) => (payee === 'trainee' ? [`${id} 1 100`, `${id} 2 200`] : [`${id} 0 300`]));
    expect(paidFor).toEqual(wanted.toSorted());
    expect((await deps.payments.unfinished(clock.now())).filter(({ batchId }) => batchId === request)).toEqual([]);
    return ended[0] === 'dead';
  };

  test.each(['trainee', 'applicant'] as const)(
    'to the %s: each claim once, in every order and wherever one dies',
    {
      timeout: 240_000,
    },
    async (payee) => {
      const deaths: boolean[] = [];
      for (let seed = 1; seed <= 40; seed += 1) deaths.push(await play(payee, seed));
      expect(new Set(deaths)).toEqual(new Set([true, false]));
    },
  );
});
