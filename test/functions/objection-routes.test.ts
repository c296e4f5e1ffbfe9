import { beforeEach, describe, expect, test } from 'vitest';
import { objectionRoutes } from '../../functions/desk-api/objection-routes.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { lodgeObjection } from '../../shared/publicity/lodge-objection.ts';
import { readDocument } from '../../shared/publicity/notice-document.ts';
import { defaultNoticeSettings } from '../../shared/publicity/notice-settings.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { seedAccount } from '../support/cleared-claim.ts';
import { call, type RecordedEdge, recordedEdge } from '../support/http.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';
import { auditor, enterprise, finance, identityNumber, officerLin, officerOfOuhai } from '../support/people.ts';

const morning = '2021-12-13T00:30:00Z';
const text = '该单位所报学员中有人并未参加培训，请核实签到表。';

describe('desk: objections, corrections, settings', { timeout: 120_000 }, () => {
  let world: NoticeWorld;
  let edge: RecordedEdge;
  let handler: ReturnType<typeof createHttpHandler>;
  let noticeId = '';
  let ids: string[] = [];

  beforeEach(async () => {
    world = await openNoticeWorld(morning);
    await seedAccount(world.table, 'lucheng', 0, 100_000);
    ids = [];
    for (const [index, name] of ['甲公司', '乙公司', '丙公司'].entries())
      ids.push(
        await seedApprovedClaim(world.table, {
          id: claimId(`D${index}`),
          name: `${index}${name}`,
          lines: [{ fen: 300 }, { fen: 400 }],
        }),
      );
    await world.publish();
    noticeId = (await world.claimState(ids[0] ?? '')).noticeId ?? '';
    world.clock.set('2021-12-14T02:00:00Z');
    edge = recordedEdge(createIdempotencyTable(world.table), world.clock);
    const trails = createAuditTrails(world.table);
    const deps = { ...world.deps, trails, noticeSettings: world.deps.settings, noticeWorkingDays: 5 };
    handler = createHttpHandler(objectionRoutes, deps, edge);
    return () => world.engine.stop();
  });

  let request = 0;
  const object = async (rowNo = 1) => {
    request += 1;
    return lodgeObjection(
      world.lodging,
      noticeId,
      { rowNo, by: { kind: 'named', name: '郑举报', contact: '13812345678' }, reason: text },
      { creationId: `Q${String(request).padStart(25, '0')}`, source: '192.0.2.1' },
    );
  };
  const post = (route: string, path: Record<string, string>, body: unknown, as = officerLin) =>
    call(handler, { route: `POST ${route}`, path, body, as });
  const correct = (body: unknown, as = officerLin, id = noticeId) =>
    post('/notices/{noticeId}/corrections', { noticeId: id }, body, as);

  test('officers see the objections of their own authority, auditors those of the one they name', async () => {
    const { id } = await object();
    const list = (as: typeof officerLin, query: Record<string, string> = {}) =>
      call(handler, { route: 'GET /desk/objections', as, query });
    expect(await list(officerLin)).toMatchObject({
      status: 200,
      body: {
        objections: [
          { id, state: 'open', claimId: ids[0], rowNo: 1, kind: 'named', dueAt: '2021-12-21T16:00:00.000Z' },
        ],
      },
    });
    expect((await list(officerLin, { state: 'upheld' })).body.objections).toEqual([]);
    expect((await list(officerOfOuhai)).body.objections).toEqual([]);
    expect((await list(officerOfOuhai, { authority: 'hr-bureau/lucheng' })).status).toBe(404);
    expect((await list(auditor, { authority: 'hr-bureau/lucheng' })).body.objections).toHaveLength(1);
    expect((await list(enterprise)).status).toBe(403);
    expect((await list(finance)).status).toBe(403);
    for (const cursor of ['x', Buffer.from('objection#open#2021#'.padEnd(60, '0')).toString('base64url')])
      expect((await list(officerLin, { cursor })).status).toBe(400);
  });

  test('the list pages, oldest deadline first', async () => {
    for (let i = 0; i < 10; i += 1) await object();
    world.clock.advance(3_600_000);
    for (let hour = 0; hour < 5; hour += 1) {
      for (let i = 0; i < 9; i += 1) await object(2);
      world.clock.advance(3_600_000);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query: Record<string, string> = cursor === undefined ? {} : { cursor };
      const { body } = await call(handler, { route: 'GET /desk/objections', as: officerLin, query });
      seen.push(...body.objections.map(({ id }: { id: string }) => id));
      cursor = body.next;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(55);
    expect(new Set(seen).size).toBe(55);
  });

  test('one objection reads with its text; who lodged it shows only for a reason, and the look is recorded', async () => {
    const { id } = await object();
    const read = await call(handler, {
      route: 'GET /desk/objections/{objectionId}',
      path: { objectionId: id },
      as: officerLin,
    });
    expect(read).toMatchObject({ status: 200, body: { text, state: 'open' } });
    expect(JSON.stringify(read.body)).not.toMatch(/郑举报|1381/);
    const look = (body: unknown, as = officerLin) =>
      post('/desk/objections/{objectionId}/objector', { objectionId: id }, body, as);
    expect((await look({})).status).toBe(400);
    expect((await look({ reason: '答复需要联系' }, officerOfOuhai)).status).toBe(404);
    expect((await look({ reason: '答复需要联系' }, auditor)).status).toBe(403);
    expect((await look({ reason: '答复需要联系' })).body).toEqual({
      objector: { kind: 'named', name: '郑举报', contact: '13812345678' },
    });
    const stored = await world.deps.objections.find(id);
    if (stored === undefined) throw new Error('no objection');
    expect(stored).toMatchObject({ st: 'open', version: 2 });
    expect(await world.chainFaults(noticeId, `OBJECTION#${id}`, stored)).toEqual([]);
    expect(JSON.stringify(edge.logged)).not.toMatch(/郑举报|1381/);
  });

  test('a decision is told to the holder of the receipt', async () => {
    const objection = await object();
    const path = { objectionId: objection.id };
    const number = identityNumber('19850312', 113);
    for (const body of [
      { result: 'upheld', reason: '无' },
      { result: 'dismissed', reason: '理由充分说明', lines: ['L1'] },
      { result: 'upheld', reason: `${number}未参训` },
      { result: 'upheld', reason: '所报学员未参训', reply: `联系13812345678` },
      { result: 'maybe', reason: '理由充分说明' },
    ])
      expect((await post('/objections/{objectionId}/decision', path, body)).status).toBe(400);
    const body = { result: 'upheld', reason: '所报学员未参训', reply: '已取消相应资格，感谢监督。' };
    expect((await post('/objections/{objectionId}/decision', path, body, officerOfOuhai)).status).toBe(404);
    expect((await post('/objections/{objectionId}/decision', path, body, enterprise)).status).toBe(403);
    expect(await post('/objections/{objectionId}/decision', path, body)).toMatchObject({
      status: 200,
      body: { state: 'upheld', decision: { by: '林科员', reason: '所报学员未参训' } },
    });
    expect(await post('/objections/{objectionId}/decision', path, body)).toMatchObject({ status: 409 });
    const { readResult } = await import('../../shared/publicity/objection-result.ts');
    expect(await readResult(world.deps.objections, objection.receiptNumber)).toMatchObject({
      state: 'upheld',
      decidedOn: '2021-12-14',
      reply: '已取消相应资格，感谢监督。',
    });
    expect((await world.claimState(ids[0] ?? '')).st).toBe('refused');
  });

  test('a correction publishes the changed rows anew with a new period, and the old period clears them no more', async () => {
    const answer = await correct({ reason: '单位名称有误', rows: [{ rowNo: 2, unitName: '乙实业公司' }] });
    expect(answer).toMatchObject({
      status: 202,
      body: {
        state: 'preparing',
        number: { year: 2021, batch: 1, correction: 1 },
        title: '关于更正2021年第1批项目制培训拟补贴情况的公示（第1次更正）',
      },
    });
    const correctionId = answer.body.noticeId;
    expect(await world.claimState(ids[1] ?? '')).toMatchObject({
      st: 'publicised',
      noticeId: correctionId,
      dueAt: '2021-12-20T16:00:00.000Z',
    });
    // Whoever objects to the old row is sent to the new notice.
    await expect(object(2)).rejects.toMatchObject({ code: 'state-not-permitted' });
    world.clock.set('2021-12-15T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const page = world.files.get(`notices/${noticeId}.html`) ?? '';
    expect(page).toContain(`第2行已更正并<a href="/notices/${correctionId}">重新公示</a>`);
    const document = readDocument(world.files.get(`notices/${correctionId}.json`) ?? '');
    expect(document).toMatchObject({
      period: { publishedOn: '2021-12-15', lastDay: '2021-12-22' },
      supersedes: { noticeId, reason: '单位名称有误' },
      totals: { units: 1, heads: 2, amountFen: 700 },
      annexes: [{ rows: [{ rowNo: 1, originalRowNo: 2, unitName: '乙实业公司' }] }],
    });
    expect(document.paragraphs[0]?.lines[0]).toContain('第2行需要更正（单位名称有误）');
    world.clock.set('2021-12-20T16:05:00Z');
    await world.close();
    const states = async () => Promise.all(ids.map(async (id) => (await world.claimState(id)).st));
    expect(await states()).toEqual(['cleared', 'publicised', 'cleared']);
    expect(await world.deps.notices.find(noticeId)).toMatchObject({ st: 'archived' });
    world.clock.set('2021-12-22T16:05:00Z');
    await world.close();
    expect(await states()).toEqual(['cleared', 'cleared', 'cleared']);
    for (const id of ids) expect(await world.chainFaults(id, 'META', await world.claimState(id))).toEqual([]);
  });

  test('without rows named, what has changed since is corrected; figures come from the claim', async () => {
    expect(await correct({ reason: '核对公示内容' })).toMatchObject({
      status: 409,
      body: { title: 'state-not-permitted' },
    });
    const objection = await object(3);
    await post(
      '/objections/{objectionId}/decision',
      { objectionId: objection.id },
      { result: 'upheld', reason: '一名学员未参训', lines: ['L2'] },
    );
    const { body } = await correct({ reason: '异议成立，核减一人' });
    world.clock.set('2021-12-15T00:30:00Z');
    await world.publish();
    const document = readDocument(world.files.get(`notices/${body.noticeId}.json`) ?? '');
    expect(document.annexes[0]?.rows).toMatchObject([
      { originalRowNo: 3, heads: 1, amountFen: 300, remark: '备案4人，申请2人，核准1人，扣除异议成立取消1人' },
    ]);
    // A second correction of the corrected row keeps its words and counts on.
    const again = await correct(
      { reason: '备注补充说明', rows: [{ rowNo: 1, remark: '核减1人' }] },
      officerLin,
      body.noticeId,
    );
    expect(again.body.number).toEqual({ year: 2021, batch: 1, correction: 2 });
  });

  test('a correction that cannot be is refused with the place', async () => {
    const number = identityNumber('19850312', 113);
    const bad = async (body: unknown, status: number, path: string) => {
      const answer = await correct(body);
      expect(answer.status).toBe(status);
      expect(answer.body.problems[0].path).toContain(path);
    };
    await bad({ reason: '错' }, 400, 'body.reason');
    await bad({ reason: '单位名称有误', rows: [] }, 400, 'body.rows');
    await bad({ reason: '单位名称有误', rows: [{ rowNo: 9, unitName: 'X' }] }, 400, 'body.rows[0]');
    await bad({ reason: '单位名称有误', rows: [{ rowNo: 2, unitName: '1乙公司' }] }, 400, 'body.rows[0]');
    await bad({ reason: '单位名称有误', rows: [{ rowNo: 2, unitName: `乙${number}` }] }, 400, 'body.rows[0]');
    await bad({ reason: '单位名称有误', rows: [{ rowNo: 2, amountFen: 1 }] }, 400, 'body.rows[0].amountFen');
    expect((await correct({ reason: '单位名称有误' }, officerOfOuhai)).status).toBe(404);
    const body = { reason: '单位名称有误', rows: [{ rowNo: 2, unitName: 'X' }] };
    world.clock.set('2021-12-20T16:00:00Z');
    expect((await correct(body)).status).toBe(409);
  });

  test('two corrections at once: one row is taken once', async () => {
    const body = { reason: '单位名称有误', rows: [{ rowNo: 2, unitName: 'X' }] };
    const answers = await Promise.all([correct(body), correct(body)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409]);
  });

  test('a notice being prepared keeps the number series for itself until it is up', async () => {
    await correct({ reason: '单位名称有误', rows: [{ rowNo: 2, unitName: 'X' }] });
    expect(await correct({ reason: '单位名称有误', rows: [{ rowNo: 3, unitName: 'Y' }] })).toMatchObject({
      status: 409,
      body: { title: 'state-not-permitted', detail: expect.stringContaining('请在其公布后再办理本次更正') },
    });
    world.clock.set('2021-12-15T00:30:00Z');
    await seedApprovedClaim(world.table, { id: claimId('NEW'), lines: [{ fen: 1 }] });
    expect(await world.publish()).toEqual({ count: 2, failed: 0 });
    const { notices } = await world.deps.notices.list({}, undefined);
    expect(notices.map(({ number }) => JSON.stringify(number)).toSorted()).toEqual([
      '{"year":2021,"batch":1,"correction":1}',
      '{"year":2021,"batch":1}',
      '{"year":2021,"batch":2}',
    ]);
  });

  test('the proofs of each day and the trail of a notice are there for its authority and for auditors', async () => {
    await object();
    world.clock.set('2021-12-15T00:30:00Z');
    await world.publish();
    const read = (what: 'proofs' | 'audit', as: typeof officerLin, id = noticeId) =>
      call(handler, { route: `GET /desk/notices/{noticeId}/${what}`, path: { noticeId: id }, as });
    const sealed = (await world.deps.notices.find(noticeId))?.snapshotHash;
    for (const as of [officerLin, auditor]) {
      expect(await read('proofs', as)).toMatchObject({
        status: 200,
        body: {
          noticeId,
          state: 'running',
          snapshotHash: sealed,
          shownHash: sealed,
          period: { publishedOn: '2021-12-13', lastDay: '2021-12-20' },
          proofs: [
            { date: '2021-12-13', jsonHash: sealed, restored: false },
            { date: '2021-12-15', jsonHash: sealed, restored: false },
          ],
        },
      });
      const { status, body } = await read('audit', as);
      expect([status, body.verdict]).toEqual([200, expect.objectContaining({ holds: true, entities: 2, records: 3 })]);
      expect(body.records.map(({ action }: { action: string }) => action).toSorted()).toEqual([
        'notice-numbered',
        'notice-published',
        'objection-lodged',
      ]);
    }
    for (const what of ['proofs', 'audit'] as const) {
      expect((await read(what, officerOfOuhai)).status).toBe(404);
      expect((await read(what, officerLin, 'N'.repeat(26))).status).toBe(404);
      expect((await read(what, enterprise)).status).toBe(403);
      expect((await read(what, finance)).status).toBe(403);
    }
  });

  test('rows are taken down over HTTP with a reason, and the officer is told what is left to do', async () => {
    const take = (body: unknown, as = officerLin) => post('/notices/{noticeId}/withdrawals', { noticeId }, body, as);
    expect((await take({ rows: [2] })).status).toBe(400);
    expect((await take({ reason: '名称含住址须撤下', rows: [9] })).status).toBe(400);
    expect((await take({ reason: '名称含住址须撤下', rows: [2] }, officerOfOuhai)).status).toBe(404);
    expect(await take({ reason: '名称含住址须撤下', rows: [2] })).toMatchObject({
      status: 200,
      body: { noticeId, withdrawnRows: [2], message: expect.stringContaining('公示更正') },
    });
    expect([...world.files.values()].join('')).not.toContain('1乙公司');
  });

  test('the row of a claim that waits is worded anew, so that it can be published; figures never', async () => {
    const number = identityNumber('19850312', 113);
    const id = await seedApprovedClaim(world.table, {
      id: claimId('NUM'),
      name: '丁公司',
      subject: `电工（联系138-1234-5678）`,
      lines: [{ fen: 300 }],
    });
    world.clock.set('2021-12-15T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 0, failed: 0 });
    expect(world.told).toMatchObject({ unmasked: 1, leftOut: [id] });
    const word = (body: unknown, as = officerLin, claim = id) =>
      call(handler, { route: 'PUT /claims/{claimId}/notice-row', path: { claimId: claim }, body, as });
    const reason = '项目名称含联系电话';
    for (const body of [
      { reason },
      { reason, subject: `电工${number}` },
      { reason, unitName: '丁实业公司' },
      { reason, subject: '电工', amountFen: 1 },
    ])
      expect((await word(body)).status).toBe(400);
    expect((await word({ reason, subject: '电工' }, officerOfOuhai)).status).toBe(404);
    expect((await word({ reason, subject: '电工' }, enterprise)).status).toBe(403);
    expect((await word({ reason, subject: '电工' }, officerLin, ids[0])).status).toBe(409);
    expect(await word({ reason, subject: '电工' })).toMatchObject({
      status: 200,
      body: { claimId: id, rowWording: { subject: '电工' } },
    });
    world.clock.set('2021-12-16T00:30:00Z');
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const claim = await world.claimState(id);
    expect(await world.chainFaults(id, 'META', claim)).toEqual([]);
    const document = readDocument(world.files.get(`notices/${claim.noticeId}.json`) ?? '');
    expect(document.annexes[0]?.rows).toMatchObject([{ unitName: '丁公司', subject: '电工', amountFen: 300 }]);
    expect([...world.files.values()].join('')).not.toContain('1234');
  });

  test('an authority sets how it publishes; until then the default stands', async () => {
    const route = 'GET /desk/notice-settings';
    const fallback = defaultNoticeSettings('hr-bureau/lucheng', 5);
    expect((await call(handler, { route, as: officerLin })).body).toEqual({ settings: fallback, isDefault: true });
    const settings = {
      ...fallback,
      period: { days: 7, unit: 'working', firstDayCounts: false },
      supervisionPhone: '0577-1',
    };
    const put = (body: unknown, as = officerLin) => call(handler, { route: 'PUT /desk/notice-settings', body, as });
    expect((await put(settings, auditor)).status).toBe(403);
    expect((await put({ ...settings, period: { ...settings.period, days: 0 } })).status).toBe(400);
    expect((await put({ ...settings, contact: { ...settings.contact, postcode: '32500' } })).status).toBe(400);
    for (const body of [settings, settings]) expect((await put(body)).status).toBe(200);
    expect((await call(handler, { route, as: officerLin })).body).toEqual({ settings, isDefault: false });
    expect((await call(handler, { route, as: officerOfOuhai })).body.isDefault).toBe(true);
  });
});
