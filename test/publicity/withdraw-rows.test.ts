import { beforeEach, describe, expect, test } from 'vitest';
import { correctNotice } from '../../shared/publicity/correct-notice.ts';
import { readDocument } from '../../shared/publicity/notice-document.ts';
import { noticeData, noticeForPeople, noticeUnits } from '../../shared/publicity/read-notices.ts';
import { textHash } from '../../shared/publicity/text-hash.ts';
import { withdrawRows } from '../../shared/publicity/withdraw-rows.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { auditor, enterprise, officerLin, officerOfOuhai } from '../support/people.ts';

const reason = '该行单位名称含个人住址，须立即撤下';
const leak = '大南街道住宅区七幢';

describe('rows of a notice are taken down', { timeout: 120_000 }, () => {
  let world: NoticeWorld;
  beforeEach(async () => {
    world = await openNoticeWorld('2021-12-13T00:30:00Z');
    return () => world.engine.stop();
  });

  /** A running notice of three rows, the second with what must not be public. */
  const running = async (mark: string) => {
    world.clock.set('2021-12-13T00:30:00Z');
    const ids = [];
    for (const [index, name] of ['公司', leak, '公司'].entries())
      ids.push(
        await seedApprovedClaim(world.table, {
          id: claimId(`${mark}${index}`),
          name: `${mark}${index}${name}`,
          lines: [{ fen: 300 }],
        }),
      );
    await world.publish();
    const { noticeId = '' } = await world.claimState(ids[0] ?? '');
    world.clock.set('2021-12-14T02:00:00Z');
    return { ids, noticeId };
  };
  const withdraw = async (noticeId: string, rows?: number[], who = officerLin) =>
    withdrawRows(world.deps, who, noticeId, { reason, ...(rows === undefined ? {} : { rows }) });
  const bytes = () => [...world.files.values()].join('');
  const states = async (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await world.claimState(id)).st));
  const noticeOf = async (noticeId: string) => {
    const notice = await world.deps.notices.find(noticeId);
    if (notice === undefined) throw new Error('no notice');
    return notice;
  };

  test('no job brings them back, and the claim is paid only after it was shown anew for a whole period', async () => {
    const { ids, noticeId } = await running('A');
    expect(bytes()).toContain(leak);
    await withdraw(noticeId, [2]);
    const notice = await noticeOf(noticeId);
    expect(notice).toMatchObject({ st: 'running', withdrawn: [{ claimId: ids[1], rowNo: 2 }] });
    expect(notice.shownHash).not.toBe(notice.snapshotHash);
    expect(await world.chainFaults(noticeId, 'META', notice)).toEqual([]);
    const page = world.files.get(`notices/${noticeId}.html`);
    expect(page).toContain('附件第2行的内容已于2021年12月14日撤下，不再展示；合计数不变。');
    expect(page).toContain('合计：3项');
    for (const day of ['15', '16']) {
      expect(bytes()).not.toContain(leak);
      world.files.clear();
      world.clock.set(`2021-12-${day}T00:30:00Z`);
      expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    }
    expect(textHash(world.files.get(`notices/${noticeId}.json`) ?? '')).toBe(notice.shownHash);
    world.clock.set('2021-12-20T16:05:00Z');
    expect(await world.close()).toEqual({ count: 1, failed: 0 });
    expect(bytes()).not.toContain(leak);
    expect(await states(ids)).toEqual(['cleared', 'publicised', 'cleared']);
    expect((await noticeOf(noticeId)).st).toBe('closed');
    // The others have had their period; only what was taken down is corrected after the end.
    const correct = async (rows: { rowNo: number; unitName: string }[]) =>
      correctNotice(world.deps, officerLin, noticeId, { reason: '单位名称有误', rows }, 'K'.padEnd(26, '1'));
    await expect(correct([{ rowNo: 1, unitName: '甲公司' }])).rejects.toMatchObject({ code: 'validation-failed' });
    const correction = await correct([{ rowNo: 2, unitName: '乙公司' }]);
    world.clock.set('2021-12-22T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const document = readDocument(world.files.get(`notices/${correction.id}.json`) ?? '');
    expect(document.annexes[0]?.rows).toMatchObject([{ originalRowNo: 2, unitName: '乙公司' }]);
    world.clock.set('2021-12-28T16:04:00Z');
    await world.close();
    expect((await world.claimState(ids[1] ?? '')).st).toBe('publicised');
    world.clock.set('2021-12-29T16:05:00Z');
    expect(await world.close()).toMatchObject({ failed: 0 });
    expect(await states(ids)).toEqual(['cleared', 'cleared', 'cleared']);
    expect((await noticeOf(noticeId)).st).toBe('archived');
    expect(bytes()).not.toContain(leak);
  });

  test.each([
    ['2021-12-20T15:59:59.999Z', 'publicised'],
    ['2021-12-20T16:00:00.000Z', 'cleared'],
  ])('taken down at %s, when the period ends at 16:00: %s', async (at, st) => {
    const { ids, noticeId } = await running('B');
    world.clock.set(at);
    await withdraw(noticeId);
    expect(bytes()).not.toMatch(/B\d/);
    world.clock.set('2021-12-20T16:05:00Z');
    expect(await world.close()).toEqual({ count: 1, failed: 0 });
    expect(await states(ids)).toEqual([st, st, st]);
  });

  test('from an archived notice too; nothing of its claims changes', async () => {
    const { ids, noticeId } = await running('C');
    world.clock.set('2021-12-20T16:05:00Z');
    await world.close();
    expect((await noticeOf(noticeId)).st).toBe('archived');
    await withdraw(noticeId, [2]);
    await withdraw(noticeId, [1, 2]);
    expect(await noticeOf(noticeId)).toMatchObject({ st: 'archived', withdrawn: [{ rowNo: 2 }, { rowNo: 1 }] });
    expect(bytes()).not.toContain(leak);
    expect(await noticeUnits(world.deps, noticeId)).toContain('C2公司');
    expect(await states(ids)).toEqual(['cleared', 'cleared', 'cleared']);
  });

  test.each(['before', 'after'] as const)(
    'a crash %s each write: once it is on record nobody reads them, and asking again finishes it',
    async (when) => {
      let died = true;
      for (let at = 1; died; at += 1) {
        const { noticeId } = await running(`${when.slice(0, 1).toUpperCase()}${at}X`);
        died = await world.crashAt(at, when, () => withdraw(noticeId, [2]));
        const isOnRecord = (await noticeOf(noticeId)).withdrawn !== undefined;
        const read = [noticeData(world.deps, noticeId), noticeForPeople(world.deps, noticeId)];
        const told = await Promise.allSettled(read.map(async (text) => JSON.stringify(await text)));
        expect(JSON.stringify(told).includes(leak)).toBe(!isOnRecord);
        await withdraw(noticeId, [2]);
        for (const file of ['json', 'html']) expect(world.files.get(`notices/${noticeId}.${file}`)).not.toContain(leak);
        expect(await noticeForPeople(world.deps, noticeId)).toContain('附件第2行的内容已于');
        const notice = await noticeOf(noticeId);
        expect(notice.withdrawn).toHaveLength(1);
        expect(await world.chainFaults(noticeId, 'META', notice)).toEqual([]);
      }
    },
  );

  test('only by its own authority, and only rows that there are', async () => {
    const { noticeId } = await running('D');
    for (const who of [officerOfOuhai, auditor, enterprise])
      await expect(withdraw(noticeId, [2], who)).rejects.toMatchObject({ code: 'not-found' });
    await expect(withdraw(noticeId, [2, 4])).rejects.toMatchObject({
      code: 'validation-failed',
      problems: [{ path: 'body.rows[1]', message: '本公示没有第4行' }],
    });
    expect(bytes()).toContain(leak);
  });
});
