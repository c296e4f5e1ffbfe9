import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { mostDisclosuresAnHour } from '../../shared/access/disclosure-count.ts';
import { createDisclosureCount } from '../../shared/aws/disclosure-count-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { DomainError } from '../../shared/errors/domain-error.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { defineRoute } from '../../shared/lambda/http-route.ts';
import { call, type RecordedEdge, recordedEdge, settableClock } from '../support/http.ts';
import { openTestTable } from '../support/table.ts';

const applicant = { subject: 'a', tenant: 'org-1', role: 'applicant', duties: [], name: '陈' } as const;
const auditor = { subject: 'b', tenant: 'audit', role: 'auditor', duties: [], name: '' } as const;

interface Work {
  did: { id: string; text: string }[];
  fail?: Error;
}

const routes = [
  defineRoute({
    key: 'POST /things/{thingId}',
    summary: 'Do it',
    action: 'claim.write',
    path: z.strictObject({ thingId: z.string().regex(/^\d+$/) }),
    body: z.strictObject({ text: z.string().min(1), count: z.int().optional() }),
    replies: { 201: z.object({ id: z.string() }) },
    serve: async (work: Work, { body, creationId }) => {
      work.did.push({ id: creationId, text: body.text });
      if (work.fail) throw work.fail;
      return { status: 201, body: { id: creationId } };
    },
  }),
  defineRoute({
    key: 'GET /things/{thingId}/people',
    summary: 'Whose they are',
    action: 'class.read',
    disclosesPersonalData: true,
    path: z.strictObject({ thingId: z.string().regex(/^\d+$/) }),
    replies: { 200: z.array(z.string()) },
    serve: async (work: Work) => {
      if (work.fail) throw work.fail;
      return { status: 200, body: ['330302199001011234'] };
    },
  }),
  defineRoute({
    key: 'GET /open',
    summary: 'Read',
    action: 'public',
    replies: { 200: z.string() },
    serve: async () => ({ status: 200, body: '<p>', headers: { 'content-type': 'text/html' } }),
  }),
  defineRoute({
    key: 'GET /records',
    summary: 'Many',
    action: 'public',
    query: z.strictObject({ bytes: z.coerce.number() }),
    replies: { 200: z.array(z.string()) },
    // As JSON it has so many bytes.
    serve: async (_: Work, { query }) => ({ status: 200, body: ['录'.repeat(2) + 'x'.repeat(query.bytes - 10)] }),
  }),
];

