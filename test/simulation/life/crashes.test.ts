import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../../shared/access/principal.ts';
import { createWorklistTable } from '../../../shared/aws/worklist-table.ts';
import type { RosterLine } from '../../../shared/claims/line-record.ts';
import { resumeWaitingClaims } from '../../../shared/claims/resume-waiting-claims.ts';
import { correctNotice } from '../../../shared/publicity/correct-notice.ts';
import { lodgeObjection } from '../../../shared/publicity/lodge-objection.ts';
import { sweepWork } from '../../../shared/worklist/sweep-work.ts';
import { certifiedLine } from '../../support/claim-world.ts';
import { enterprise, finance, officerLin, officerZhou } from '../../support/people.ts';
import { violations } from '../invariants.ts';
import { type LifeWorld, openLifeWorld } from './life-world.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** What somebody asks for; the same key every time that it is asked again. */
type Ask = (key: string) => Promise<{ status: number }>;

/** Something that one person or worker does to one claim. */
interface Errand {
  what: string;
  /** Brings a claim to where the errand begins; gives how it is asked for. */
  start(): Promise<{ claimId: string; ask: Ask }>;
  /** Where the claim may stand before, and where it must stand in the end, with its lines. */
  from: string;
  to: string;
  lines: readonly string[];
}

/*
 * Whoever does something on the way to the notice dies after each of its writes; to die before one is to die after the
 * one before it, and before the first nothing has come about. Then either the schedules come first and the client asks
 * again later, or the client asks again at once.
 */
