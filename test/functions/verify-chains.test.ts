import { DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/verify-chains/handler.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { putEntry } from '../../shared/aws/line-writes.ts';
import { createRecentTrails } from '../../shared/aws/recent-trails-table.ts';
import { creation, transition, writeAllOrThrow } from '../../shared/aws/transition.ts';
import type { AuditRecord } from '../../shared/supervision/audit-chain.ts';
import type { AuditTrails } from '../../shared/supervision/audit-export.ts';
import { verifyRecentChains } from '../../shared/supervision/verify-recent-chains.ts';
import { seedClearedClaim } from '../support/cleared-claim.ts';
import { type RecordedEdge, recordedEdge, settableClock } from '../support/http.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const at = '2021-03-31T01:00:00.000Z';
const day = 86_400_000;

describe('verify-chains', { timeout: 30_000 }, () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let edge: RecordedEdge;
  let trails: AuditTrails;
  const clock = settableClock('2021-04-01T20:50:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  // Every test has a table of its own: what one spoils must not ring in the next.
  beforeEach(async () => {
    engine = await openTestTable();
    trails = createAuditTrails(engine.table);
    clock.set('2021-04-01T20:50:00Z');
    edge = recordedEdge(createIdempotencyTable(engine.table), clock);
    return async () => engine.stop();
  });

  const run = async () => {
    const deps = { recent: createRecentTrails(engine.table, ['lucheng']), trails, clock };
    await createHandler(deps, edge)({}, {} as never);
    return Object.fromEntries(edge.counted.map(({ name, value }) => [name, value]));
  };
  const auditKey = (chain: string, entity: string, version: number) => ({
    pk: `AUDIT#${chain}`,
    sk: `${entity}#${String(version).padStart(8, '0')}`,
  });
  const edit = async (Key: object, attribute: string, value: unknown) =>
    engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key,
        UpdateExpression: 'SET #a = :v',
        ExpressionAttributeNames: { '#a': attribute },
        ExpressionAttributeValues: { ':v': value },
      }),
    );
  const remove = async (Key: object) => engine.table.client.send(new DeleteCommand({ TableName: 'jipei', Key }));
  const recordsOf = async (chain: string) => {
    const { Items = [] } = await engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `AUDIT#${chain}` },
      }),
    );
    return Items as (AuditRecord & { pk: string; sk: string })[];
  };

  test('what holds is counted as verified: claims at work with what belongs to them, and the accounts', async () => {
    await seedClearedClaim(engine.table, personal, { id: 'C1', fens: [100, 200], applicationId: 'A1' });
    const paper = { account: 'lucheng', reference: 'R1', fen: 1000, reason: '首拨', by, at };
    await createFundTable(engine.table).allot(paper);
    // The claim, its notice, its fund application, the account.
    expect(await run()).toEqual({ AuditChainsVerified: 4, AuditChainsBroken: 0, CheckHeartbeat: 1 });
  });

  test.each([
    ['an edited record', async () => edit(auditKey('C1', 'LINE#0002', 1), 'action', 'line-praised'), 'edited'],
    ['a removed record', async () => remove(auditKey('C1', 'META', 1)), 'head-differs'],
    ['a record on a line that there is not', async () => remove({ pk: 'CLAIM#C1', sk: 'LINE#0001' }), 'head-differs'],
    ['a head that was set back', async () => edit({ pk: 'CLAIM#C1', sk: 'META' }, 'auditHead', '0'.repeat(64)), 'head'],
    [
      'a record that was slipped in',
      async () => {
        const [first] = await recordsOf('C1');
        const Item = { ...first, ...auditKey('C1', 'LINE#0001', 2), version: 2 };
        await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
      },
      'out-of-order',
    ],
  ])('%s rings, and the log says where', async (_, spoil, fault) => {
    await seedClearedClaim(engine.table, personal, { id: 'C1', fens: [100, 200] });
    await seedClearedClaim(engine.table, personal, { id: 'C2', fens: [100] });
    await spoil();
    expect(await run()).toMatchObject({ AuditChainsBroken: 1, CheckHeartbeat: 1 });
    expect(edge.logged).toContainEqual({
      event: 'audit-chain-broken',
      fields: { chain: 'C1', count: expect.any(Number), code: expect.stringContaining(fault) },
    });
  });

  test.each([
    ['the class', 'CLASS', { classId: 'K1' }],
    ['the notice', 'NOTICE', { noticeId: 'K1' }],
    ['the payment batch', 'BATCH', { payment: { batchId: 'K1', attempt: 1 } }],
    ['the fund application', 'FUNDAPPLICATION', { applicationId: 'K1' }],
  ])('%s of a claim is verified with it', async (_, kind, link) => {
    await seedClearedClaim(engine.table, personal, { id: 'C1', fens: [100] });
    for (const [name, value] of Object.entries(link)) await edit({ pk: 'CLAIM#C1', sk: 'META' }, name, value);
    const item = { pk: `${kind}#K1`, sk: 'META', st: 'made' };
    await writeAllOrThrow(engine.table, creation(engine.table, 'K1', item, { action: 'made', by, at }));
    expect((await run())['AuditChainsBroken']).toBe(0);
    await edit(auditKey('K1', 'META', 1), 'reason', 'another');
    edge.counted.length = 0;
    expect((await run())['AuditChainsBroken']).toBe(1);
  });

  test.each([
    [35 * day - 1, 1],
    [35 * day, 1],
    [35 * day + 1, 0],
  ])('a claim that waits for nobody is verified for 35 days after its money moved: %i ms', async (later, found) => {
    await seedClearedClaim(engine.table, personal, { id: 'C1', fens: [100] });
    const moved = clock.now().toISOString();
    const movement = { account: 'lucheng', debit: 'escrow', credit: 'paid' };
    const entry = { claimId: 'C1', lineNo: 1, kind: 'paid', sequence: 1, fen: 100, at: moved, by, movement };
    await writeAllOrThrow(engine.table, [putEntry(engine.table, entry)]);
    await engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: { pk: 'CLAIM#C1', sk: 'META' },
        UpdateExpression: 'REMOVE wpk, wsk',
      }),
    );
    await edit(auditKey('C1', 'META', 1), 'reason', 'another');
    clock.advance(later);
    expect((await run())['AuditChainsBroken']).toBe(found);
  });

  test('a spoiled record rings and keeps nobody from seeing the others; so does a trail that cannot be read', async () => {
    await seedClearedClaim(engine.table, personal, { id: 'C1', fens: [100] });
    await seedClearedClaim(engine.table, personal, { id: 'C2', fens: [100] });
    await edit(auditKey('C1', 'META', 1), 'by', 'nobody');
    await edit(auditKey('C1', 'LINE#0001', 1), 'entity', 7);
    expect(await run()).toMatchObject({ AuditChainsBroken: 1, AuditChainsVerified: 4, CheckHeartbeat: 1 });
    const recent = { recent: async () => ['C1', 'C2'].map((chain) => ({ chain, partition: `CLAIM#${chain}` })) };
    const unreadable: AuditTrails = {
      read: async (chain, partition) => {
        if (chain === 'C2') throw new TypeError('no number');
        return trails.read(chain, partition);
      },
    };
    const { verified, broken } = await verifyRecentChains({ recent, trails: unreadable, clock }, day);
    expect([verified, broken.map(({ chain }) => chain).toSorted()]).toEqual([2, ['C1', 'C2']]);
    expect(broken.find(({ chain }) => chain === 'C2')?.faults).toMatchObject([{ fault: 'unreadable' }]);
  });

  test('a transition between the two reads of a trail is no fault', async () => {
    await seedClearedClaim(engine.table, personal, { id: 'C1', fens: [100] });
    const stale = await trails.read('C1', 'CLAIM#C1');
    const head = stale.heads.find(({ entity }) => entity === 'META');
    const entity = {
      key: { pk: 'CLAIM#C1', sk: 'META' },
      st: 'cleared',
      version: head?.version ?? 0,
      auditHead: head?.auditHead ?? '',
    };
    const audit = { action: 'claim-moved', by, at };
    await writeAllOrThrow(engine.table, transition(engine.table, { chain: 'C1', entity, to: 'cleared', audit }));
    let reads = 0;
    const racing: AuditTrails = {
      read: async (chain, partition) => {
        const now = await trails.read(chain, partition);
        reads += 1;
        return chain === 'C1' && reads <= 2 ? { ...now, heads: stale.heads } : now;
      },
    };
    const recent = { recent: async () => [{ chain: 'C1', partition: 'CLAIM#C1' }] };
    expect(await verifyRecentChains({ recent, trails: racing, clock }, day)).toMatchObject({ verified: 1, broken: [] });
    reads = -1;
    const report = await verifyRecentChains({ recent, trails: racing, clock }, day);
    expect(report.broken.map(({ chain }) => chain)).toEqual(['C1']);
  });

  describe('when the time does not suffice', () => {
    const names = Array.from({ length: 40 }, (_, n) => ({ chain: `T${n}`, partition: `CLAIM#T${n}` }));
    const reached = async (mostMs: number) => {
      const seen: string[] = [];
      const slow: AuditTrails = {
        read: async (chain) => {
          seen.push(chain);
          clock.advance(1000);
          return { chain, heads: [], records: [] };
        },
      };
      const report = await verifyRecentChains({ recent: { recent: async () => names }, trails: slow, clock }, mostMs);
      return { seen, ...report };
    };

    test.each([
      [9_999, 10],
      [10_000, 10],
      [10_001, 11],
    ])('it stops after %i ms and says how many are left', async (mostMs, verified) => {
      expect(await reached(mostMs)).toMatchObject({ verified, left: 40 - verified });
    });

    test('and another day reaches others: nothing is left out for good', async () => {
      const seen = new Set<string>();
      for (let days = 0; days < 20; days += 1) {
        for (const chain of (await reached(10_000)).seen) seen.add(chain);
        clock.advance(day);
      }
      expect(seen.size).toBe(40);
    });
  });
});
