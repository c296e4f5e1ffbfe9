import { beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { closeNotices } from '../../shared/publicity/close-notices.ts';
import { readDocument } from '../../shared/publicity/notice-document.ts';
import type { NoticeClaims } from '../../shared/publicity/notice-store.ts';
import { publishNotices } from '../../shared/publicity/publish-notices.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { identityNumber } from '../support/people.ts';

const published = '2021-12-13T00:30:00Z';
const nextDay = '2021-12-14T00:30:00Z';

describe('a row that fails holds up no other', { timeout: 120_000 }, () => {
  let world: NoticeWorld;
  beforeEach(async () => {
    world = await openNoticeWorld(published);
    return () => world.engine.stop();
  });

  const seed = async (count: number, more: Partial<Parameters<typeof seedApprovedClaim>[1]> = {}) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1)
      ids.push(
        await seedApprovedClaim(world.table, {
          id: claimId(`F${index}`),
          name: `F${index}公司`,
          lines: [{ fen: 300 }],
          ...more,
        }),
      );
    return ids;
  };
  const states = async (ids: readonly string[]) => Promise.all(ids.map(async (id) => (await world.claimState(id)).st));
  const publishWith = async (publicise: NoticeClaims['publicise']) =>
    publishNotices({
      ...world.deps,
      claims: { ...world.deps.claims, publicise },
      by: systemActor('publish-notices'),
    });

  test('while a notice closes: the rest is cleared, the personal annex comes down, the page is refreshed', async () => {
    const ids = await seed(6, { programme: 'qualification', route: 'individual' });
    await world.publish();
    const { noticeId = '' } = await world.claimState(ids[0] ?? '');
    const clear: NoticeClaims['clear'] = async (id, act) => {
      if (id === ids[0]) throw new Error('throttled');
      return world.deps.claims.clear(id, act);
    };
    const close = async () =>
      closeNotices({ ...world.deps, claims: { ...world.deps.claims, clear }, by: systemActor('close-notices') });
    world.clock.set('2021-12-20T16:05:00Z');
    expect(await close()).toEqual({ count: 1, failed: 1 });
    expect(await states(ids)).toEqual(['publicised', ...Array<string>(5).fill('cleared')]);
    expect(world.files.get(`notices/${noticeId}.html`)).toContain('公示已结束');
    world.clock.set('2022-01-20T16:05:00Z');
    expect(await close()).toEqual({ count: 0, failed: 1 });
    expect(world.files.get(`notices/${noticeId}.json`)).not.toContain('330*');
    expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'closed', annexRemovedOn: '2022-01-21' });
    expect(await world.close()).toEqual({ count: 0, failed: 0 });
    expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'archived' });
    expect(await states(ids)).toEqual(Array<string>(6).fill('cleared'));
  });

  test('while a notice is made: it goes out without the row, which is in the next one', async () => {
    const ids = await seed(6);
    const late = ids[2] ?? '';
    const first = await publishWith(async (claim, ...rest) => {
      if (claim.id === late) throw new Error('throttled');
      return world.deps.claims.publicise(claim, ...rest);
    });
    expect(first).toEqual({ count: 1, failed: 1 });
    expect(await states(ids)).toEqual(ids.map((id) => (id === late ? 'approved' : 'publicised')));
    const { noticeId = '' } = await world.claimState(ids[0] ?? '');
    const notice = await world.deps.notices.find(noticeId);
    expect(notice).toMatchObject({ st: 'running', unpublishedRows: [3], totals: { heads: 5 } });
    expect(world.files.get(`notices/${noticeId}.json`)).not.toContain('F2公司');
    // Whoever still works on the notice as it was prepared takes the claim into it no more.
    const claim = await world.claimState(late);
    const act = { by: systemActor('publish-notices'), at: new Date(published) };
    await expect(world.deps.claims.publicise(claim, noticeId, undefined, act)).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    world.clock.set(nextDay);
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const later = await world.claimState(late);
    expect(later.st).toBe('publicised');
    expect(readDocument(world.files.get(`notices/${later.noticeId}.json`) ?? '')).toMatchObject({
      number: { batch: 2 },
      totals: { heads: 1, amountFen: 300 },
    });
  });

  test('a claim that is in the notice after all, its answer lost, is never left out of what is shown', async () => {
    const ids = await seed(3);
    const result = await publishWith(async (claim, ...rest) => {
      await world.deps.claims.publicise(claim, ...rest);
      if (claim.id === ids[1]) throw new Error('answer lost');
    });
    expect(result).toMatchObject({ count: 0 });
    expect(await world.deps.notices.inState('preparing')).toHaveLength(1);
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const { noticeId } = await world.claimState(ids[1] ?? '');
    expect(readDocument(world.files.get(`notices/${noticeId}.json`) ?? '').totals.heads).toBe(3);
    expect(await world.deps.notices.find(noticeId ?? '')).not.toHaveProperty('unpublishedRows');
  });

  test('a number of a person in the name of an occupation is found as well', async () => {
    const occupation = `电工（${identityNumber('19850312', 113)}）`;
    const ids = await seed(1, { programme: 'qualification', lines: [{ fen: 300, occupation }] });
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    expect(world.told).toMatchObject({ unmasked: 1, leftOut: ids });
    expect([...world.files.values()].join('')).not.toContain('19850312');
  });
});