describe('a process that dies on the way to the notice', { timeout: 600_000 }, () => {
  let world: LifeWorld;
  let people = 0;
  let references = 0;
  beforeAll(async () => {
    world = await openLifeWorld();
  });
  afterAll(async () => world.stop());

  const line = (more: Partial<RosterLine> = {}): RosterLine => {
    people += 1;
    return { ...certifiedLine(people), ...more };
  };
  const toBeReferred = { status: { hukouDistrict: 'lucheng' } } as const;
  const enoughFor = async (fen: number) => {
    references += 1;
    const answer = await world.allot('lucheng', fen, `温财社〔2021〕${references}号`);
    expect(answer.status).toBe(201);
  };

  /** Sweeps twice, with the worker and the jobs behind it; nobody asks for anything. */
  const schedules = async (): Promise<void> => {
    const { approvals } = world.deps;
    const { clock } = world;
    for (let round = 0; round < 2; round += 1) {
      clock.advance(11 * minuteMs);
      const swept = await sweepWork({
        worklist: createWorklistTable(world.table),
        queues: {
          send: async (_, messages) => {
            await world.deliver(...messages.map((message) => JSON.stringify(message)));
          },
        },
        chores: [{ name: 'funds', run: async () => resumeWaitingClaims({ approvals, clock }, 'lucheng') }],
        clock,
      });
      expect(swept.failures).toEqual([]);
      await world.finish();
    }
  };

  /** An officer's word, by the version that he read as he began: a repetition says the same. */
  const atDesk = async (as: Principal, route: string, claimId: string, word: object): Promise<Ask> => {
    const body = await world.asRead(claimId, word);
    return async (key) => world.atDesk(as, route, { path: { claimId }, body, key });
  };
  const byApplicant =
    (route: string, claimId: string, body: object): Ask =>
    async (key) =>
      world.asApplicant(enterprise, route, { path: { claimId }, body, key });
  const byWorker =
    (claimId: string): Ask =>
    async () => ({ status: (await world.deliver(JSON.stringify({ claimId }))).length === 0 ? 200 : 500 });
  /** What answers by an error: told as a status, for the client has none. */
  const told = async (work: Promise<unknown>) =>
    work.then(
      () => ({ status: 200 }),
      (error: Error & { code?: string }) => ({ status: error.code === undefined ? 500 : 409 }),
    );

  const reasons = [{ path: '花名册', message: '请核对后重新提交' }];
  const returned = async (): Promise<string> => {
    const id = await world.assessed([line(), line()]);
    const ask = await atDesk(officerLin, 'POST /claims/{claimId}/return', id, { reasons });
    await ask(`return-${id}`);
    return id;
  };
  const publicised = async () => {
    await enoughFor(240_000);
    const id = await world.endorsed([line()]);
    await world.approve(id);
    for (let days = 0; days < 9 && (await world.find(id)).st !== 'publicised'; days += 1) {
      world.clock.advance(dayMs);
      await world.publish();
    }
    const { noticeId = '' } = await world.find(id);
    const notice = await world.publicity.notices.find(noticeId);
    const rows = notice === undefined ? [] : await world.publicity.notices.rows(notice);
    const row = rows.find(({ claimId }) => claimId === id);
    return { claimId: id, noticeId, rowNo: row?.rowNo ?? 0 };
  };

  const errands: readonly Errand[] = [
    {
      what: 'an allotment, on which a claim goes on that waited for funds',
      from: 'waiting-for-funds',
      to: 'approved',
      lines: ['reserved'],
      start: async () => {
        const id = await world.endorsed([line()]);
        await world.approve(id);
        references += 1;
        const body = { fen: 240_000, reference: `温财社追加〔2021〕${references}号`, reason: '追加' };
        const route = 'POST /funds/{account}/allotments';
        const ask: Ask = async (key) => world.askFunds(finance, route, { path: { account: 'lucheng' }, body, key });
        return { claimId: id, ask };
      },
    },
    {
      what: 'the decision of a referred line',
      from: 'assessed',
      to: 'assessed',
      lines: ['reserved'],
      start: async () => {
        const referred = line(toBeReferred);
        const id = await world.assessed([referred]);
        const body = { decision: 'accept', reason: '经核实符合条件' };
        const route = 'POST /claims/{claimId}/lines/{lineId}/decision';
        const ask: Ask = async (key) =>
          world.atDesk(officerLin, route, { path: { claimId: id, lineId: referred.id }, body, key });
        return { claimId: id, ask };
      },
    },
    {
      what: 'an endorsement',
      from: 'assessed',
      to: 'endorsed',
      lines: ['reserved'],
      start: async () => {
        const id = await world.assessed([line()]);
        return { claimId: id, ask: await atDesk(officerLin, 'POST /claims/{claimId}/endorsement', id, {}) };
      },
    },
    {
      what: 'an approval',
      from: 'endorsed',
      to: 'approved',
      lines: ['reserved'],
      start: async () => {
        await enoughFor(240_000);
        const id = await world.endorsed([line()]);
        return { claimId: id, ask: await atDesk(officerZhou, 'POST /claims/{claimId}/approval', id, {}) };
      },
    },
    {
      what: 'a return as incomplete',
      from: 'assessed',
      to: 'returned',
      lines: ['pending', 'pending'],
      start: async () => {
        const id = await world.assessed([line(), line()]);
        return { claimId: id, ask: await atDesk(officerLin, 'POST /claims/{claimId}/return', id, { reasons }) };
      },
    },
    {
      what: 'the reopening of the lines of a returned claim',
      from: 'returned',
      to: 'returned',
      lines: ['pending', 'pending'],
      start: async () => {
        const id = await returned();
        return { claimId: id, ask: byWorker(id) };
      },
    },
    {
      what: 'a second submission',
      from: 'returned',
      to: 'assessed',
      lines: ['reserved', 'reserved'],
      start: async () => {
        const id = await returned();
        await byWorker(id)('no key');
        return { claimId: id, ask: byApplicant('POST /claims/{claimId}/submission', id, {}) };
      },
    },
    {
      what: 'the assessment of the second round, the lines of the first not yet given back',
      from: 'submitted',
      to: 'assessed',
      lines: ['reserved', 'reserved'],
      start: async () => {
        const id = await returned();
        await byApplicant('POST /claims/{claimId}/submission', id, {})(`submit-${id}`);
        return { claimId: id, ask: byWorker(id) };
      },
    },
    {
      what: 'a withdrawal',
      from: 'assessed',
      to: 'withdrawn',
      lines: ['released', 'released'],
      start: async () => {
        const id = await world.assessed([line(), line()]);
        const body = { reason: '不再申请补贴' };
        return { claimId: id, ask: byApplicant('POST /claims/{claimId}/withdrawal', id, body) };
      },
    },
    {
      what: 'the lodging of an objection',
      from: 'publicised',
      to: 'publicised',
      lines: ['publicised'],
      start: async () => {
        const { claimId, noticeId, rowNo } = await publicised();
        const creationId = world.publicity.ids.next();
        const body = { rowNo, by: { kind: 'anonymous' as const }, reason: '据了解有学员并未参加考核，请予核实。' };
        const request = { creationId, source: creationId };
        return { claimId, ask: async () => told(lodgeObjection(world.publicity, noticeId, body, request)) };
      },
    },
    {
      what: 'the correction of a notice',
      from: 'publicised',
      to: 'publicised',
      lines: ['publicised'],
      start: async () => {
        const { claimId, noticeId, rowNo } = await publicised();
        const creationId = world.publicity.ids.next();
        const body = { reason: '单位名称有误', rows: [{ rowNo, unitName: '更正后的单位' }] };
        return {
          claimId,
          ask: async () => told(correctNotice(world.publicity, officerLin, noticeId, body, creationId)),
        };
      },
    },
  ];

  const stateOf = async (claimId: string) => (await world.find(claimId)).st;

  /** Nobody has asked again: the claim stands where it was or where it should be, with nothing in between. */
  const halfWay = async (claimId: string, place: string, states: readonly string[]): Promise<void> => {
    await schedules();
    expect([place, await stateOf(claimId)]).toEqual([place, expect.toBeOneOf([...states])]);
    await world.demandSound(claimId);
  };

  test.each(errands.map((errand) => [errand.what, errand] as const))('%s', async (_, errand) => {
    const { from, to, lines } = errand;
    const deaths = [];
    for (const first of ['schedules', 'client'] as const) {
      let isDead = true;
      for (let n = 1; isDead; n += 1) {
        const place = `${first} first, after write ${n}`;
        const { claimId, ask } = await errand.start();
        expect(await stateOf(claimId)).toBe(from);
        const key = `key-${claimId}`;
        world.dieAt(n);
        await ask(key);
        isDead = world.fault.dead;
        world.dieAt(Number.POSITIVE_INFINITY);
        if (isDead) deaths.push(place);
        if (first === 'schedules') await halfWay(claimId, place, [from, to]);
        // Past the lease that a dead process leaves behind.
        world.clock.advance(2 * minuteMs);
        expect([place, (await ask(key)).status]).toEqual([place, expect.toBeOneOf([200, 201, 409])]);
        await schedules();
        expect([place, await stateOf(claimId), await world.states(claimId)]).toEqual([place, to, lines]);
        await world.demandSound(claimId);
      }
    }
    // Twice each of its writes: of the errand itself, and of the reply that is kept for its repetition.
    expect(deaths.length).toBeGreaterThan(1);
    await schedules();
    expect(violations(await world.scan(), { isQuiet: true })).toEqual([]);
  });
});
