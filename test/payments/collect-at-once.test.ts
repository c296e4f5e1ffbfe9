import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { openTable } from '../../shared/aws/table.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { finishPayments, openBatch, recordReceipts } from '../../shared/payments/pay-batch.ts';
import { systemActor } from '../../shared/supervision/audit-chain.ts';
import { seeded } from '../simulation/seeded.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { settableClock } from '../support/http.ts';
import { finance } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';
import { takeTurns } from '../support/turns.ts';

const by = systemActor('settle-payments');

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

  const play = async (payee: 'trainee' | 'applicant', seed: number): Promise<boolean> => {
    const order = seeded(seed);
    const account = `${payee}-${seed}`;
    const ids = [1, 2, 3].map((n) => idFromCause(account, String(n)));
    await seedAccount(engine.table, account, 0, 900);
    for (const id of ids) await seedClearedClaim(engine.table, personal, { id, account, payee, fens: [100, 200] });

    const request = idFromCause(account, 'batch');
    await wire().payments.openBatch({ id: request, account, payee, payer: finance.tenant }, by, clock.now());
    clock.advance(180_000);
    const turns = takeTurns(order, 3);
    const clients = [1, 2, 3].map(() => engine.another());
    const diesAt = { call: 4 + order.under(24), when: order.under(2) === 0 ? ('before' as const) : ('after' as const) };
    const [first, second, third] = clients;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no clients');
    const ended = await Promise.all([
      turns.run(first, () => openBatch(wire(first), finance, request, { account, payee }).catch(() => 'lost'), diesAt),
      turns.run(second, () => finishPayments(wire(second), by)),
      // Somebody who looks whether lines have followed their transfers, as any receipt makes one do.
      turns.run(third, async () => {
        for (const id of order.shuffled([...ids, ...ids]))
          await wire(third)
            .payments.settleClaim(request, id, by, clock.now())
            .catch(() => undefined);
      }),
    ]);
    for (const client of clients) client.destroy();

    const deps = wire();
    for (let run = 0; run < 3; run += 1) {
      clock.advance(300_000);
      await finishPayments(deps, by);
    }
    const further = await openBatch(deps, finance, idFromCause(account, 'further'), { account, payee });
    const batches = [await deps.payments.findBatch(request), further];
    const transfers = [];
    for (const batch of batches) {
      expect(batch?.st).not.toBe('collecting');
      const own = await deps.payments.transfersOf(batch?.id ?? '');
      expect({ count: batch?.count, totalFen: batch?.totalFen }).toEqual({
        count: own.length,
        totalFen: own.reduce((sum, { fen }) => sum + fen, 0),
      });
      transfers.push(...own);
    }
    const paidFor = transfers.map(({ claimId, lineNo, fen }) => `${claimId} ${lineNo} ${fen}`).toSorted();
    const wanted = ids.flatMap((id) => (payee === 'trainee' ? [`${id} 1 100`, `${id} 2 200`] : [`${id} 0 300`]));
    expect(paidFor).toEqual(wanted.toSorted());
    for (const batch of batches) {
      const rows = transfers.filter(({ batchId }) => batchId === batch?.id);
      const file = ['转账编号,结果,银行流水号,原因', ...rows.map((row) => `${row.reference},成功,B-${row.reference},`)];
      if (rows.length > 0) {
        const read = await recordReceipts(deps, finance, batch?.id ?? '', file.join('\n'));
        expect({ applied: read.applied, problems: read.problems, st: read.batch.st }).toEqual({
          applied: rows.length,
          problems: [],
          st: 'settled',
        });
      }
    }
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
      for (let seed = 1; seed <= 60; seed += 1) deaths.push(await play(payee, seed));
      expect(new Set(deaths)).toEqual(new Set([true, false]));
    },
  );
});
