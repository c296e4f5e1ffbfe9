import { createHash } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noticeRoutes } from '../../functions/notices-api/routes.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { call, type RecordedEdge, recordedEdge } from '../support/http.ts';
import { type NoticeWorld, openNoticeWorld } from '../support/notice-world.ts';

const reason = '该单位所报学员中有人并未参加培训，请核实签到表。';
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('notices-api', { timeout: 60_000 }, () => {
  let world: NoticeWorld;
  let edge: RecordedEdge;
  let handler: ReturnType<typeof createHttpHandler>;
  let noticeId = '';
  let otherId = '';

  beforeAll(async () => {
    world = await openNoticeWorld('2021-12-13T00:30:00Z');
    await seedApprovedClaim(world.table, {
      id: claimId('A'),
      name: '甲<b>公司',
      lines: [{ fen: 300, name: '赵六六' }],
    });
    await seedApprovedClaim(world.table, { id: claimId('B'), name: '乙公司', lines: [{ fen: 400 }] });
    await seedApprovedClaim(world.table, {
      id: claimId('X'),
      authority: 'hr-bureau/ouhai',
      programme: 'pre-job',
      lines: [{ fen: 2e4 }],
    });
    await world.publish();
    noticeId = (await world.claimState(claimId('A'))).noticeId ?? '';
    otherId = (await world.claimState(claimId('X'))).noticeId ?? '';
  });
  afterAll(async () => world.engine.stop());
  beforeEach(() => {
    world.clock.set('2021-12-14T02:00:00Z');
    edge = recordedEdge(createIdempotencyTable(world.table), world.clock);
    const authorities = ['hr-bureau/lucheng', 'hr-bureau/ouhai'];
    handler = createHttpHandler(noticeRoutes, { ...world.lodging, metrics: edge.metrics, authorities }, edge);
  });

  const get = (route: string, path: Record<string, string>, headers: Record<string, string> = {}) =>
    call(handler, { route, path, headers });
  const object = (body: unknown, id = noticeId, headers: Record<string, string> = {}, key?: string) =>
    call(handler, {
      route: 'POST /notices/{noticeId}/objections',
      path: { noticeId: id },
      body,
      headers,
      ...(key === undefined ? {} : { key }),
    });

  test('a notice reads as JSON for programs, with its status of now', async () => {
    const answer = await get('GET /notices/{noticeId}', { noticeId }, { accept: '*/*' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ vary: 'accept', 'content-type': 'application/json; charset=utf-8' });
    expect(answer.body).toMatchObject({
      status: { state: 'running', left: 5, corrections: [], takesObjections: true },
      document: { format: 'jipei/notice/1', noticeId, totals: { units: 2, heads: 2, amountFen: 700 } },
    });
  });

  test('a notice reads as a page for people, under a policy that the page itself satisfies', async () => {
    const { status, headers, body } = await get('GET /notices/{noticeId}', { noticeId }, html);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'x-content-type-options': 'nosniff',
      vary: 'accept',
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toContain('unsafe');
    for (const [tag, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ] as const) {
      const parts = [...String(body).matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))];
      expect(parts).toHaveLength(1);
      const hash = createHash('sha256')
        .update(parts[0]?.[1] ?? '')
        .digest('base64');
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(body).not.toMatch(/ style=| on[a-z]+=|<script [^>]*src|https?:\/\/(?!www\.w3)/);
    expect(body).toContain('甲&lt;b&gt;公司');
    expect(body).toContain('还剩5个工作日');
    expect(body).toContain(`action="/notices/${noticeId}/objections"`);
    expect(body).not.toContain('赵六六');
  });

  describe('the units for a spreadsheet', () => {
    const units = async (id: string) => get('GET /notices/{noticeId}/units', { noticeId: id });
    const rowsOf = (body: string): Record<string, string>[] => parse(body, { bom: true, columns: true });

    test('are the rows of the annex, in UTF-8 with a byte-order mark, with nothing of any person', async () => {
      const { status, headers, body } = await units(noticeId);
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="notice-${noticeId}-units.csv"`,
      });
      expect(String(body).charCodeAt(0)).toBe(0xfeff);
      const rows = rowsOf(body);
      expect(rows.map((row) => row['序号'])).toEqual(['1', '2']);
      const said = rows.map((row) => [row['培训机构'], [row['人数（人）'], row['合计补贴（元）']]]);
      expect(Object.fromEntries(said)).toEqual({ '甲<b>公司': ['1', '3'], 乙公司: ['1', '4'] });
      expect(body).not.toContain('赵六六');
    });

    test('of an absent notice are not there', async () => {
      expect((await units('0'.repeat(26))).status).toBe(404);
    });
  });

  test('when the period is over the page says so and takes no objection, before any job has run', async () => {
    world.clock.set('2021-12-20T15:59:59.999Z');
    const before = await get('GET /notices/{noticeId}', { noticeId }, html);
    expect(before.body).toContain('还剩1个工作日');
    expect(before.body).toContain('id="objection"');
    world.clock.set('2021-12-20T16:00:00Z');
    const after = await get('GET /notices/{noticeId}', { noticeId }, html);
    expect(after.body).toContain('公示已结束');
    expect(after.body).not.toContain('id="objection"');
    const refused = await object({ rowNo: 1, by: { kind: 'anonymous' }, reason });
    expect(refused).toMatchObject({ status: 409, body: { title: 'state-not-permitted' } });
    expect(refused.body.detail).toContain('2021年12月20日24时');
  });

  test('the sealed bytes are served as they are, with their digest', async () => {
    const answer = await get('GET /notices/{noticeId}/data', { noticeId });
    const sealed = world.files.get(`notices/${noticeId}.json`) ?? '';
    expect(answer.body).toEqual(JSON.parse(sealed));
    const digest = createHash('sha256').update(sealed).digest('base64');
    expect(answer.headers['repr-digest']).toBe(`sha-256=:${digest}:`);
  });

  test.each(['0'.repeat(26), 'nonsense', '../../etc/passwd'])('an absent notice is not found: %s', async (id) => {
    for (const route of ['GET /notices/{noticeId}', 'GET /notices/{noticeId}/data'])
      expect(await get(route, { noticeId: id })).toMatchObject({ status: 404, body: { title: 'not-found' } });
  });

  test('the list narrows down by authority, programme and date, and pages', async () => {
    const list = (query: Record<string, string>) => call(handler, { route: 'GET /notices', query });
    const ids = async (query: Record<string, string>) =>
      (await list(query)).body.notices.map(({ noticeId: id }: { noticeId: string }) => id).toSorted();
    expect(await ids({})).toEqual([noticeId, otherId].toSorted());
    expect(await ids({ authority: 'hr-bureau/ouhai', programme: '' })).toEqual([otherId]);
    expect(await ids({ programme: 'project' })).toEqual([noticeId]);
    expect(await ids({ from: '2021-12-13', to: '2021-12-13' })).toHaveLength(2);
    expect(await ids({ from: '2021-12-14' })).toEqual([]);
    expect(await ids({ to: '2021-12-12' })).toEqual([]);
    expect(await ids({ from: '2021-12-14', to: '2021-12-14' })).toEqual([]);
    expect(
      await call(handler, { route: 'GET /notices', query: { from: '2021-12-14', to: '2021-12-13' } }),
    ).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'query.from', message: '开始日期不能晚于结束日期' }] },
    });
    for (const query of [{ from: '2021-13-01' }, { programme: 'x' }, { cursor: 'x' }, { page: '2' }])
      expect(await list(query)).toMatchObject({ status: 400, body: { title: 'validation-failed' } });
    const page = await call(handler, { route: 'GET /notices', query: { authority: '<b>' }, headers: html });
    expect(page.body).toContain('没有符合条件的公示');
    expect(page.body).not.toContain('<b>');
  });

  test('anybody may object; the receipt tells where it stands and nothing of any person', async () => {
    const body = {
      rowNo: 2,
      by: { kind: 'named', name: '郑举报', contact: '13812345678' },
      reason: `${reason}本人身份证号330302198503121134。`,
    };
    const lodged = await object(body);
    expect(lodged).toMatchObject({ status: 201, body: { receiptNumber: expect.stringMatching(/^[0-9A-Z]{26}$/) } });
    expect(edge.counted).toContainEqual({ name: 'ObjectionsLodged', value: 1 });
    const { receiptNumber } = lodged.body;
    const spelled = receiptNumber.toLowerCase().replace(/(.{5})/g, '$1-');
    for (const spelling of [receiptNumber, spelled]) {
      const result = await get('GET /objections/{receiptNumber}', { receiptNumber: spelling });
      expect(result).toMatchObject({
        status: 200,
        body: { state: 'open', noticeId, rowNo: 2, lodgedOn: '2021-12-14', dueOn: '2021-12-21' },
      });
      expect(JSON.stringify(result.body)).not.toMatch(/郑举报|138|330302/);
    }
    const page = await get('GET /objections/{receiptNumber}', { receiptNumber }, html);
    expect(page.body).toContain('复核中');
    expect(
      await get('GET /objections/{receiptNumber}', { receiptNumber: `0${receiptNumber.slice(1, -1)}0` }),
    ).toMatchObject({ status: 404 });
    // In the table too, who objected and what was said is sealed.
    const { Items = [] } = await world.table.client.send(new ScanCommand({ TableName: world.table.name }));
    const stored = JSON.stringify(Items, (_, value) => (value instanceof Set ? [...value] : value));
    expect(stored).not.toMatch(/郑举报|13812345678|198503121134|并未参加/);
    expect(JSON.stringify(edge.logged)).not.toMatch(/郑举报|13812345678|并未参加/);
  });

  test('a row may be named by its claim reference; a repetition gets the same receipt', async () => {
    const { body } = await get('GET /notices/{noticeId}', { noticeId });
    const { reference, rowNo } = body.document.annexes[0].rows[0];
    const by = { kind: 'unit', unitName: '丙公司', sealName: '丙公司公章' };
    const first = await object({ reference: reference.toLowerCase(), by, reason }, noticeId, {}, 'same-key-1');
    const again = await object({ reference: reference.toLowerCase(), by, reason }, noticeId, {}, 'same-key-1');
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    const result = await get('GET /objections/{receiptNumber}', { receiptNumber: first.body.receiptNumber });
    expect(result.body.rowNo).toBe(rowNo);
    expect(await object({ rowNo: 1, by, reason }, noticeId, {}, 'same-key-1')).toMatchObject({ status: 422 });
  });

  test('a repetition after a lost answer and a lost reply store still counts once', async () => {
    const open = async () =>
      (await world.claimState(claimId('A'))).openObjections + (await world.claimState(claimId('B'))).openObjections;
    const before = await open();
    const body = { rowNo: 1, by: { kind: 'anonymous' }, reason };
    const first = await object(body, noticeId, {}, 'lost-key-1');
    const forgetful = {
      ...edge,
      idempotency: { ...edge.idempotency, begin: async () => ({ kind: 'first' as const }) },
    };
    const deps = { ...world.lodging, metrics: edge.metrics, authorities: [] };
    const again = await call(createHttpHandler(noticeRoutes, deps, forgetful), {
      route: 'POST /notices/{noticeId}/objections',
      path: { noticeId },
      body,
      key: 'lost-key-1',
    });
    expect(again.body.receiptNumber).toBe(first.body.receiptNumber);
    expect((await open()) - before).toBe(1);
  });

  test.each([
    [{ by: { kind: 'anonymous' }, reason }, 'body.rowNo'],
    [{ rowNo: 1, reference: 'ABCDEFGH', by: { kind: 'anonymous' }, reason }, 'body.rowNo'],
    [{ rowNo: 3, by: { kind: 'anonymous' }, reason }, 'body.rowNo'],
    [{ reference: 'ZZZZZZZZ', by: { kind: 'anonymous' }, reason }, 'body.reference'],
    [{ rowNo: 1, by: { kind: 'named', name: ' ' }, reason }, 'body.by.name'],
    [{ rowNo: 1, by: { kind: 'unit', unitName: '丙公司' }, reason }, 'body.by.sealName'],
    [{ rowNo: 1, by: { kind: 'anonymous', name: '某' }, reason }, 'body.by.name'],
    [{ rowNo: 1, by: { kind: 'anonymous' }, reason: '太少的九个字的理由' }, 'body.reason'],
    [{ rowNo: 1, by: { kind: 'anonymous' }, reason: '长'.repeat(2001) }, 'body.reason'],
  ])('a body that cannot be an objection is refused with its place: %j', async (body, path) => {
    const answer = await object(body);
    expect(answer).toMatchObject({ status: 400, body: { title: 'validation-failed' } });
    expect(answer.body.problems.map((problem: { path: string }) => problem.path)).toContain(path);
  });

  test('ten and two thousand characters are the bounds; a larger request is refused by its size', async () => {
    const lodge = (text: string) => object({ rowNo: 1, by: { kind: 'anonymous' }, reason: text });
    expect((await lodge('长'.repeat(10))).status).toBe(201);
    expect((await lodge('长'.repeat(2000))).status).toBe(201);
    const big = { 'content-length': String(16 * 1024 + 1) };
    expect(await object({ rowNo: 1, by: { kind: 'anonymous' }, reason }, noticeId, big)).toMatchObject({
      status: 413,
      body: { title: 'payload-too-large' },
    });
  });

  test('one source is stopped after ten in an hour, and may go on in the next', async () => {
    world.clock.set('2021-12-15T02:00:00Z');
    const answers = [];
    for (let i = 0; i < 11; i += 1)
      answers.push((await object({ rowNo: 1, by: { kind: 'anonymous' }, reason }, otherId)).status);
    expect(answers).toEqual([...Array<number>(10).fill(201), 429]);
    world.clock.set('2021-12-15T03:00:00Z');
    expect((await object({ rowNo: 1, by: { kind: 'anonymous' }, reason }, otherId)).status).toBe(201);
  });
});
