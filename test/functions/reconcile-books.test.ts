import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/reconcile-books/handler.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createClaimBooks } from '../../shared/aws/claim-books-table.ts';
import { balanceKey, entryKey, lineKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundEscrow } from '../../shared/aws/fund-escrow.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createLedgerTable } from '../../shared/aws/ledger-table.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import type { Key } from '../../shared/aws/table.ts';
import { writeAllOrThrow } from '../../shared/aws/transition.ts';
import type { ClaimRecord } from '../../shared/claims/claim-record.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { type ClearedClaim, seedClearedClaim } from '../support/cleared-claim.ts';
import { type RecordedEdge, recordedEdge, settableClock } from '../support/http.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const day = 86_400_000;
const by = systemActor('test');

describe('reconcile-books', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let edge: RecordedEdge;
  let payments: ReturnType<typeof createPaymentTable>;
  const clock = settableClock('2021-04-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  beforeAll(async () => {
    engine = await openTestTable();
    const organisations = createOrganisationTable(engine.table, personal);
    await organisations.save('ent-aoke', enterpriseFacts, by, clock.now());
    payments = createPaymentTable(engine.table, personal, organisations);
    edge = recordedEdge(createIdempotencyTable(engine.table), clock);
  });
  afterAll(async () => engine.stop());

  // Every test has an account of its own, with 1,000 fen.
  let account = '';
  let tests = 0;
  beforeEach(async () => {
    tests += 1;
    account = `a${tests}`;
    clock.set('2021-04-01T01:00:00Z');
    edge.counted.length = 0;
    edge.logged.length = 0;
    const paper = { account, reference: `R-${account}`, fen: 1000, reason: '首拨', by, at: clock.now().toISOString() };
    await createFundTable(engine.table).allot(paper);
  });

  const handlerOf = (accounts: readonly string[]) => {
    const { table } = engine;
    const deps = { funds: createFundTable(table), ledger: createLedgerTable(table), claims: createClaimBooks(table) };
    return createHandler({ ...deps, accounts, clock }, edge);
  };
  const reconcile = async () => {
    await handlerOf([account])({}, {} as never);
    const value = (name: string) => edge.counted.find((metric) => metric.name === name)?.value;
    return {
      ledger: value('LedgerMinusBalanceFen'),
      paid: value('PaidMinusApprovedFen'),
      beat: value('CheckHeartbeat'),
    };
  };
  const inOrder = { ledger: 0, paid: 0, beat: 1 };

  const approved = async (name: string, more: Partial<ClearedClaim> & Pick<ClearedClaim, 'fens'>): Promise<string> => {
    const id = `${account}-${name}`;
    const fen = more.fens.reduce((sum, one) => sum + one, 0);
    const claim = { id, fundAccount: account, version: 1 } as ClaimRecord;
    const escrow = { fen, by, at: clock.now().toISOString() };
    await writeAllOrThrow(engine.table, createFundEscrow(engine.table).setAside(claim, escrow, false));
    await seedClearedClaim(engine.table, personal, { account, ...more, id });
    return id;
  };
  const hear = async (claimId: string, words: readonly ('paid' | 'bounced')[], payee: 'trainee' | 'applicant') => {
    const at = clock.now();
    const order = { id: `B-${claimId}-${at.getTime()}`, account, payee, payer: 'finance' };
    const batch = await payments.collect(await payments.openBatch(order, by, at), ampleRoom, by, at);
    const transfers = (await payments.transfersOf(batch.id)).toSorted((a, b) => a.lineNo - b.lineNo);
    const receipts = transfers.map(({ reference }, row) => {
      const word = words[row] ?? 'paid';
      return { row, reference, word, bankSerial: `S-${reference}`, reason: '' };
    });
    await payments.apply(batch, receipts, by, at);
    return { batch, receipts, settle: async () => payments.settleClaim(batch.id, claimId, by, clock.now()) };
  };
  const paid = async (name: string, fens: readonly number[]) => {
    const id = await approved(name, { fens });
    const { settle } = await hear(id, [], 'trainee');
    await settle();
    return id;
  };
  const add = async (Key: Key, attribute: string, fen: number) => {
    const [first = '', ...rest] = attribute.split('.');
    await engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key,
        UpdateExpression: `SET ${['#first', ...rest].join('.')} = ${['#first', ...rest].join('.')} + :fen`,
        ExpressionAttributeNames: { '#first': first },
        ExpressionAttributeValues: { ':fen': fen },
      }),
    );
  };

  describe('nothing is wrong', () => {
    test('with an account that never paid', async () => {
      expect(await reconcile()).toEqual(inOrder);
    });

    test('from the escrow to the last transfer, a bounced one and its second try', async () => {
      const id = await approved('c', { fens: [100, 200] });
      expect(await reconcile()).toEqual(inOrder);
      const first = await hear(id, ['paid', 'bounced'], 'trainee');
      edge.counted.length = 0;
      // The lines have not followed yet: the bank's word is what counts.
      expect(await reconcile()).toEqual(inOrder);
      await first.settle();
      const late = [{ ...first.receipts[0], word: 'bounced' } as (typeof first.receipts)[number]];
      await payments.apply(first.batch, late, by, clock.now());
      await first.settle();
      edge.counted.length = 0;
      expect(await reconcile()).toEqual(inOrder);
    });

    test('with one transfer for all lines of a unit', async () => {
      const id = await approved('u', { fens: [100, 200, 50], payee: 'applicant' });
      await (await hear(id, [], 'applicant')).settle();
      expect(await reconcile()).toEqual(inOrder);
    });
  });

  describe('one planted fen shows:', () => {
    test.each(['available', 'escrow', 'paid', 'recovered', 'allotted'])('in the balance, as %s', async (pot) => {
      await paid('c', [100]);
      await add(balanceKey(account), pot, 1);
      expect(await reconcile()).toEqual({ ...inOrder, ledger: 1 });
      expect(edge.logged).toContainEqual({ event: 'ledger-differs', fields: { account, fen: 1 } });
    });

    test('in an entry of the ledger, on both sides of it', async () => {
      const claimId = await paid('c', [100, 200]);
      await add(entryKey(claimId, 2, 'paid', 1), 'fen', 1);
      expect(await reconcile()).toEqual({ ...inOrder, ledger: 2, paid: 1 });
    });

    test('in what was approved for a line', async () => {
      const claimId = await paid('c', [100, 200]);
      await add(lineKey(claimId, 1), 'approved.fen', -1);
      expect(await reconcile()).toEqual({ ...inOrder, paid: 1 });
      expect(edge.logged).toContainEqual({ event: 'paid-otherwise', fields: { account, claimId, fen: 1 } });
    });

    test('and another one that would make up for it', async () => {
      const [one, two] = [await paid('c', [100]), await paid('d', [200])];
      await add(lineKey(one, 1), 'approved.fen', 1);
      await add(lineKey(two, 1), 'approved.fen', -1);
      await add(balanceKey(account), 'paid', 1);
      await add(balanceKey(account), 'available', -1);
      expect(await reconcile()).toEqual({ ...inOrder, ledger: 2, paid: 2 });
    });

    test('an entry that is gone', async () => {
      const claimId = await paid('c', [100]);
      await engine.table.client.send(new DeleteCommand({ TableName: 'jipei', Key: entryKey(claimId, 1, 'paid', 1) }));
      expect(await reconcile()).toEqual({ ...inOrder, ledger: 200, paid: 100 });
    });
  });

  test.each([
    [35 * day - 1, 1],
    [35 * day, 1],
    [35 * day + 1, 0],
  ])('lines are looked into for 35 days after the payment: %i ms', async (later, found) => {
    const claimId = await paid('c', [100]);
    await add(lineKey(claimId, 1), 'approved.fen', -1);
    clock.advance(later);
    expect(await reconcile()).toEqual({ ...inOrder, paid: found });
  });

  test('an account that cannot be read is named, the others are done, and the heartbeat stays away', async () => {
    await paid('c', [100]);
    await add(balanceKey(account), 'paid', 1);
    const whole = createFundTable(engine.table);
    const funds = {
      ...whole,
      balances: async (accounts: readonly string[]) => {
        if (accounts.includes('broken')) throw new Error('no answer');
        return whole.balances(accounts);
      },
    };
    const deps = { funds, ledger: createLedgerTable(engine.table), claims: createClaimBooks(engine.table) };
    const run = createHandler({ ...deps, accounts: ['broken', account], clock }, edge);
    expect(await run({}, {} as never)).toEqual({ count: 2, failed: 1 });
    expect(edge.counted.map(({ name, value }) => [name, value])).toEqual([
      ['LedgerMinusBalanceFen', 1],
      ['PaidMinusApprovedFen', 0],
    ]);
    expect(edge.logged).toContainEqual({
      event: 'reconciliation-failed',
      fields: { account: 'broken', error: 'Error: no answer' },
    });
  });
});
