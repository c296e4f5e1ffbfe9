import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { balanceKey, escrowKey } from '../../shared/aws/entitlement-keys.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import { decideObjection } from '../../shared/publicity/decide-objection.ts';
import { lodgeObjection } from '../../shared/publicity/lodge-objection.ts';
import { readDocument } from '../../shared/publicity/notice-document.ts';
import type { ObjectionBody } from '../../shared/publicity/objection.ts';
import { type ApprovedClaim, claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { seedAccount } from '../support/cleared-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { officerLin, officerOfOuhai, officerZhou } from '../support/people.ts';

const published = '2021-12-13T00:30:00Z';
const lastMillisecond = '2021-12-20T15:59:59.999Z';
const midnight = '2021-12-20T16:00:00.000Z';
const nightly = '2021-12-20T16:05:00.000Z';

const reason = '该单位所报学员中有人并未参加培训，请核实签到表。';
let request = 0;

describe('objections and the end of a notice', { timeout: 120_000 }, () => {
  let world: NoticeWorld;
  let series = 0;
  beforeAll(async () => {
    world = await openNoticeWorld(published);
    await seedAccount(world.table, 'lucheng', 0, 100_000_000);
  });
  afterAll(async () => world.engine.stop());

  /** Publishes claims as a notice of their own; gives it and the claims' ids in the order of the rows. */
  const run = async (...claims: Partial<ApprovedClaim>[]) => {
    series += 1;
    const authority = 'hr-bureau/lucheng';
    const programme = (['project', 'pre-job', 'apprenticeship', 'entrepreneurship'] as const)[series % 4] ?? 'project';
    world.clock.set(published);
    const ids: string[] = [];
    for (const [index, claim] of claims.entries())
      ids.push(
        await seedApprovedClaim(world.table, {
          id: claimId(`S${series}N${index}`),
          authority,
          programme,
          name: `S${series}N${index}公司`,
          lines: [{ fen: 300 }, { fen: 400 }],
          ...claim,
        }),
      );
    expect(await world.publish()).toMatchObject({ failed: 0 });
    const noticeId = (await world.claimState(ids[0] ?? '')).noticeId ?? '';
    return { noticeId, ids, id: ids[0] ?? '' };
  };

  const object = async (noticeId: string, body: Partial<ObjectionBody> = {}) => {
    request += 1;
    return lodgeObjection(
      world.lodging,
      noticeId,
      { rowNo: 1, by: { kind: 'anonymous' }, reason, ...body },
      { creationId: `R${String(request).padStart(25, '0')}`, source: `198.51.100.${request % 250}` },
    );
  };

  const decide = (objectionId: string, body: Parameters<typeof decideObjection>[3], who = officerLin) =>
    decideObjection(world.deps, who, objectionId, body);

  const dismissed = { result: 'dismissed', reason: '经核对签到表和视频，学员均已参训' } as const;
  const upheld = { result: 'upheld', reason: '经核对签到表，所报学员未参训' } as const;

  const pot = async () => {
    const { Item } = await world.table.client.send(
      new GetCommand({ TableName: world.table.name, Key: balanceKey('lucheng'), ConsistentRead: true }),
    );
    return { available: Number(Item?.['available']), escrow: Number(Item?.['escrow']) };
  };

  const openEscrow = async (id: string) => {
    const { Item } = await world.table.client.send(
      new GetCommand({ TableName: world.table.name, Key: escrowKey(id), ConsistentRead: true }),
    );
    return Item?.['openFen'];
  };

  const quota = async (id: string, lineNo: number) => {
    const { Item } = await world.table.client.send(
      new GetCommand({ TableName: world.table.name, Key: quotaKey(`person-${id}-${lineNo}`, 2021) }),
    );
    return Item?.['lines'];
  };

  test('objections are taken until the last millisecond of the last day, and not at midnight', async () => {
    const { noticeId, id } = await run({});
    world.clock.set(lastMillisecond);
    const { receiptNumber } = await object(noticeId);
    expect(receiptNumber).toMatch(/^[0-9A-Z]{26}$/);
    expect((await world.claimState(id)).openObjections).toBe(1);
    world.clock.set(midnight);
    await expect(object(noticeId)).rejects.toMatchObject({ code: 'state-not-permitted' });
    expect((await world.claimState(id)).openObjections).toBe(1);
  });

  test('nothing is cleared a millisecond before midnight, everything without objection at midnight', async () => {
    const { noticeId, ids } = await run({}, {}, { lines: [{ fen: 5 }, { refusedBy: 'age.working' }] });
    await object(noticeId, { rowNo: 2 });
    world.clock.set(lastMillisecond);
    await world.close();
    expect((await world.claimState(ids[0] ?? '')).st).toBe('publicised');
    world.clock.set(midnight);
    expect(await world.close()).toMatchObject({ failed: 0 });
    const [first = '', second = '', third = ''] = ids;
    expect(await world.claimState(first)).toMatchObject({ st: 'cleared', openObjections: 0 });
    expect(await world.lineStates(first)).toEqual(['cleared', 'cleared']);
    expect(await world.claimState(second)).toMatchObject({ st: 'publicised', openObjections: 1 });
    expect(await world.lineStates(second)).toEqual(['held', 'held']);
    expect(await world.lineStates(third)).toEqual(['cleared', 'refused']);
    expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'closed' });
    expect(world.files.get(`notices/${noticeId}.html`)).toContain('公示已结束');
  });

  test('whoever approved the claim may uphold an objection to it, not dismiss it; the write says so too', async () => {
    const { noticeId, id } = await run({});
    const [first, second] = [await object(noticeId), await object(noticeId)];
    const approver = { ...officerZhou, subject: 'zhou' };
    expect((await world.claimState(id)).approvedBy?.subject).toBe('zhou');
    await expect(decide(first.id, dismissed, approver)).rejects.toMatchObject({ code: 'state-not-permitted' });
    const stored = await world.deps.objections.find(first.id);
    if (stored === undefined) throw new Error('no objection');
    const by = { subject: 'zhou', tenant: approver.tenant, role: 'officer', name: '' };
    const decision = { ...dismissed, by, at: published };
    await expect(world.deps.objections.decide(stored, decision)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect((await world.deps.objections.find(first.id))?.st).toBe('open');
    // The endorser may: two officers are enough for a bureau.
    expect((await world.claimState(id)).endorsedBy?.subject).toBe('lin');
    expect(await decide(first.id, dismissed, { ...officerLin, subject: 'lin' })).toMatchObject({ st: 'dismissed' });
    expect(await decide(second.id, upheld, approver)).toMatchObject({ st: 'upheld' });
  });

  test('an open objection waits on the worklist at its due time, until it is decided', async () => {
    const { noticeId } = await run({});
    const [one, other] = [await object(noticeId), await object(noticeId)];
    const waiting = async (st: string) => {
      const { Items = [] } = await world.table.client.send(
        new QueryCommand({
          TableName: world.table.name,
          IndexName: 'worklist',
          KeyConditionExpression: 'wpk = :w',
          ExpressionAttributeValues: { ':w': `W#objection#${st}#0` },
        }),
      );
      return Items.filter(({ pk }) => pk === `NOTICE#${noticeId}`).map(({ sk, wsk }) => [sk, wsk]);
    };
    const due = '2021-12-20T16:00:00.000Z';
    const key = ({ id }: { id: string }) => [`OBJECTION#${id}`, due];
    expect(new Set(await waiting('open'))).toEqual(new Set([key(one), key(other)]));
    await decide(one.id, dismissed);
    expect([await waiting('open'), await waiting('deciding')]).toEqual([[key(other)], []]);
    await decide(other.id, upheld);
    expect([await waiting('open'), await waiting('deciding')]).toEqual([[], []]);
  });

  test('a dismissed objection lets payment go on: at once when the notice is over, else when it ends', async () => {
    const late = await run({});
    const objection = await object(late.noticeId);
    world.clock.set(nightly);
    await world.close();
    expect(await world.lineStates(late.id)).toEqual(['held', 'held']);
    expect(await decide(objection.id, dismissed)).toMatchObject({ st: 'dismissed' });
    expect(await world.claimState(late.id)).toMatchObject({ st: 'cleared', openObjections: 0 });
    expect(await world.lineStates(late.id)).toEqual(['cleared', 'cleared']);
    await world.close();
    expect(await world.deps.notices.find(late.noticeId)).toMatchObject({ st: 'archived' });

    const early = await run({});
    const second = await object(early.noticeId);
    await decide(second.id, dismissed);
    expect(await world.claimState(early.id)).toMatchObject({ st: 'publicised', openObjections: 0 });
    expect(await world.lineStates(early.id)).toEqual(['publicised', 'publicised']);
    world.clock.set(nightly);
    await world.close();
    expect((await world.claimState(early.id)).st).toBe('cleared');
  });

  test('an upheld objection cancels the row: quota, locks and money are given back, the claim is refused', async () => {
    const { noticeId, id } = await run({});
    const objection = await object(noticeId, { by: { kind: 'named', name: '郑某', contact: '13800000000' } });
    const before = await pot();
    expect(await decide(objection.id, { ...upheld, reply: '感谢监督' })).toMatchObject({
      st: 'upheld',
      decision: { result: 'upheld', reply: '感谢监督', by: { subject: 'o-lin' } },
    });
    expect(await world.claimState(id)).toMatchObject({ st: 'refused', openObjections: 0 });
    expect(await world.lineStates(id)).toEqual(['released', 'released']);
    expect(await quota(id, 1)).toBeUndefined();
    expect(await openEscrow(id)).toBe(0);
    const after = await pot();
    expect(after.available - before.available).toBe(700);
    expect(before.escrow - after.escrow).toBe(700);
    world.clock.set(nightly);
    await world.close();
    expect((await world.claimState(id)).st).toBe('refused');
    expect(await world.chainFaults(id, 'META', await world.claimState(id))).toEqual([]);
  });

  test('an upheld objection may cancel some lines only; the rest is paid', async () => {
    const { noticeId, id } = await run({});
    const objection = await object(noticeId);
    world.clock.set(nightly);
    await world.close();
    await expect(decide(objection.id, { ...upheld, lines: ['L9'] })).rejects.toMatchObject({
      code: 'validation-failed',
      problems: [{ path: 'body.lines[0]' }],
    });
    await decide(objection.id, { ...upheld, lines: ['L2'] });
    expect(await world.lineStates(id)).toEqual(['cleared', 'released']);
    expect(await world.claimState(id)).toMatchObject({ st: 'cleared', openObjections: 0 });
    expect(await openEscrow(id)).toBe(300);
    expect(await quota(id, 1)).toEqual(new Set([`${id}#0001`]));
  });

  test('a second objection keeps the claim held after the first is dismissed', async () => {
    const { noticeId, id } = await run({});
    const [first, second] = [await object(noticeId), await object(noticeId)];
    expect((await world.claimState(id)).openObjections).toBe(2);
    world.clock.set(nightly);
    await world.close();
    await decide(first.id, dismissed);
    expect(await world.claimState(id)).toMatchObject({ st: 'publicised', openObjections: 1 });
    expect(await world.lineStates(id)).toEqual(['held', 'held']);
    await decide(second.id, upheld);
    expect(await world.claimState(id)).toMatchObject({ st: 'refused', openObjections: 0 });
  });

  test('two officers who together cancel every line leave nothing to pay', async () => {
    const { noticeId, id } = await run({});
    const [first, second] = [await object(noticeId), await object(noticeId)];
    await Promise.all([
      decide(first.id, { ...upheld, lines: ['L1'] }),
      decide(second.id, { ...upheld, lines: ['L2'] }, officerZhou),
    ]);
    world.clock.set(nightly);
    await world.close();
    expect(await world.lineStates(id)).toEqual(['released', 'released']);
    expect(await world.claimState(id)).toMatchObject({ st: 'refused', openObjections: 0 });
    expect(await openEscrow(id)).toBe(0);
  });

  test('an objection is decided once, by its own authority', async () => {
    const { noticeId, id } = await run({});
    const objection = await object(noticeId);
    await expect(decide(objection.id, dismissed, officerOfOuhai)).rejects.toMatchObject({ code: 'not-found' });
    const results = await Promise.allSettled([
      decide(objection.id, dismissed, officerLin),
      decide(objection.id, upheld, officerZhou),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = results.find(({ status }) => status === 'rejected');
    expect(['changed-meanwhile', 'state-not-permitted']).toContain(
      lost?.status === 'rejected' ? lost.reason.code : undefined,
    );
    await expect(decide(objection.id, dismissed)).rejects.toMatchObject({ code: 'state-not-permitted' });
    expect((await world.claimState(id)).openObjections).toBe(0);
    const stored = await world.deps.objections.find(objection.id);
    if (stored === undefined) throw new Error('no objection');
    expect(stored.version).toBe(3);
    expect(await world.chainFaults(noticeId, `OBJECTION#${objection.id}`, stored)).toEqual([]);
  });

  test('an objection on the last millisecond races the closing job: it is held, or it was refused', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { noticeId, id } = await run({});
      // The request was let in before midnight; the job begins at midnight while it is still under way.
      const clock = { now: () => new Date(lastMillisecond) };
      const lodging = lodgeObjection(
        { ...world.lodging, clock },
        noticeId,
        { rowNo: 1, by: { kind: 'anonymous' }, reason },
        { creationId: `RACE${round}`.padEnd(26, 'X'), source: `192.0.2.${round}` },
      );
      world.clock.set(midnight);
      const [objection] = await Promise.allSettled([lodging, world.close()]);
      await world.close();
      const outcome = objection.status === 'fulfilled' ? 'taken' : (objection.reason as { code: string }).code;
      const { st, openObjections } = await world.claimState(id);
      expect([
        ['taken', 'publicised', 1, 'held', 'held'],
        ['state-not-permitted', 'cleared', 0, 'cleared', 'cleared'],
      ]).toContainEqual([outcome, st, openObjections, ...(await world.lineStates(id))]);
    }
  });

  test('the personal annex goes when its days are over, also while an objection is open; the totals stay', async () => {
    const personal = {
      programme: 'qualification',
      route: 'individual',
      lines: [{ fen: 500, name: '王小明' }],
    } as const;
    const { noticeId, ids } = await run(personal, { ...personal, id: claimId('PERSONTWO') });
    const objection = await object(noticeId, { rowNo: 2 });
    world.clock.set(nightly);
    await world.close();
    const json = () => readDocument(world.files.get(`notices/${noticeId}.json`) ?? '');
    world.clock.set('2022-01-19T15:59:00Z');
    await world.close();
    expect(json().annexes[0]?.rows).toHaveLength(2);
    world.clock.set('2022-01-19T16:05:00Z');
    await world.close();
    expect(json().annexes[0]).toMatchObject({
      rows: [],
      removedOn: '2022-01-20',
      totals: { rows: 2, amountFen: 1000 },
    });
    expect(world.files.get(`notices/${noticeId}.html`)).not.toContain('王*明');
    expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'closed', annexRemovedOn: '2022-01-20' });
    await decide(objection.id, dismissed);
    await world.close();
    expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'archived' });
    for (const id of ids) expect((await world.claimState(id)).st).toBe('cleared');
  });

  test.each(['before', 'after'] as const)(
    'closing: a crash %s each write, then a run to the end: exact',
    async (when) => {
      let died = true;
      let at = 0;
      while (died) {
        at += 1;
        const { noticeId, ids } = await run({}, {});
        await object(noticeId, { rowNo: 2 });
        world.clock.set(nightly);
        died = await world.crashAt(at, when, world.close);
        expect(await world.close()).toMatchObject({ failed: 0 });
        const [clear = '', held = ''] = ids;
        expect(await world.lineStates(clear)).toEqual(['cleared', 'cleared']);
        expect(await world.claimState(clear)).toMatchObject({ st: 'cleared' });
        expect(await world.lineStates(held)).toEqual(['held', 'held']);
        expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'closed' });
        expect(await world.chainFaults(clear, 'META', await world.claimState(clear))).toEqual([]);
        // Let the next round have the jobs to itself.
        const open = await world.deps.objections.list('hr-bureau/lucheng', 'open', undefined);
        for (const { id } of open.objections) await decide(id, dismissed);
        await world.close();
      }
      expect(at).toBeGreaterThan(4);
    },
  );

  test.each(['before', 'after'] as const)(
    'deciding: a crash %s each write, then anybody finishes it: exact',
    async (when) => {
      let died = true;
      let at = 0;
      while (died) {
        at += 1;
        const { noticeId, id } = await run({});
        const objection = await object(noticeId);
        world.clock.set(nightly);
        await world.close();
        const before = await pot();
        const refused: unknown[] = [];
        died = await world.crashAt(at, when, () => decide(objection.id, { ...upheld, lines: ['L2'] }));
        const stored = await world.deps.objections.find(objection.id);
        // Before the first write nothing was decided; after it the nightly job or the same officer goes on.
        if (stored?.st === 'open' || at % 2 === 0)
          await decide(objection.id, { ...upheld, lines: ['L2'] }).catch((error: unknown) => refused.push(error));
        expect(await world.close()).toMatchObject({ failed: 0 });
        expect(await world.deps.objections.find(objection.id)).toMatchObject({ st: 'upheld' });
        expect(await world.lineStates(id)).toEqual(['cleared', 'released']);
        expect(await world.claimState(id)).toMatchObject({ st: 'cleared', openObjections: 0 });
        expect(await openEscrow(id)).toBe(300);
        expect((await pot()).available - before.available).toBe(400);
        // Refused only where everything had been written before the crash.
        for (const error of refused) expect(error).toMatchObject({ code: 'state-not-permitted' });
      }
      expect(at).toBeGreaterThan(4);
    },
  );
});
