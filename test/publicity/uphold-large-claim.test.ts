import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { balanceKey, escrowKey, occupationLockKey } from '../../shared/aws/entitlement-keys.ts';
import { readPartition } from '../../shared/aws/read.ts';
import type { Key } from '../../shared/aws/table.ts';
import { decideObjection } from '../../shared/publicity/decide-objection.ts';
import { lodgeObjection } from '../../shared/publicity/lodge-objection.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { seedAccount } from '../support/cleared-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { officerLin } from '../support/people.ts';

let request = 0;

describe('an objection to a large claim is upheld', { timeout: 240_000 }, () => {
  let world: NoticeWorld;
  beforeEach(async () => {
    world = await openNoticeWorld('2021-12-13T00:30:00Z');
    await seedAccount(world.table, 'lucheng', 0, 1_000_000);
    return () => world.engine.stop();
  });

  const get = async (key: Key) =>
    (await world.table.client.send(new GetCommand({ TableName: world.table.name, Key: key, ConsistentRead: true })))
      .Item;

  /** A running notice of one claim, whose lines have different amounts, with an objection to it. */
  const objectedTo = async (name: string, lines: number) => {
    const fens = Array.from({ length: lines }, (_, index) => 100 + (index % 7));
    const id = await seedApprovedClaim(world.table, { id: claimId(name), lines: fens.map((fen) => ({ fen })) });
    world.clock.set('2021-12-13T00:30:00Z');
    await world.publish();
    const { noticeId = '' } = await world.claimState(id);
    request += 1;
    const { id: objectionId } = await lodgeObjection(
      world.lodging,
      noticeId,
      { rowNo: 1, by: { kind: 'anonymous' }, reason: '该单位所报学员均未参加培训，请核实签到表。' },
      { creationId: `R${String(request).padStart(25, '0')}`, source: `198.51.100.${request}` },
    );
    const decide = async () =>
      decideObjection(world.deps, officerLin, objectionId, { result: 'upheld', reason: '经核对签到表，确未参训' });
    return { id, objectionId, total: fens.reduce((sum, fen) => sum + fen, 0), decide };
  };

  const assertExact = async (id: string, lines: number, total: number, before: number) => {
    expect(await world.claimState(id)).toMatchObject({ st: 'refused', openObjections: 0 });
    expect(new Set(await world.lineStates(id))).toEqual(new Set(['released']));
    expect(await get(escrowKey(id))).toMatchObject({ openFen: 0 });
    expect(Number((await get(balanceKey('lucheng')))?.['available']) - before).toBe(total);
    const entries = [];
    for await (const item of readPartition(world.table, `CLAIM#${id}`, 'ENTRY#')) entries.push(item);
    expect(entries).toHaveLength(lines);
    expect(entries.reduce((sum, { fen }) => sum + Number(fen), 0)).toBe(total);
    for (const { personHash } of await world.deps.claims.lines(id))
      expect(await get(occupationLockKey(personHash, '电梯安装维修工', '-'))).toBeUndefined();
  };

  test('of 1,000 lines in a hundred transactions at most, its books exact', async () => {
    const { id, total, decide } = await objectedTo('BIG', 1000);
    world.fault.count = 0;
    await decide();
    expect(world.fault.count).toBeLessThanOrEqual(100);
    await assertExact(id, 1000, total, 0);
  });

  test.each(['before', 'after'] as const)('and a crash %s each write leaves nothing behind', async (when) => {
    let died = true;
    for (let at = 1; died; at += 1) {
      const { id, objectionId, total, decide } = await objectedTo(`${when.slice(0, 1)}${at}X`, 40);
      const before = Number((await get(balanceKey('lucheng')))?.['available']);
      died = await world.crashAt(at, when, decide);
      if ((await world.deps.objections.find(objectionId))?.st === 'open') await decide();
      // The nightly job finishes what was decided.
      world.clock.set('2021-12-13T16:05:00Z');
      expect(await world.close()).toMatchObject({ failed: 0 });
      await assertExact(id, 40, total, before);
    }
  });
});
