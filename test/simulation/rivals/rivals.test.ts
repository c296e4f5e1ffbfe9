import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalCloud, startCloud } from '../../../local/cloud.ts';
import { finance, firstOfficer, secondOfficer } from '../../../local/sample/people.ts';
import type { Json } from '../../../local/sample/sample-api.ts';
import { shanghai } from '../../../local/sample/waiting.ts';
import { synthesize } from '../../../local/startup/synthesis.ts';
import { itemsOfCloud } from '../cloud-table.ts';
import { violations } from '../invariants.ts';
import { count, type Raw } from '../snapshot.ts';
import { allowedAwards } from './crowd.ts';
import { allAtOnce, type Contest, contestSize, openContest, type Request, type RivalClaim } from './rival-claims.ts';

const size = contestSize(process.env['JIPEI_RIVALS']);
const seed = 20_210_510;
const officers = [firstOfficer, secondOfficer, { ...firstOfficer, sub: 'pan', name: '潘科员' }];
const minutes = 60_000;

describe(`${size.claims} claims that name the same ${size.people} people, everything asked at once and twice`, () => {
  let cloud: LocalCloud;
  let contest: Contest;
  let items: Raw[] = [];
  beforeAll(async () => {
    const { assembly } = await synthesize(join(import.meta.dirname, '../../..'));
    cloud = await startCloud({ assembly, clock: { startAt: shanghai('2021-05-10T09:00') }, throttling: false });
    contest = await openContest(cloud, { seed, ...size });
  }, 10 * minutes);
  afterAll(async () => cloud.stop(), 2 * minutes);

  /** At rest the whole table is held to the invariants. */
  const rest = async (): Promise<void> => {
    items = await itemsOfCloud(cloud);
    expect(violations(items, { isQuiet: true })).toEqual([]);
  };
  const advance = async (local: string): Promise<void> => {
    await cloud.clock.advance({ to: shanghai(local) });
    await rest();
  };
  const metas = (): Raw[] => items.filter(({ pk, sk }) => sk === 'META' && String(pk).startsWith('CLAIM#'));
  const linesIn = (st: string): Raw[] =>
    items.filter((item) => String(item['sk']).startsWith('LINE#') && item['st'] === st);
  const claimsIn = (...states: string[]): RivalClaim[] => {
    const ids = new Set(metas().flatMap((claim) => (states.includes(String(claim['st'])) ? [claim['id']] : [])));
    return contest.claims.filter(({ id }) => ids.has(id));
  };
  const versionOf = (claimId: string): number => count(metas().find(({ id }) => id === claimId) ?? {}, 'version');
  const sum = (wanted: readonly Raw[], name: string): number =>
    wanted.reduce((all, item) => all + count(item, name), 0);
  const balance = (): Raw => items.find(({ sk }) => sk === 'BALANCE') ?? {};
  const statusesOf = async (requests: readonly Request[], times: number) =>
    (await allAtOnce(contest, requests, times)).map(({ statuses }) => statuses);
  const each = (one: readonly number[], times: number): number[][] => Array.from({ length: times }, () => [...one]);
  /** By every officer at once, each of them twice; one of all is taken at its word. */
  const byAll = async (claims: readonly RivalClaim[], step: string) => {
    const asked = claims.flatMap(({ id }) =>
      officers.map((person) => ({ person, route: `POST /claims/${id}/${step}`, body: { version: versionOf(id) } })),
    );
    const told = await statusesOf(asked, 2);
    return claims.map((_, at) =>
      told
        .slice(at * officers.length, (at + 1) * officers.length)
        .flat()
        .toSorted((a, b) => a - b),
    );
  };

  test('handed in: exactly the allowed lines are granted, and no claim is left behind', {
    timeout: 20 * minutes,
  }, async () => {
    cloud.faults.deliveries({ channel: 'stream', action: 'drop', times: 3 });
    cloud.faults.deliveries({ channel: 'stream', action: 'duplicate', times: size.claims });
    cloud.faults.deliveries({ channel: 'queue', action: 'duplicate', times: 2 * size.claims });
    const handedIn = contest.claims.map(({ id, rival }) => ({
      person: rival.person,
      route: `POST /claims/${id}/submission`,
    }));
    expect(await statusesOf(handedIn, 2)).toEqual(each([200, 409], size.claims));
    items = await itemsOfCloud(cloud);
    expect(violations(items, { isQuiet: false })).toEqual([]);
    // Nobody was told of these: the sweep finds them by their state.
    expect(claimsIn('submitted').length).toBeGreaterThan(0);
    cloud.faults.clear();
    await advance('2021-05-10T10:00');
    expect(linesIn('reserved')).toHaveLength(allowedAwards(size.claims, size.people));
    expect(linesIn('refused')).toHaveLength(size.claims * (size.people + 1) - allowedAwards(size.claims, size.people));
    expect(claimsIn('assessed')).toHaveLength(size.claims);
  });

  test('endorsed and approved: one officer each, never the same; money for some, the others wait in order', {
    timeout: 20 * minutes,
  }, async () => {
    const once = [200, ...Array.from({ length: 2 * officers.length - 1 }, () => 409)];
    expect(await byAll(claimsIn('assessed'), 'endorsement')).toEqual(each(once, size.claims));
    await rest();
    const asked = sum(metas(), 'reservedFen');
    const first = { fen: Math.floor(asked / 2), reference: '温财社〔2021〕5号', reason: '第一批' };
    const allot = async (body: object) =>
      statusesOf([{ person: finance, route: 'POST /funds/lucheng/allotments', body }], 3);
    expect(await allot(first)).toEqual([[201, 201, 201]]);
    expect(await byAll(claimsIn('endorsed'), 'approval')).toEqual(each(once, size.claims));
    await rest();
    expect(claimsIn('waiting-for-funds').length).toBeGreaterThan(0);
    expect(claimsIn('approved').length).toBeGreaterThan(0);
    expect(count(balance(), 'allotted')).toBe(first.fen);
    const second = { fen: asked - first.fen + 100, reference: '温财社〔2021〕6号', reason: '第二批' };
    expect(await allot(second)).toEqual([[201, 201, 201]]);
    await rest();
    expect(claimsIn('approved')).toHaveLength(size.claims);
    expect(balance()).toMatchObject({ available: 100, escrow: asked, waiting: 0 });
  });

  test('publicised and objected to: two officers decide against each other, one word counts', {
    timeout: 20 * minutes,
  }, async () => {
    await advance('2021-05-11T08:31');
    expect(claimsIn('publicised')).toHaveLength(size.claims);
    const disputed = claimsIn('publicised').slice(0, 4);
    const [notice] = items.filter(({ pk, sk }) => sk === 'META' && String(pk).startsWith('NOTICE#'));
    const rows: Json[] = (
      await contest.api.good(undefined, `GET /notices/${String(notice?.['id'])}/data`)
    ).annexes.flatMap((annex: Json) => annex.rows);
    for (const { id } of disputed) {
      await contest.api.good(undefined, `POST /notices/${String(notice?.['id'])}/objections`, {
        rowNo: rows.find(({ reference }) => id.endsWith(reference)).rowNo,
        by: { kind: 'anonymous' },
        reason: '据了解该单位有学员并未参加考核，请予核实。',
      });
    }
    const { objections } = await contest.api.good(firstOfficer, 'GET /desk/objections?state=open');
    expect(objections).toHaveLength(disputed.length);
    const decided = await allAtOnce(
      contest,
      objections.flatMap(({ id }: Json) => [
        {
          person: firstOfficer,
          route: `POST /objections/${id}/decision`,
          body: { result: 'upheld', reason: '经核查属实' },
        },
        {
          person: secondOfficer,
          route: `POST /objections/${id}/decision`,
          body: { result: 'dismissed', reason: '经核查不属实' },
        },
      ]),
      2,
    );
    for (const [at] of disputed.entries()) {
      const [yes, no] = [decided[2 * at], decided[2 * at + 1]];
      const isGood = (status: number) => status === 200;
      // The same decision by the same officer is carried out once, and said twice where its first answer was late.
      expect(yes?.statuses.some(isGood)).toBe(no?.statuses.every((status) => !isGood(status)));
      expect(
        [...(yes?.statuses ?? []), ...(no?.statuses ?? [])].filter((status) => !isGood(status) && status !== 409),
      ).toEqual([]);
    }
    await rest();
    await advance('2021-05-19T00:06');
    const upheld = items.filter((item) => String(item['sk']).startsWith('OBJECTION#') && item['st'] === 'upheld');
    expect(claimsIn('refused')).toHaveLength(upheld.length);
    expect(claimsIn('cleared')).toHaveLength(size.claims - upheld.length);
  });

  test('paid: every claim by one transfer, whatever is opened, read back and applied for twice', {
    timeout: 20 * minutes,
  }, async () => {
    const due = claimsIn('cleared');
    const order = { account: 'lucheng', payee: 'applicant' };
    const pay = async () => {
      const [opened] = await allAtOnce(contest, [{ person: finance, route: 'POST /payment-batches', body: order }], 3);
      await rest();
      return opened?.bodies.map(({ id }) => String(id)) ?? [];
    };
    const transfersOf = (batches: readonly string[], st: string): Raw[] =>
      items.filter(
        ({ pk, sk, st: now }) =>
          String(sk).startsWith('TRANSFER#') && now === st && batches.includes(String(pk).slice('BATCH#'.length)),
      );
    /** The bank's word on every transfer in a state, read back by three people at once. */
    const readBack = async (batches: readonly string[], st: string, word: (at: number) => string) => {
      const transfers = contest.order.shuffled(transfersOf(batches, st));
      const rows = transfers.map(({ reference }, at) => `${String(reference)},${word(at)},BANK${String(reference)},`);
      const files = batches.map((id) => {
        const own = transfers.flatMap(({ pk }, at) => (pk === `BATCH#${id}` ? [rows[at]] : []));
        return { id, file: ['转账编号,结果,银行流水号,原因', ...own].join('\n'), isEmpty: own.length === 0 };
      });
      const told = await statusesOf(
        files.flatMap(({ id, file, isEmpty }) =>
          isEmpty ? [] : [{ person: finance, route: `POST /payment-batches/${id}/receipts`, body: { file } }],
        ),
        3,
      );
      // Whoever lost a race is told so, and reads the file again; nobody is told an error.
      expect(told.flat().filter((status) => status !== 200 && status !== 409)).toEqual([]);
      for (const { id, file, isEmpty } of files)
        if (!isEmpty) await contest.api.good(finance, `POST /payment-batches/${id}/receipts`, { file });
      await rest();
    };

    const batches = await pay();
    expect(new Set(batches).size).toBe(3);
    expect(transfersOf(batches, 'prepared')).toHaveLength(due.length);
    await readBack(batches, 'prepared', (at) => ['成功', '退回', '未知'][at % 3] ?? '');
    const [paid, bounced, unknown] = ['paid', 'bounced', 'unknown'].map((st) => transfersOf(batches, st).length);
    expect([paid, bounced, unknown].map((n) => (n ?? 0) > 0)).toEqual([0, 1, 2].map((at) => at < due.length));
    await readBack(batches, 'unknown', () => '成功');
    const again = contest.claims.filter(({ id }) => linesIn('bounced').some(({ claimId }) => claimId === id));
    expect(again).toHaveLength(bounced ?? 0);
    const applied = await statusesOf(
      again.map(({ id, rival }) => ({
        person: rival.person,
        route: `POST /claims/${id}/payment-reapplication`,
        body: {},
      })),
      2,
    );
    for (const statuses of applied) expect(statuses[0]).toBe(200);
    await rest();
    expect(claimsIn('cleared')).toHaveLength(again.length);
    const further = await pay();
    expect(transfersOf(further, 'prepared')).toHaveLength(again.length);
    await readBack(further, 'prepared', () => '成功');
    expect(claimsIn('paid')).toHaveLength(due.length);
    expect(count(balance(), 'paid')).toBe(
      sum(
        metas().filter(({ st }) => st === 'paid'),
        'approvedFen',
      ),
    );
    expect(balance()).toMatchObject({ escrow: 0, recovered: 0 });
  });
});