describe('HTTP edge', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const clock = settableClock('2021-03-01T01:00:00Z');
  let work: Work;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());
  beforeEach(() => {
    work = { did: [] };
  });
  const open = () => {
    const edge = recordedEdge(createIdempotencyTable(engine.table), clock);
    return { edge, handler: createHttpHandler(routes, work, edge) };
  };

  test.each([
    [3_999_999, undefined],
    [4_000_000, undefined],
    [4_000_001, 'gzip'],
    [13_000_000, 'gzip'],
  ])('an answer of %i bytes is such as a Lambda may give', async (bytes, encoding) => {
    const { handler } = open();
    let sent = '';
    const watched = async (event: never, context: never) => {
      const result = await handler(event, context, {} as never);
      sent = JSON.stringify(result);
      return result;
    };
    const { body, headers } = await call(watched as never, { route: 'GET /records', query: { bytes: String(bytes) } });
    expect([Buffer.byteLength(JSON.stringify(body)), headers['content-encoding']]).toEqual([bytes, encoding]);
    expect(Buffer.byteLength(sent)).toBeLessThan(6_291_556);
  });

  const post = { route: 'POST /things/{thingId}', path: { thingId: '7' }, body: { text: 'x' }, as: applicant };

  test('a repetition is answered alike and done once; another body under the key is refused', async () => {
    const { handler } = open();
    const first = await call(handler, { ...post, key: 'double-click' });
    const second = await call(handler, { ...post, key: 'double-click' });
    const other = await call(handler, { ...post, key: 'double-click', body: { text: 'y' } });
    expect([first.status, second.status, other.status]).toEqual([201, 201, 422]);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(work.did).toHaveLength(1);
  });

  test('a key that was forgotten and comes with another body names another thing, never the old one', async () => {
    const { handler } = open();
    const first = await call(handler, { ...post, key: 'forgotten' });
    clock.set('2021-03-02T01:00:00Z');
    const other = await call(handler, { ...post, key: 'forgotten', body: { text: 'y' } });
    clock.set('2021-03-03T01:00:00Z');
    const again = await call(handler, { ...post, key: 'forgotten' });
    clock.set('2021-03-01T01:00:00Z');
    expect([first.status, other.status, again.status]).toEqual([201, 201, 201]);
    expect(other.body.id).not.toBe(first.body.id);
    expect(again.body.id).toBe(first.body.id);
  });

  test.each([
    [199, 199],
    [200, 200],
    [201, 201],
    [2500, 201],
  ])(
    'of %i problems %i are listed, the last says how many there are, and the repetition hears the same',
    async (n, listed) => {
      const { handler } = open();
      work.fail = new DomainError(
        'validation-failed',
        '有误',
        Array.from({ length: n }, (_, i) => ({
          path: `body.trainees[${i}].idNumber`,
          message: `第${i}行：身份证号码有误，请按身份证核对后更正，并检查其余各栏是否与报名表一致`,
        })),
      );
      const first = await call(handler, { ...post, key: `problems-${n}` });
      const again = await call(handler, { ...post, key: `problems-${n}` });
      expect([first.status, again.status, first.body.problems.length]).toEqual([400, 400, listed]);
      expect(again.body).toEqual(first.body);
      const { path, message } = first.body.problems.at(-1);
      const isSum = n > 200;
      expect([path, message.includes(`共${n}处有误`)]).toEqual([
        isSum ? '' : `body.trainees[${n - 1}].idNumber`,
        isSum,
      ]);
      expect(work.did).toHaveLength(1);
    },
  );

  test('too many requests are not remembered: the same one may succeed a moment later', async () => {
    const { handler } = open();
    work.fail = new DomainError('too-many-requests', '请稍后');
    expect((await call(handler, { ...post, key: 'too-many-1' })).status).toBe(429);
    delete work.fail;
    expect((await call(handler, { ...post, key: 'too-many-1' })).status).toBe(201);
  });

  describe('an answer with personal data', () => {
    const counts = (edge: RecordedEdge, name: string) => edge.counted.filter((metric) => metric.name === name).length;
    const look = { route: 'GET /things/{thingId}/people', path: { thingId: '7' } };

    test.each([
      [mostDisclosuresAnHour - 1, 0],
      [mostDisclosuresAnHour, 0],
      [mostDisclosuresAnHour + 1, 1],
      [mostDisclosuresAnHour + 2, 2],
    ])('taken %i times within an hour by one person counts %i as too many', async (times, excessive) => {
      const { handler, edge } = open();
      const disclosures = createDisclosureCount(engine.table);
      const counting = createHttpHandler(routes, work, { ...edge, disclosures });
      const person = { ...auditor, subject: `reader of ${times}` };
      for (let n = 0; n < times; n += 1) expect((await call(counting, { ...look, as: person })).status).toBe(200);
      // Another person, and another office's person of the same name, have hours of their own.
      await call(counting, { ...look, as: { ...person, subject: `other of ${times}` } });
      await call(counting, { ...look, as: { ...person, tenant: 'audit-2' } });
      expect(counts(edge, 'PersonalDataDownloads')).toBe(times + 2);
      expect(counts(edge, 'PersonalDataDownloadsExcessive')).toBe(excessive);
      await call(handler, { ...post });
      expect(counts(edge, 'PersonalDataDownloads')).toBe(times + 2);
    });

    test('the next hour begins anew', async () => {
      const disclosures = createDisclosureCount(engine.table);
      const at = (instant: string) => disclosures.add({ tenant: 't', subject: 's' }, new Date(instant));
      expect(await at('2021-03-01T01:00:00.000Z')).toBe(1);
      expect(await at('2021-03-01T01:59:59.999Z')).toBe(2);
      expect(await at('2021-03-01T02:00:00.000Z')).toBe(1);
    });

    test('does not go out when it cannot be counted, and a refusal is none', async () => {
      const { edge } = open();
      const add = () => Promise.reject(new Error('no counter'));
      const handler = createHttpHandler(routes, work, { ...edge, disclosures: { add } });
      const lost = await call(handler, { ...look, as: auditor });
      expect([lost.status, JSON.stringify(lost.body)]).toEqual([500, expect.not.stringContaining('330302')]);
      work.fail = new DomainError('not-found', '没有');
      expect((await call(handler, { ...look, as: auditor })).status).toBe(404);
      expect(counts(edge, 'PersonalDataDownloads')).toBe(0);
    });

    test('needs somebody who counts: a function without one does not start', () => {
      const { disclosures: _, ...edge } = open().edge;
      expect(() => createHttpHandler(routes, work, edge)).toThrow('GET /things/{thingId}/people');
    });
  });

  test('a refusal is remembered, a failure of ours is not', async () => {
    const { handler } = open();
    work.fail = new DomainError('state-not-permitted', '不行');
    expect((await call(handler, { ...post, key: 'refused-1' })).status).toBe(409);
    delete work.fail;
    expect((await call(handler, { ...post, key: 'refused-1' })).status).toBe(409);
    work.fail = new Error('disk full of 330302199001011234');
    const failed = await call(handler, { ...post, key: 'failed-01' });
    expect([failed.status, failed.body.title]).toEqual([500, 'internal-error']);
    delete work.fail;
    expect((await call(handler, { ...post, key: 'failed-01' })).status).toBe(201);
  });

  test('the log names the role of whoever asked, and nothing else of them', async () => {
    const { handler, edge } = open();
    expect((await call(handler, { ...post, as: auditor })).status).toBe(403);
    await call(handler, post);
    await call(handler, { route: 'GET /open' });
    const told = edge.logged.map(({ event, fields }) => [event, (fields as { role?: string }).role]);
    expect(told).toEqual([
      ['request-refused', 'auditor'],
      ['request-served', 'applicant'],
      ['request-served', undefined],
    ]);
    expect(JSON.stringify(edge.logged)).not.toContain(applicant.name);
  });

  test('a failure is told without its message, which may quote data', async () => {
    const { handler, edge } = open();
    work.fail = new Error('secret');
    const failed = await call(handler, post);
    expect(JSON.stringify(failed)).not.toContain('secret');
    expect(edge.counted).toContainEqual({ name: 'RequestsFailed', value: 1 });
  });

  test('every problem of a body is named with its path, in Chinese', async () => {
    const { handler } = open();
    const answer = await call(handler, { ...post, body: { text: '', count: 1.5, extra: 1 } });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.problems.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'body.count',
      'body.extra',
      'body.text',
    ]);
    for (const { message } of answer.body.problems) expect(message).toMatch(/[\u4e00-\u9fff]/);
  });

  test.each([
    ['no token', { as: undefined }, 401, 'unauthenticated'],
    ['a role without the right', { as: auditor }, 403, 'forbidden'],
    ['an id that cannot be one', { path: { thingId: 'x' } }, 404, 'not-found'],
    ['broken JSON', { rawBody: '{"text":' }, 400, 'malformed-json'],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type'],
    ['no key', { key: '' }, 400, 'idempotency-key-missing'],
    ['a key of 7 characters', { key: '1234567' }, 400, 'idempotency-key-missing'],
    ['no body', { body: undefined }, 400, 'validation-failed'],
  ])('%s', async (_, change, status, title) => {
    const { handler } = open();
    const answer = await call(handler, { ...post, ...(change as object) });
    expect([answer.status, answer.body.title]).toEqual([status, title]);
    expect(work.did).toEqual([]);
  });

  test('a public route needs no token and no key; text is sent as it is', async () => {
    const { handler } = open();
    const answer = await call(handler, { route: 'GET /open' });
    expect([answer.status, answer.body, answer.headers['content-type']]).toEqual([200, '<p>', 'text/html']);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test('a route that the table does not know is not found', async () => {
    const { handler } = open();
    expect((await call(handler, { route: 'GET /elsewhere', as: applicant })).status).toBe(404);
  });
});
