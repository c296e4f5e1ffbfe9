import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHandler as createCloseHandler } from '../../functions/close-notices/handler.ts';
import { createHandler as createPublishHandler } from '../../functions/publish-notices/handler.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { type RecordedEdge, recordedEdge } from '../support/http.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { identityNumber } from '../support/people.ts';

describe('the notice jobs as scheduled functions', () => {
  let world: NoticeWorld;
  let edge: RecordedEdge;
  beforeEach(async () => {
    world = await openNoticeWorld('2021-12-13T00:30:00Z');
    edge = recordedEdge(createIdempotencyTable(world.table), world.clock);
    return () => world.engine.stop();
  });

  const counted = (name: string) => edge.counted.filter((metric) => metric.name === name).length;
  const run = async (create: typeof createPublishHandler | typeof createCloseHandler) =>
    create(world.deps, edge)({}, {} as Context);

  test('a run that got through beats, counts its notices, and logs ids only', async () => {
    await seedApprovedClaim(world.table, { id: claimId('A'), name: '甲公司', lines: [{ fen: 5, name: '王小明' }] });
    expect(await run(createPublishHandler)).toEqual({ count: 1, failed: 0 });
    expect([counted('NoticesPublished'), counted('NoticeHeartbeat')]).toEqual([1, 1]);
    world.clock.set('2021-12-20T16:05:00Z');
    expect(await run(createCloseHandler)).toEqual({ count: 1, failed: 0 });
    expect([counted('NoticesClosed'), counted('NoticeHeartbeat')]).toEqual([1, 2]);
    expect(JSON.stringify(edge.logged)).not.toMatch(/甲公司|王小明/);
  });

  test('a claim that waits for a person is counted apart, and the run beats', async () => {
    const name = `甲${identityNumber('19850312', 113)}`;
    await seedApprovedClaim(world.table, { id: claimId('A'), name, lines: [{ fen: 5 }] });
    expect(await run(createPublishHandler)).toEqual({ count: 0, failed: 0 });
    const names = ['UnmaskedIdentityFound', 'ClaimsLeftOutOfNotices', 'NoticeHeartbeat'];
    expect(names.map(counted)).toEqual([1, 1, 1]);
    expect(edge.logged).toContainEqual({
      event: 'claim-left-out-of-notice',
      fields: expect.objectContaining({ claimId: claimId('A') }),
    });
    expect(JSON.stringify(edge.logged)).not.toContain(name.slice(1));
  });

  test('a run that left something undone stays silent, so that the alarm sounds', async () => {
    await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 5 }] });
    world.clock.set('2026-12-29T00:30:00Z');
    expect(await run(createPublishHandler)).toEqual({ count: 0, failed: 1 });
    expect(counted('NoticeHeartbeat')).toBe(0);
    expect(edge.logged).toContainEqual({ event: 'notice-work-failed', fields: expect.anything() });
  });
});
