import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paymentRoutes } from '../../functions/payments-api/payment-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { balanceKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createReapplicationTable } from '../../shared/aws/reapplication-table.ts';
import { createRecoveryTable } from '../../shared/aws/recovery-table.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { finishPayments } from '../../shared/payments/pay-batch.ts';
import { checkEntitlements } from '../simulation/checks/entitlements.ts';
import { checkHistories } from '../simulation/checks/histories.ts';
import { checkQuiet } from '../simulation/checks/quiet.ts';
import { checkTransfers } from '../simulation/checks/transfers.ts';
import { scanTable, snapshotOf } from '../simulation/snapshot.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { finance } from '../support/people.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('settle-payments');

/** What the bank says in turn of both transfers of a batch, and where the last word must leave the money. */
const stories = [
  {
    what: 'they came back',
    words: ['退回'],
    before: ['prepared', 'paying', 0],
    after: ['bounced', 'bounced', 0],
    entries: { paid: 0, 'payment-reversed': 0 },
  },
  {
    what: 'it does not know yet',
    words: ['未知'],
    before: ['prepared', 'paying', 0],
    after: ['unknown', 'paying', 0],
    entries: { paid: 0, 'payment-reversed': 0 },
  },
  {
    what: 'they arrived after all',
    words: ['未知', '成功'],
    before: ['unknown', 'paying', 0],
    after: ['paid', 'paid', 300],
    entries: { paid: 2, 'payment-reversed': 0 },
  },
  {
    what: 'they arrived and then came back',
    words: ['成功', '退回'],
    before: ['paid', 'paid', 300],
    after: ['bounced', 'bounced', 0],
    entries: { paid: 2, 'payment-reversed': 2 },
  },
] as const;

describe('a process that dies over what the bank says', { timeout: 300_000 }, () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let handler: ReturnType<typeof createHttpHandler>;
  let deps: ReturnType<typeof wire>;
  let places = 0;
  const clock = settableClock('2021-04-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  const wire = () => {
    const organisations = createOrganisationTable(engine.table, personal);
    return {
      payments: createPaymentTable(engine.table, personal, organisations),
      applications: createFundApplicationTable(engine.table),
      recoveries: createRecoveryTable(engine.table, personal),
      reapplications: createReapplicationTable(engine.table, personal),
      organisations,
      personal,
      clock,
      metrics: { add: () => undefined },
    };
  };
  beforeAll(async () => {
    engine = await openTestTable();
    deps = wire();
    handler = createHttpHandler(paymentRoutes, deps, recordedEdge(createIdempotencyTable(engine.table), clock));
  });
  afterAll(async () => engine.stop());

  /** The n-th receipts file of a batch: the same word on all its transfers. */
  const file = async (batchId: string, word: string, n: number) => {
    const transfers = await deps.payments.transfersOf(batchId);
    const rows = transfers.map(({ reference }) => `${reference},${word},S-${n}-${reference},`);
    const body = { file: ['转账编号,结果,银行流水号,原因', ...rows].join('\n') };
    const route = 'POST /payment-batches/{batchId}/receipts';
    return async () => call(handler, { route, path: { batchId }, body, as: finance, key: `receipts-${batchId}-${n}` });
  };
  const under = async (claimId: string, prefix: string) => {
    const { Items = [] } = await engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': `CLAIM#${claimId}`, ':prefix': prefix },
      }),
    );
    return Items;
  };

  test.each(stories.map((story) => [story.what, story] as const))('of two transfers: %s', async (_, story) => {
    const { words, before, after, entries } = story;
    let deaths = 0;
    for (const first of ['schedule', 'client'] as const) {
      let isDead = true;
      for (let n = 1; isDead; n += 1) {
        places += 1;
        const account = `d${places}`;
        const place = `${first} first, after call ${n}`;
        const claimId = idFromCause('claim', account);
        await seedAccount(engine.table, account, 0, 300);
        await seedClearedClaim(engine.table, personal, { id: claimId, account, fens: [100, 200] });
        const order = { id: idFromCause('batch', account), account, payee: 'trainee' as const, payer: 'finance' };
        const opened = await deps.payments.openBatch(order, by, clock.now());
        const batch = await deps.payments.collect(opened, ampleRoom, by, clock.now());

        /** Transfers, lines and money, each alike for both; anything else would be a line ahead of its transfer. */
        const standing = async () => {
          const transfers = new Set((await deps.payments.transfersOf(batch.id)).map(({ st }) => st));
          const lines = new Set((await under(claimId, 'LINE#')).map(({ st }) => st));
          const { Item: pots = {} } = await engine.table.client.send(
            new GetCommand({ TableName: 'jipei', Key: balanceKey(account), ConsistentRead: true }),
          );
          expect([place, pots['escrow'] + pots['paid']]).toEqual([place, 300]);
          return [[...transfers].join(), [...lines].join(), pots['paid']];
        };

        for (const [at, word] of words.slice(0, -1).entries()) await (await file(batch.id, word, at))();
        expect([place, ...(await standing())]).toEqual([place, ...before]);
        const tell = await file(batch.id, words.at(-1) ?? '', 9);
        isDead = await crashAtCall([engine.client], n, 'after', tell);
        if (isDead) deaths += 1;
        clock.advance(600_000);
        const alone = first === 'schedule' ? await finishPayments(deps, by) : { failures: [] };
        expect(alone.failures).toEqual([]);
        const meanwhile = first === 'schedule' ? await standing() : before;
        expect([place, meanwhile]).toEqual([place, expect.toBeOneOf([before, after])]);
        expect([place, (await tell()).status]).toEqual([place, 200]);
        expect((await finishPayments(deps, by)).failures).toEqual([]);
        expect([place, ...(await standing())]).toEqual([place, ...after]);
        for (const [kind, times] of Object.entries(entries)) {
          const booked = (await under(claimId, 'ENTRY#')).filter((entry) => entry['kind'] === kind);
          expect([place, kind, booked.length]).toEqual([place, kind, times]);
        }
      }
    }
    expect(deaths).toBeGreaterThan(8);
    // What stands behind seeded claims (approvals, notices, allotments) is not there to be checked; their people,
    // transfers and records are.
    const snapshot = snapshotOf(await scanTable(engine.table.client, 'jipei'));
    const records = [...checkHistories(snapshot)].filter((violation) => violation.startsWith('I8'));
    expect([
      ...checkEntitlements(snapshot),
      ...checkTransfers(snapshot, true),
      ...checkQuiet(snapshot),
      ...records,
    ]).toEqual([]);
  });
});
