import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readDocument } from '../../shared/publicity/notice-document.ts';
import { textHash } from '../../shared/publicity/text-hash.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { identityNumber } from '../support/people.ts';

const halfPast8 = '2021-12-13T00:30:00Z';
const person = { programme: 'qualification', route: 'individual' } as const;

describe('publishing notices', () => {
  let world: NoticeWorld;
  beforeEach(async () => {
    world = await openNoticeWorld(halfPast8);
    return () => world.engine.stop();
  });

  const only = async () => {
    const { notices } = await world.deps.notices.list({}, undefined);
    expect(notices).toHaveLength(1);
    const [notice] = notices;
    if (notice === undefined) throw new Error('no notice');
    const json = world.files.get(`notices/${notice.id}.json`) ?? '';
    return { notice, json, document: readDocument(json), html: world.files.get(`notices/${notice.id}.html`) ?? '' };
  };

  test('approved claims of one authority and programme go into one numbered notice with exact totals', async () => {
    const a = await seedApprovedClaim(world.table, {
      id: claimId('A'),
      lines: [...Array.from({ length: 28 }, () => ({ fen: 50_000 })), { refusedBy: 'quota.repeat' }],
    });
    const b = await seedApprovedClaim(world.table, {
      id: claimId('B'),
      name: '浙江瓯江阀门科技股份有限公司',
      lines: [{ fen: 80_000 }, { fen: 80_000 }],
    });
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const { notice, document, json, html } = await only();
    expect(notice).toMatchObject({
      st: 'running',
      number: { year: 2021, batch: 1 },
      title: '关于2021年第1批项目制培训拟补贴情况的公示',
      period: { publishedOn: '2021-12-13', lastDay: '2021-12-20', calendarVersion: 'chinese-days/1.5.7' },
      totals: { units: 2, persons: 0, heads: 30, amountFen: 1_560_000 },
      snapshotHash: textHash(json),
    });
    expect(document.annexes[0]?.rows).toMatchObject([
      { rowNo: 1, unitName: '浙江瓯江阀门科技股份有限公司', heads: 2, items: [{ heads: 2, standardFen: 80_000 }] },
      {
        rowNo: 2,
        unitName: '温州奥科阀门有限公司',
        heads: 28,
        amountFen: 1_400_000,
        remark: '备案31人，申请29人，核准28人，扣除同一职业（项目）同一等级已享受1人',
      },
    ]);
    expect(html).toContain('补贴30人，拟补贴金额15,600元（1.56万元）');
    expect(html).toContain('还剩5个工作日，至2021年12月20日24时止');
    for (const id of [a, b])
      expect(await world.claimState(id)).toMatchObject({ st: 'publicised', noticeId: notice.id });
    expect(await world.lineStates(a)).toEqual([...Array<string>(28).fill('publicised'), 'refused']);
    const [line] = await world.deps.claims.lines(b);
    expect(line?.approved).toMatchObject({ fen: 80_000, by: { subject: 'zhou' } });
    expect(world.told).toMatchObject({ published: [notice.id], failed: [] });
  });

  test('authorities and programmes have numbers of their own, without a gap', async () => {
    await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 1 }] });
    await seedApprovedClaim(world.table, { id: claimId('B'), authority: 'hr-bureau/ouhai', lines: [{ fen: 1 }] });
    await seedApprovedClaim(world.table, { id: claimId('C'), programme: 'pre-job', lines: [{ fen: 20_000 }] });
    expect(await world.publish()).toEqual({ count: 3, failed: 0 });
    await seedApprovedClaim(world.table, { id: claimId('D'), lines: [{ fen: 1 }] });
    world.clock.set('2022-01-04T00:30:00Z');
    await seedApprovedClaim(world.table, { id: claimId('E'), authority: 'hr-bureau/ouhai', lines: [{ fen: 1 }] });
    await world.publish();
    const { notices } = await world.deps.notices.list({}, undefined);
    const numbers = notices.map(
      ({ authority, programme, number }) => `${authority} ${programme} ${number.year}-${number.batch}`,
    );
    expect(numbers.toSorted()).toEqual([
      'hr-bureau/lucheng pre-job 2021-1',
      'hr-bureau/lucheng project 2021-1',
      'hr-bureau/lucheng project 2022-1',
      'hr-bureau/ouhai project 2021-1',
      'hr-bureau/ouhai project 2022-1',
    ]);
    world.clock.set('2022-01-05T00:30:00Z');
    await seedApprovedClaim(world.table, { id: claimId('F'), lines: [{ fen: 1 }] });
    await world.publish();
    const [latest] = (await world.deps.notices.list({ authority: 'hr-bureau/lucheng' }, undefined)).notices;
    expect(latest?.number).toEqual({ year: 2022, batch: 2 });
  });

  test('individuals show masked by default; same names are told apart by the claim number', async () => {
    await seedApprovedClaim(world.table, { ...person, id: claimId('P1'), lines: [{ fen: 80_000, name: '张伟' }] });
    await seedApprovedClaim(world.table, { ...person, id: claimId('P2'), lines: [{ fen: 80_000, name: '张蕾' }] });
    await seedApprovedClaim(world.table, { ...person, id: claimId('P3'), lines: [{ fen: 80_000, name: '欧阳文静' }] });
    await world.publish();
    const { document, html, json } = await only();
    const [annex] = document.annexes;
    expect(annex).toMatchObject({ kind: 'persons', profile: 'P1', totals: { rows: 3, heads: 3, amountFen: 240_000 } });
    expect(annex?.rows.map((row) => ('name' in row ? [row.name, row.remark] : []))).toEqual([
      ['张*', expect.stringMatching(/^申领编号尾号\w{8,}$/)],
      ['张*', expect.stringMatching(/^申领编号尾号\w{8,}$/)],
      ['欧**静', ''],
    ]);
    for (const text of [html, json]) expect(text).not.toMatch(/张伟|张蕾|欧阳文静/);
    expect(json).toContain('330*************12');
  });

  test('an authority that insists shows full names and then no number at all', async () => {
    const { settings, clock } = world.deps;
    const { defaultNoticeSettings } = await import('../../shared/publicity/notice-settings.ts');
    await settings.put(
      'hr-bureau/lucheng',
      {
        ...defaultNoticeSettings('hr-bureau/lucheng', 5),
        personProfile: 'P2',
        period: { days: 7, unit: 'calendar', firstDayCounts: true },
      },
      { by: { subject: 'o-lin', tenant: 'hr-bureau/lucheng', role: 'officer', name: '林' }, at: clock.now() },
    );
    await seedApprovedClaim(world.table, { ...person, id: claimId('P1'), lines: [{ fen: 80_000, name: '张伟' }] });
    await world.publish();
    const { html, json, notice } = await only();
    expect(html).toContain('张伟');
    expect(html + json).not.toContain('330*');
    expect(notice.period).toMatchObject({ lastDay: '2021-12-19', unit: 'calendar', firstDayCounts: true });
  });

  test('nothing is published on a day off, and the work waits for the next working day', async () => {
    const id = await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 1 }] });
    world.clock.set('2021-12-12T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    expect((await world.claimState(id)).st).toBe('approved');
    world.clock.set(halfPast8);
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
  });

  test('no period is promised into a year without a holiday paper, and no number is taken', async () => {
    const id = await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 1 }] });
    world.clock.set('2026-12-29T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 0, failed: 1 });
    expect(world.told.failed).toEqual([expect.objectContaining({ code: 'temporarily-unavailable' })]);
    expect((await world.claimState(id)).st).toBe('approved');
    expect(await world.deps.notices.inState('preparing')).toEqual([]);
  });

  test('a claim whose figures disagree stays out and holds nobody up', async () => {
    const wrong = await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 5 }], approvedFen: 6 });
    const right = await seedApprovedClaim(world.table, { id: claimId('B'), lines: [{ fen: 5 }] });
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    expect(world.told.leftOut).toEqual([wrong]);
    expect((await world.claimState(wrong)).st).toBe('approved');
    expect((await world.claimState(right)).st).toBe('publicised');
  });

  test('an identity number in a name is never published', async () => {
    const number = identityNumber('19850312', 113);
    const bad = await seedApprovedClaim(world.table, { id: claimId('A'), name: `张三${number}`, lines: [{ fen: 5 }] });
    await seedApprovedClaim(world.table, { id: claimId('B'), lines: [{ fen: 5 }] });
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    expect(world.told).toMatchObject({ unmasked: 1, leftOut: [bad] });
    expect((await world.claimState(bad)).st).toBe('approved');
    expect([...world.files.values()].join('')).not.toContain(number);
  });

  test('a hostile unit name is text and nothing else', async () => {
    const name = `<script>alert("x")</script><img src=x onerror='y'> & 公司<!--/status-->`;
    await seedApprovedClaim(world.table, { id: claimId('A'), name, lines: [{ fen: 5 }] });
    await world.publish();
    const { html, document } = await only();
    expect(document.annexes[0]?.rows).toMatchObject([{ unitName: name }]);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(html.split('<!--/status-->')).toHaveLength(2);
    expect(html).toMatch(/content-security-policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/);
    expect(html).toContain('<meta name="robots" content="noindex,nofollow,noarchive">');
  });

  test('every day of the period has its proof, also days off, and running again adds nothing', async () => {
    await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 5 }] });
    await world.publish();
    const { notice } = await only();
    for (let day = 14; day <= 22; day += 1) {
      world.clock.set(`2021-12-${day}T00:30:00Z`);
      await world.publish();
      world.clock.advance(3_600_000);
      await world.publish();
    }
    const proofs = await world.deps.notices.proofs(notice.id);
    expect(proofs.map(({ date }) => date)).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((day) => `2021-12-${day}`));
    for (const proof of proofs) expect(proof).toMatchObject({ jsonHash: notice.snapshotHash, restored: false });
    // The page says each day how many days are left.
    expect(new Set(proofs.map(({ htmlHash }) => htmlHash)).size).toBeGreaterThan(4);
  });

  test('bytes that somebody altered or removed are put back and the proof says so', async () => {
    await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 5 }] });
    await world.publish();
    const { notice, json } = await only();
    world.files.set(`notices/${notice.id}.json`, json.replace('温州奥科', '温州某某'));
    world.clock.set('2021-12-14T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    world.files.clear();
    world.clock.set('2021-12-15T00:30:00Z');
    await world.publish();
    expect(world.files.get(`notices/${notice.id}.json`)).toBe(json);
    const proofs = await world.deps.notices.proofs(notice.id);
    expect(proofs.map(({ restored }) => restored)).toEqual([false, true, true]);
  });

  test('the notice and everything it moved have unbroken audit chains', async () => {
    const id = await seedApprovedClaim(world.table, { id: claimId('A'), lines: [{ fen: 5 }] });
    await world.publish();
    const { notice } = await only();
    expect(await world.chainFaults(notice.id, 'META', notice)).toEqual([]);
    expect(await world.chainFaults(id, 'META', await world.claimState(id))).toEqual([]);
    const [line] = await world.deps.claims.lines(id);
    if (line === undefined) throw new Error('no line');
    expect(line.version).toBe(2);
    expect(await world.chainFaults(id, 'LINE#0001', line)).toEqual([]);
  });
});

