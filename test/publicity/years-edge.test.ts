import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPartition } from '../../shared/aws/read.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';

const lastOfYear = '2020-12-31T15:59:59.999Z';
const firstOfYear = '2020-12-31T16:00:00.000Z';
/** New Year's Day was a Friday: the first working day after it, 00:00 in Shanghai. */
const firstWorkingDay = '2021-01-03T16:00:00.000Z';

describe('numbers of notices at the edge of the year in Shanghai', () => {
  let world: NoticeWorld;
  beforeEach(async () => {
    world = await openNoticeWorld(lastOfYear);
  });
  afterEach(async () => world.engine.stop());

  const approve = async (name: string) => seedApprovedClaim(world.table, { id: claimId(name), lines: [{ fen: 100 }] });
  /** The number and the day of the notice that a claim is in. */
  const noticeOf = async (name: string) => {
    const { noticeId } = await world.claimState(claimId(name));
    if (noticeId === undefined) return undefined;
    const notice = await world.deps.notices.find(noticeId);
    return { ...notice?.number, publishedOn: notice?.period?.publishedOn };
  };
  const countersOf = async (authority: string) => {
    for await (const item of readPartition(world.table, `NOTICES#${authority}#project`, 'SEQUENCE'))
      return { y2020: item['y2020'], y2021: item['y2021'] };
    return undefined;
  };

  test('the last millisecond still belongs to the old year, the next one to the new', async () => {
    await approve('OLD');
    await world.publish();
    expect(await noticeOf('OLD')).toEqual({ year: 2020, batch: 1, publishedOn: '2020-12-31' });
    await approve('NEW');
    world.clock.set(firstOfYear);
    await world.publish();
    expect(await noticeOf('NEW')).toBeUndefined();
    world.clock.set(firstWorkingDay);
    await world.publish();
    expect(await noticeOf('NEW')).toEqual({ year: 2021, batch: 1, publishedOn: '2021-01-04' });
    expect(await countersOf('hr-bureau/lucheng')).toEqual({ y2020: 1, y2021: 1 });
  });

  test('a number taken in the old year stays, when a crash lets its notice go up in the new one', async () => {
    await approve('OLD');
    expect(await world.crashAt(1, 'after', world.publish)).toBe(true);
    await approve('NEW');
    world.clock.set(firstWorkingDay);
    await world.publish();
    expect(await noticeOf('OLD')).toEqual({ year: 2020, batch: 1, publishedOn: '2021-01-04' });
    expect(await noticeOf('NEW')).toEqual({ year: 2021, batch: 1, publishedOn: '2021-01-04' });
    expect(await countersOf('hr-bureau/lucheng')).toEqual({ y2020: 1, y2021: 1 });
  });
});
