import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { balanceKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { payableClaims, takeClaim } from '../../shared/aws/payment-collection.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { writeAllOrThrow } from '../../shared/aws/transition.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { finishPayments, openBatch, recordReceipts } from '../../shared/payments/pay-batch.ts';
import type { BatchRoom } from '../../shared/payments/payment-store.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import { settableClock } from '../support/http.ts';
import { finance } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');

describe('payment batches', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const personal = createPersonalData(ephemeralKeyring());
  const clock = settableClock('2021-04-01T01:00:00Z');
  let deps: ReturnType<typeof wire>;
  const wire = () => ({
    payments: createPaymentTable(engine.table, personal, createOrganisationTable(engine.table, personal)),
    applications: createFundApplicationTable(engine.table),
    personal,
    clock,
  });
  beforeAll(async () => {
    engine = await openTestTable();
    deps = wire();
    await createOrganisationTable(engine.table, personal).save('ent-aoke', enterpriseFacts, by, clock.now());
  });
  afterAll(async () => engine.stop());

  /** An account with claims of so many lines each, 100 fen a line. */
  const seed = async (account: string, payee: 'trainee' | 'applicant', linesOf: readonly number[]) => {
    await seedAccount(engine.table, account, 0, 100 * linesOf.reduce((sum, lines) => sum + lines, 0));
    for (const [n, lines] of linesOf.entries()) {
      const fens = Array.from({ length: lines }, () => 100);
      await seedClearedClaim(engine.table, personal, { id: idFromCause(account, String(n)), account, payee, fens });
    }
  };
  const collect = async (account: string, payee: 'trainee' | 'applicant', room: Partial<BatchRoom>) => {
    const id = idFromCause(account, 'batch', String(clock.now().getTime()));
    const batch = await deps.payments.openBatch({ id, account, payee, payer: 'finance' }, by, clock.now());
    clock.advance(1);
    return deps.payments.collect(batch, { ...ampleRoom, ...room }, by, clock.now());
  };

  test.each([
    ['exactly so many transfers to cards', 'trainee', { transfers: 4 }, [2, 2, 2], [4, 2]],
    ['one transfer too few for the next claim', 'trainee', { transfers: 3 }, [2, 2, 2], [2, 2, 2]],
    ['transfers to units count one a claim', 'applicant', { transfers: 2 }, [2, 2, 2], [2, 1]],
    ['the lines behind transfers to units count too', 'applicant', { lines: 5 }, [2, 2, 2], [2, 1]],
    ['a claim that is larger than any batch is taken whole, alone', 'applicant', { lines: 2 }, [3, 3], [1, 1]],
    ['no time for more than has begun', 'applicant', { hasTime: () => false }, [1], [0]],
  ] as const)('%s', async (name, payee, room, linesOf, counts) => {
    await seed(name, payee, linesOf);
    const told = [];
    for (let n = 0; n < counts.length; n += 1) told.push((await collect(name, payee, room)).count);
    expect(told).toEqual(counts);
  });

  test.each(['before', 'after'] as const)(
    'a crash %s any call of collecting: the schedule alone finishes the batch',
    {
      timeout: 120_000,
    },
    async (when) => {
      let crashes = 0;
      for (let hasDied = true; hasDied; ) {
        const account = `alone-${when}-${crashes}`;
        await seed(account, 'applicant', [2, 1]);
        const id = idFromCause(account, 'request');
        hasDied = await crashAtCall([engine.client], crashes + 1, when, async () =>
          openBatch(deps, finance, id, { account, payee: 'applicant' }).catch(() => undefined),
        );
        clock.advance(180_000);
        const { failures } = await finishPayments(deps, by);
        expect(failures).toEqual([]);
        const batch = await deps.payments.findBatch(id);
        // Before the batch is there, nothing is: the request is sent again as any other.
        const { st, count, totalFen } = batch ?? { st: 'ready', count: 2, totalFen: 300 };
        expect({ st, count, totalFen }).toEqual({ st: 'ready', count: 2, totalFen: 300 });
        if (hasDied) crashes += 1;
      }
      expect(crashes).toBeGreaterThan(12);
    },
  );

  test('a claim that somebody takes while the batch is being closed keeps it open until it is on its way', async () => {
    const account = 'closing';
    await seed(account, 'applicant', [2]);
    const id = idFromCause(account, 'batch');
    const batch = await deps.payments.openBatch({ id, account, payee: 'applicant', payer: 'finance' }, by, clock.now());
    const organisations = createOrganisationTable(engine.table, personal);
    const collection = { table: engine.table, personal, organisations, batch, by, at: clock.now() };
    let hasTaken = false;
    engine.client.middlewareStack.add(
      (next, context) => async (args) => {
        const isClosing =
          context.commandName === 'TransactWriteItemsCommand' && JSON.stringify(args.input).includes('batch-closed');
        if (isClosing && !hasTaken) {
          hasTaken = true;
          for await (const claim of payableClaims(collection)) await takeClaim(collection, claim);
        }
        return next(args);
      },
      { step: 'initialize', name: 'interfere' },
    );
    const closed = await deps.payments.collect(batch, { ...ampleRoom, hasTime: () => false }, by, clock.now());
    engine.client.middlewareStack.remove('interfere');
    expect({ hasTaken, st: closed.st, count: closed.count, totalFen: closed.totalFen }).toEqual({
      hasTaken: true,
      st: 'ready',
      count: 1,
      totalFen: 200,
    });
  });

  test('money that the account does not hold is not booked, and the row that says so holds up no other', async () => {
    const account = 'short';
    await seed(account, 'applicant', [1, 2]);
    const batch = await collect(account, 'applicant', {});
    const transfers = (await deps.payments.transfersOf(batch.id)).toSorted((a, b) => a.fen - b.fen);
    const key = balanceKey(account);
    const set = async (escrow: number) =>
      writeAllOrThrow(engine.table, [
        {
          Update: {
            TableName: engine.table.name,
            Key: key,
            UpdateExpression: 'SET escrow = :e',
            ExpressionAttributeValues: { ':e': escrow },
          },
        },
      ]);
    await set(199);
    const rows = transfers.map(({ reference }) => `${reference},成功,S-${reference},`);
    const file = ['转账编号,结果,银行流水号,原因', ...rows].join('\n');
    const first = await recordReceipts(deps, finance, batch.id, file);
    expect(first.applied).toBe(1);
    expect(first.problems).toEqual([{ path: 'file.row[3]', message: expect.stringContaining('在途资金不足') }]);
    await set(200);
    const second = await recordReceipts(deps, finance, batch.id, file);
    expect(second).toMatchObject({ applied: 1, known: 1, problems: [], batch: { st: 'settled' } });
  });
});
