import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClaimBooks } from '../../shared/aws/claim-books-table.ts';
import { balanceKey } from '../../shared/aws/entitlement-keys.ts';
import { createLedgerTable } from '../../shared/aws/ledger-table.ts';
import { reconcileAccount } from '../../shared/payments/reconcile-books.ts';
import { openPaymentWorld } from '../support/payment-world.ts';
import { finance, officerLin } from '../support/people.ts';

describe('corrections of allotments', () => {
  let world: Awaited<ReturnType<typeof openPaymentWorld>>;
  const account = 'ouhai';
  beforeAll(async () => {
    world = await openPaymentWorld();
    await allot('温财社1号', 1000);
    world.clock.advance(1000);
  });
  afterAll(async () => world.stop());

  const allot = async (reference: string, fen: number) =>
    world.ask(finance, 'POST /funds/{account}/allotments', {
      path: { account },
      body: { fen, reference, reason: '拨入' },
    });
  const correct = async (fen: number, reference: string, corrects = '温财社1号', as = finance) =>
    world.ask(as, 'POST /funds/{account}/corrections', {
      path: { account },
      body: { corrects, fen, reference, reason: '拨错专账' },
    });
  const read = async () => (await world.ask(finance, 'GET /funds/{account}', { path: { account } })).body;
  const expectBooksInOrder = async () => {
    const deps = {
      funds: world.deps.funds,
      ledger: createLedgerTable(world.table),
      claims: createClaimBooks(world.table),
    };
    expect(await reconcileAccount(deps, account, world.clock.now())).toMatchObject({ ledgerMinusBalanceFen: 0 });
  };

  test('what was put in too much is taken out again, once, and both stay on record', async () => {
    const corrected = await correct(300, '温财社冲1号');
    expect(corrected).toMatchObject({
      status: 201,
      body: {
        correction: { fen: -300, corrects: '温财社1号', reference: '温财社冲1号' },
        account: { allotted: 700, available: 700 },
      },
    });
    expect((await correct(300, '温财社冲1号')).body).toMatchObject({ account: { allotted: 700 } });
    expect((await correct(299, '温财社冲1号')).body.title).toBe('already-exists');
    expect((await correct(300, '温财社1号')).body.title).toBe('already-exists');
    expect((await allot('温财社冲1号', 300)).body.title).toBe('already-exists');
    const { allotments, ...balance } = await read();
    expect(balance).toMatchObject({ allotted: 700, available: 700 });
    expect(allotments).toMatchObject([
      { reference: '温财社1号', fen: 1000, correctedFen: 300 },
      { reference: '温财社冲1号', fen: -300 },
    ]);
    await expectBooksInOrder();
  });

  test.each([
    ['an allotment that is not there', 100, '温财社9号', 'corrects'],
    ['a correction', 100, '温财社冲1号', 'corrects'],
    ['more than is left of it', 701, '温财社1号', 'fen'],
  ])('%s is not corrected', async (_, fen, corrects, path) => {
    expect((await correct(fen, '温财社冲2号', corrects)).body).toMatchObject({
      title: 'validation-failed',
      problems: [{ path: `body.${path}` }],
    });
    expect((await correct(fen, '温财社冲2号', corrects, officerLin)).status).toBe(403);
    expect((await read()).available).toBe(700);
  });

  test('two at the same moment take no more out than was put in', async () => {
    const told = await Promise.all([correct(400, '温财社冲3号'), correct(400, '温财社冲4号')]);
    const statuses = told.map(({ status }) => status).toSorted((a, b) => a - b);
    expect([
      [201, 400],
      [201, 409],
    ]).toContainEqual(statuses);
    expect(await read()).toMatchObject({ allotted: 300, available: 300 });
    await expectBooksInOrder();
  });

  test.each([
    [199, 'funds-insufficient'],
    [200, undefined],
  ])('200 with %i available: %s', async (available, title) => {
    const held = await world.item(balanceKey(account));
    const committed = held['available'] - available;
    await world.put({ ...held, available, escrow: committed });
    expect((await correct(200, `温财社冲${available}号`)).body.title).toBe(title);
    const now = await world.item(balanceKey(account));
    expect(now).toMatchObject({ escrow: committed, available: title === undefined ? 0 : available });
    await world.put({ ...now, available: now['available'] + committed, escrow: 0 });
    await expectBooksInOrder();
  });
});
