import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { sequenceKey } from '../../shared/aws/notice-items.ts';
import { correctNotice } from '../../shared/publicity/correct-notice.ts';
import { decideObjection } from '../../shared/publicity/decide-objection.ts';
import { lodgeObjection } from '../../shared/publicity/lodge-objection.ts';
import { readDocument } from '../../shared/publicity/notice-document.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { seedAccount } from '../support/cleared-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { officerLin } from '../support/people.ts';

const upheld = { result: 'upheld', reason: '经核对签到表，所报学员未参训' } as const;
let request = 0;

describe('a correction whose claims are cancelled before it is up', { timeout: 120_000 }, () => {
  let world: NoticeWorld;
  beforeEach(async () => {
    world = await openNoticeWorld('2021-12-13T00:30:00Z');
    await seedAccount(world.table, 'lucheng', 0, 100_000_000);
    return () => world.engine.stop();
  });

  const seed = async (name: string, authority: string) =>
    seedApprovedClaim(world.table, {
      id: claimId(name),
      name: `${name}公司`,
      authority,
      lines: [{ fen: 300 }, { fen: 400 }],
    });

  /** A notice of three rows, an objection to its second row, and a correction of the rows named. */
  const corrected = async (mark: string, rowNos: readonly number[]) => {
    const authority = `hr-bureau/${mark.toLowerCase()}`;
    const officer = { ...officerLin, tenant: authority };
    world.clock.set('2021-12-13T00:30:00Z');
    const ids = [];
    for (const each of ['1', '2', '3']) ids.push(await seed(`${mark}${each}`, authority));
    await world.publish();
    const noticeId = (await world.claimState(ids[0] ?? '')).noticeId ?? '';
    world.clock.set('2021-12-14T02:00:00Z');
    request += 1;
    const objection = await lodgeObjection(
      world.lodging,
      noticeId,
      { rowNo: 2, by: { kind: 'anonymous' }, reason: '该单位所报学员中有人并未参加培训，请核实签到表。' },
      { creationId: `R${String(request).padStart(25, '0')}`, source: `198.51.100.${request % 250}` },
    );
    const rows = rowNos.map((rowNo) => ({ rowNo, unitName: `${mark}${rowNo}实业公司` }));
    const correction = await correctNotice(
      world.deps,
      officer,
      noticeId,
      { reason: '单位名称有误', rows },
      `K${String(request).padStart(25, '0')}`,
    );
    const uphold = async () => decideObjection(world.deps, officer, objection.id, upheld);
    return { authority, ids, noticeId, correctionId: correction.id, uphold };
  };

  const assertDropped = async (authority: string, noticeId: string, correctionId: string, later: string) => {
    const dropped = await world.deps.notices.find(correctionId);
    if (dropped === undefined) throw new Error('no correction');
    expect(dropped).toMatchObject({ st: 'dropped', number: { year: 2021, batch: 1, correction: 1 } });
    expect(await world.chainFaults(correctionId, 'META', dropped)).toEqual([]);
    expect([...world.files.keys()].filter((key) => key.includes(correctionId))).toEqual([]);
    expect(await world.deps.notices.corrections(noticeId)).toEqual([
      { noticeId: correctionId, rowNos: [], cancelledRowNos: [2], published: false },
    ]);
    expect(await world.deps.notices.inState('preparing')).toEqual([]);
    const { Item } = await world.table.client.send(
      new GetCommand({ TableName: world.table.name, Key: sequenceKey(authority, 'project') }),
    );
    expect(Item).toMatchObject({ 'c2021-1': 1, y2021: 2 });
    expect(Item).not.toHaveProperty('preparing');
    const { notices } = await world.deps.notices.list({ authority }, undefined);
    expect(new Set(notices.map(({ number }) => number.batch))).toEqual(new Set([1, 2]));
    expect((await world.claimState(later)).st).toBe('publicised');
  };

  test('is dropped, keeps its number, and lets the next notice of its series go out', async () => {
    const { authority, noticeId, correctionId, uphold } = await corrected('A', [2]);
    await uphold();
    const later = await seed('A9', authority);
    world.clock.set('2021-12-15T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    await assertDropped(authority, noticeId, correctionId, later);
    expect(world.files.get(`notices/${noticeId}.html`)).toContain('第2行已取消补贴资格，不再公示。');
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
  });

  test('is dropped as well when two officers have each cancelled a part, and together it was all', async () => {
    const { authority, ids, noticeId, correctionId } = await corrected('C', [2]);
    const claim = await world.claimState(ids[1] ?? '');
    const act = { by: systemActor('test'), at: world.clock.now() };
    for (const lineNo of [1, 2]) await world.deps.claims.release(claim, [lineNo], '未参训', act);
    const { objections } = await world.deps.objections.list(authority, 'open', undefined);
    expect(objections).toHaveLength(1);
    await decideObjection(world.deps, { ...officerLin, tenant: authority }, objections[0]?.id ?? '', {
      result: 'dismissed',
      reason: '与另一件异议所指相同，已另行处理',
    });
    const later = await seed('C9', authority);
    world.clock.set('2021-12-15T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    expect((await world.claimState(ids[1] ?? '')).st).toBe('refused');
    await assertDropped(authority, noticeId, correctionId, later);
  });

  test.each(['before', 'after'] as const)('a crash %s each write, then a run to the end: exact', async (when) => {
    let died = true;
    for (let at = 1; died; at += 1) {
      const { authority, noticeId, correctionId, uphold } = await corrected(`${when.slice(0, 1)}${at}X`, [2]);
      await uphold();
      const later = await seed(`${when.slice(0, 1)}${at}X9`, authority);
      world.clock.set('2021-12-15T00:30:00Z');
      died = await world.crashAt(at, when, world.publish);
      expect(await world.publish()).toMatchObject({ failed: 0 });
      await assertDropped(authority, noticeId, correctionId, later);
    }
  });

  test('goes on with what is left; its banner, its bytes and their restoring know only the rows that were published', async () => {
    const { ids, noticeId, correctionId, uphold } = await corrected('P', [2, 3]);
    world.clock.set('2021-12-15T00:30:00Z');
    // The rows are written, then the process dies; the row of the cancelled claim stays behind.
    expect(await world.crashAt(3, 'before', world.publish)).toBe(true);
    await uphold();
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const json = world.files.get(`notices/${correctionId}.json`) ?? '';
    expect(readDocument(json).annexes[0]?.rows).toMatchObject([{ originalRowNo: 3, unitName: 'P3实业公司' }]);
    const page = world.files.get(`notices/${noticeId}.html`) ?? '';
    expect(page).toContain(`第3行已更正并<a href="/notices/${correctionId}">重新公示</a>`);
    expect(page).toContain('第2行已取消补贴资格，不再公示。');
    world.files.delete(`notices/${correctionId}.json`);
    world.clock.set('2021-12-16T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    expect(world.files.get(`notices/${correctionId}.json`)).toBe(json);
    expect((await world.claimState(ids[1] ?? '')).st).toBe('refused');
  });
});