describe('publishing under faults', { timeout: 120_000 }, () => {
  let world: NoticeWorld;
  beforeAll(async () => {
    world = await openNoticeWorld(halfPast8);
  });
  afterAll(async () => world.engine.stop());

  const seedTwo = async (authority: string, mark: string) => {
    const ids = [];
    for (const each of ['1', '2'])
      ids.push(
        await seedApprovedClaim(world.table, {
          id: claimId(`${mark}${each}`),
          authority,
          name: `${mark}${each}公司`,
          lines: [{ fen: 5 }, { fen: 7 }, { refusedBy: 'age.working' }],
        }),
      );
    return ids;
  };

  const assertExact = async (authority: string, ids: readonly string[]) => {
    const { notices } = await world.deps.notices.list({ authority }, undefined);
    expect(notices.map(({ number }) => number)).toEqual([{ year: 2021, batch: 1 }]);
    const [notice] = notices;
    if (notice === undefined) throw new Error('no notice');
    const json = world.files.get(`notices/${notice.id}.json`) ?? '';
    expect(textHash(json)).toBe(notice.snapshotHash);
    expect(notice.totals).toEqual({ units: 2, persons: 0, heads: 4, amountFen: 24 });
    expect(readDocument(json).annexes[0]?.rows.map(({ rowNo }) => rowNo)).toEqual([1, 2]);
    for (const id of ids) {
      const claim = await world.claimState(id);
      expect(claim).toMatchObject({ st: 'publicised', noticeId: notice.id });
      expect(await world.lineStates(id)).toEqual(['publicised', 'publicised', 'refused']);
      expect(await world.chainFaults(id, 'META', claim)).toEqual([]);
      for (const line of await world.deps.claims.lines(id)) {
        expect(line.version).toBe(line.st === 'publicised' ? 2 : 1);
        expect(await world.chainFaults(id, `LINE#${String(line.lineNo).padStart(4, '0')}`, line)).toEqual([]);
      }
    }
    expect(await world.chainFaults(notice.id, 'META', notice)).toEqual([]);
    expect(await world.deps.notices.proofs(notice.id)).toHaveLength(1);
    expect(await world.deps.notices.inState('preparing')).toEqual([]);
  };

  test.each(['before', 'after'] as const)(
    'a crash %s each write, then a run to the end: one notice, exact',
    async (when) => {
      let died = true;
      let at = 0;
      while (died) {
        at += 1;
        const authority = `hr-bureau/${when}${at}`;
        const ids = await seedTwo(authority, `${when === 'before' ? 'B' : 'A'}${at}X`);
        died = await world.crashAt(at, when, world.publish);
        expect(await world.publish()).toMatchObject({ failed: 0 });
        await assertExact(authority, ids);
      }
      // Number, rows, lines and claims of two claims, two files, the publication, the proof.
      expect(at).toBeGreaterThan(10);
    },
  );

  test('two runs at once publish once', async () => {
    const ids = await seedTwo('hr-bureau/twice', 'T');
    await Promise.all([world.publish(), world.publish(), world.publish()]);
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    await assertExact('hr-bureau/twice', ids);
  });

  test('a notice begun yesterday counts its period from the day on which it is up', async () => {
    const ids = await seedTwo('hr-bureau/late', 'L');
    expect(await world.crashAt(9, 'before', world.publish)).toBe(true);
    const [prepared] = await world.deps.notices.inState('preparing');
    expect(prepared?.authority).toBe('hr-bureau/late');
    // Nobody sees it before it is up.
    expect((await world.deps.notices.list({ authority: 'hr-bureau/late' }, undefined)).notices).toEqual([]);
    world.clock.set('2021-12-14T00:30:00Z');
    await world.publish();
    const { notices } = await world.deps.notices.list({ authority: 'hr-bureau/late' }, undefined);
    expect(notices[0]?.period).toMatchObject({ publishedOn: '2021-12-14', lastDay: '2021-12-21' });
    await assertExact('hr-bureau/late', ids);
  });
});
