import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { createNoticeTable } from '../../shared/aws/notice-table.ts';
import { startOfBusinessDay } from '../../shared/clock/clock.ts';
import type { NoticeRecord, PublishedNotice } from '../../shared/publicity/notice.ts';
import { noticePeriod } from '../../shared/publicity/notice-period.ts';
import type { NoticeRow } from '../../shared/publicity/notice-row.ts';
import { defaultNoticeSettings } from '../../shared/publicity/notice-settings.ts';
import type { NoticeDraft } from '../../shared/publicity/notice-store.ts';
import { dayAfter } from '../../shared/publicity/working-days.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { openTestTable } from '../support/table.ts';

const settings = defaultNoticeSettings('hr-bureau/lucheng', 5);

describe('notice table', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let store: ReturnType<typeof createNoticeTable>;
  beforeAll(async () => {
    engine = await openTestTable();
    store = createNoticeTable(engine.table);
    await seedApprovedClaim(engine.table, { id: claimId('A'), lines: [{ fen: 1 }] });
    await seedApprovedClaim(engine.table, { id: claimId('B'), lines: [{ fen: 1 }] });
  });
  afterAll(async () => engine.stop());

  const act = (date = '2021-03-01') => ({ by: systemActor('test'), at: startOfBusinessDay(date) });
  const draft = (more: Partial<NoticeDraft> = {}): NoticeDraft => ({
    series: {
      authority: 'hr-bureau/lucheng',
      programme: 'project',
    },
    year: 2021,
    edition: 'wenzhou-2020-58',
    settings,
    candidates: [claimId('A'), claimId('B')],
    mostRows: 1e3,
    ...more,
  });
  const begun = async (more: Partial<NoticeDraft> = {}): Promise<NoticeRecord> => {
    const notice = await store.begin(draft(more), act());
    if (notice === undefined) throw new Error('no notice begun');
    return notice;
  };
  const publish = (notice: NoticeRecord, date: string): Promise<PublishedNotice> => {
    const totals = { units: 1, persons: 0, heads: 1, amountFen: 1 };
    const period = noticePeriod(date, settings.period);
    return store.publish(notice, { period, totals, snapshotHash: 'h', unpublishedRows: [], leftOut: [] }, act(date));
  };

  test('numbers follow each other without a gap, however many ask at once, and one notice is prepared at a time', async () => {
    const series = { authority: 'hr-bureau/numbers', programme: 'project' } as const;
    const numbers: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const asked = await Promise.all(Array.from({ length: 6 }, () => begun({ series })));
      expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
      const [notice] = asked;
      if (notice === undefined) throw new Error('none');
      numbers.push(notice.number.batch);
      await publish(notice, '2021-03-01');
    }
    expect(numbers).toEqual([1, 2, 3, 4, 5]);
    expect((await begun({ series, year: 2022 })).number).toEqual({ year: 2022, batch: 1 });
  });

  test('a claim that another run publishes between the look and the write takes no second number', async () => {
    const series = { authority: 'hr-bureau/between', programme: 'project' } as const;
    const id = claimId('BETWEEN');
    await seedApprovedClaim(engine.table, { id, lines: [{ fen: 1 }] });
    const asked = draft({ series, candidates: [id] });
    let isFirst = true;
    const hook = 'somebody-between';
    engine.client.middlewareStack.add(
      (next, context) => async (args) => {
        const reply = await next(args);
        if (context.commandName !== 'BatchGetItemCommand' || !isFirst) return reply;
        isFirst = false;
        const other = await store.begin(asked, act());
        if (other === undefined) throw new Error('the other run found nothing');
        const write = { UpdateExpression: 'SET st = :p', ExpressionAttributeValues: { ':p': 'publicised' } };
        await engine.table.client.send(
          new UpdateCommand({ TableName: engine.table.name, Key: claimKey(id), ...write }),
        );
        await publish(other, '2021-03-01');
        return reply;
      },
      { step: 'initialize', name: hook },
    );
    try {
      expect(await store.begin(asked, act())).toBeUndefined();
    } finally {
      engine.client.middlewareStack.remove(hook);
    }
    const { notices } = await store.list({ authority: series.authority }, undefined);
    expect(notices.map(({ number }) => number)).toEqual([{ year: 2021, batch: 1 }]);
  });

  test('no number is taken when no candidate waits any more; the rest beyond the most rows waits on', async () => {
    const series = { authority: 'hr-bureau/rows', programme: 'project' } as const;
    expect(await store.begin(draft({ series, candidates: [claimId('GONE')] }), act())).toBeUndefined();
    const notice = await begun({ series, mostRows: 1 });
    expect(notice).toMatchObject({ number: { batch: 1 }, members: [{ claimId: claimId('A') }] });
  });

  test('the table refuses a move that does not start in the state it has', async () => {
    const notice = await begun({ series: { authority: 'hr-bureau/moves', programme: 'project' } });
    const running = await publish(notice, '2021-03-01');
    // A second publication, by a job that read the notice before the first.
    expect(await publish(notice, '2021-03-02')).toMatchObject({ period: { publishedOn: '2021-03-01' }, version: 2 });
    await expect(publish(running, '2021-03-02')).rejects.toMatchObject({ code: 'state-not-permitted' });
    await expect(store.archive(running, act())).rejects.toMatchObject({ code: 'state-not-permitted' });
    const closed = await store.close(running, '2021-04-08', act('2021-03-09'));
    await expect(store.close(running, '2021-04-08', act('2021-03-09'))).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    await store.archive(closed, act('2021-03-09'));
    expect(await store.inState('closed')).toEqual([]);
  });

  test('the first row of a claim and the first proof of a day stay', async () => {
    const row: NoticeRow = { kind: 'unit', unitName: '甲', heads: 1, items: [], amountFen: 1, remark: '' };
    await store.putRow('N1', { claimId: 'C1', rowNo: 1, row });
    await store.putRow('N1', { claimId: 'C1', rowNo: 2, row: { ...row, unitName: '乙' } });
    expect(await store.rows({ id: 'N1' })).toMatchObject([{ rowNo: 1, row: { unitName: '甲' } }]);
    const proof = { date: '2021-03-01', at: '', jsonHash: 'a', htmlHash: 'b', restored: false };
    await store.putProof('N1', proof);
    await store.putProof('N1', { ...proof, jsonHash: 'c' });
    expect(await store.proofs('N1')).toEqual([proof]);
  });

  test('the public list is newest first, pages through everything once, and keeps to its filter', async () => {
    const days = Array.from({ length: 25 }, (_, day) => dayAfter('2020-06-01', day));
    for (const [index, day] of days.entries()) {
      const series = {
        authority: index % 5 === 0 ? 'hr-bureau/ouhai' : 'hr-bureau/list',
        programme: 'pre-job',
      } as const;
      await publish(await begun({ series, year: 2020 }), day);
    }
    const walk = async (filter: Parameters<typeof store.list>[0]) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { notices, next } = await store.list(filter, cursor);
        seen.push(...notices.map(({ period }) => period.publishedOn));
        cursor = next;
      } while (cursor !== undefined);
      return seen;
    };
    const range = { from: '2020-06-01', to: '2020-12-31' };
    expect(await walk(range)).toEqual(days.toReversed());
    expect(await walk({ ...range, authority: 'hr-bureau/ouhai' })).toEqual(
      days.filter((_, index) => index % 5 === 0).toReversed(),
    );
    expect(await walk({ from: '2020-06-10', to: '2020-06-12' })).toEqual(['2020-06-12', '2020-06-11', '2020-06-10']);
    expect(await walk({ ...range, programme: 'project' })).toEqual([]);
    const { next } = await store.list(range, undefined);
    await expect(store.list({ from: '2021-01-01' }, next)).rejects.toMatchObject({ code: 'validation-failed' });
    const forged = Buffer.from('notice#2020-06-10#../../x').toString('base64url');
    await expect(store.list({}, forged)).rejects.toMatchObject({ code: 'validation-failed' });
  });
});
