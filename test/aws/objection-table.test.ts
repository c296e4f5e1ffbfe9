import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { createNoticeClaims } from '../../shared/aws/notice-claims.ts';
import { noticeKey } from '../../shared/aws/notice-items.ts';
import { createObjectionTable } from '../../shared/aws/objection-table.ts';
import type { NewObjection } from '../../shared/publicity/objection-store.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';

const lastMillisecond = new Date('2021-12-20T15:59:59.999Z');
const midnight = new Date('2021-12-20T16:00:00.000Z');

/** What the table itself refuses, whatever the code before it believed. */
describe('objection table', () => {
  let world: NoticeWorld;
  let store: ReturnType<typeof createObjectionTable>;
  let noticeId = '';
  const id = claimId('A');
  beforeAll(async () => {
    world = await openNoticeWorld('2021-12-13T00:30:00Z');
    store = createObjectionTable(world.table);
    await seedApprovedClaim(world.table, { id, lines: [{ fen: 1 }] });
    await world.publish();
    noticeId = (await world.claimState(id)).noticeId ?? '';
  });
  afterAll(async () => world.engine.stop());

  let made = 0;
  const objection = (more: Partial<NewObjection> = {}): NewObjection => {
    made += 1;
    return {
      id: `OB${String(made).padStart(24, '0')}`,
      receiptNumber: `RC${String(made).padStart(24, '0')}`,
      noticeId,
      noticeTitle: '标题',
      claimId: id,
      rowNo: 1,
      authority: 'hr-bureau/lucheng',
      kind: 'anonymous',
      sealedReason: 'v1.x',
      sealedObjector: 'v1.y',
      contentHash: `h${made}`,
      dueAt: '2021-12-27T16:00:00.000Z',
      ...more,
    };
  };
  const set = async (key: { pk: string; sk: string }, name: string, value: string) =>
    world.table.client.send(
      new UpdateCommand({
        TableName: world.table.name,
        Key: key,
        UpdateExpression: 'SET #n = :v',
        ExpressionAttributeNames: { '#n': name },
        ExpressionAttributeValues: { ':v': value },
      }),
    );
  const open = async () => (await world.claimState(id)).openObjections;

  test('it is stored, counted and found by its id and its receipt, in one piece', async () => {
    const lodged = objection();
    expect(await store.lodge(lodged, lastMillisecond)).toEqual({ kind: 'lodged' });
    expect(await open()).toBe(1);
    expect(await store.find(lodged.id)).toMatchObject({ ...lodged, st: 'open', version: 1 });
    expect(await store.findByReceipt(lodged.receiptNumber)).toMatchObject({ id: lodged.id });
    expect(await store.find(lodged.receiptNumber)).toBeUndefined();
  });

  test('the same request again is known and counts nothing', async () => {
    const lodged = objection();
    await store.lodge(lodged, lastMillisecond);
    const before = await open();
    const again = await store.lodge({ ...lodged, receiptNumber: 'RC'.padEnd(26, '9') }, lastMillisecond);
    expect(again).toMatchObject({ kind: 'repeated', objection: { receiptNumber: lodged.receiptNumber } });
    expect(await open()).toBe(before);
  });

  test('the end of the period refuses it, even while the notice still says that it runs', async () => {
    const before = await open();
    expect(await store.lodge(objection(), midnight)).toEqual({ kind: 'notice-over' });
    expect(await open()).toBe(before);
  });

  test('a closed notice refuses it, even within the period', async () => {
    const before = await open();
    await set(noticeKey(noticeId), 'st', 'closed');
    expect(await store.lodge(objection(), lastMillisecond)).toEqual({ kind: 'notice-over' });
    await set(noticeKey(noticeId), 'st', 'running');
    expect(await open()).toBe(before);
  });

  test('a claim that has left the notice, or its publicity, refuses it', async () => {
    await set(claimKey(id), 'noticeId', 'another');
    expect(await store.lodge(objection(), lastMillisecond)).toEqual({ kind: 'row-moved' });
    await set(claimKey(id), 'noticeId', noticeId);
    await set(claimKey(id), 'st', 'cleared');
    expect(await store.lodge(objection(), lastMillisecond)).toEqual({ kind: 'row-moved' });
    await set(claimKey(id), 'st', 'publicised');
  });

  test('nothing of a claim is cleared while an objection is open, whoever asks', async () => {
    const act = { by: systemActor('test'), at: midnight };
    await expect(createNoticeClaims(world.table).clear(id, act)).rejects.toMatchObject({ code: 'state-not-permitted' });
    expect(await world.lineStates(id)).toEqual(['publicised']);
  });

  test('an objection is decided and ended once', async () => {
    const lodged = objection();
    await store.lodge(lodged, lastMillisecond);
    const stored = await store.find(lodged.id);
    if (stored === undefined) throw new Error('not stored');
    const by = systemActor('test');
    const decision = { result: 'dismissed', reason: '理由', by, at: midnight.toISOString() } as const;
    const before = await open();
    const decided = await store.decide(stored, decision);
    await expect(store.decide(stored, decision)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await expect(store.decide(decided, decision)).rejects.toMatchObject({ code: 'state-not-permitted' });
    await Promise.all([1, 2, 3].map(() => store.finish(decided, false, { by, at: midnight })));
    expect(await open()).toBe(before - 1);
    expect(await store.find(lodged.id)).toMatchObject({ st: 'dismissed', version: 3 });
  });
});
