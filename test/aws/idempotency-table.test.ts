import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { openTestTable } from '../support/table.ts';

const now = new Date('2021-03-01T01:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const reply = { status: 201, headers: {}, body: '{"id":"1"}' };
const scope = (key: string, subject = 'a') => ({ tenant: 't', subject, route: 'POST /claims', key });

describe('idempotency table', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());

  test('a repetition gets the first reply, another body is told apart', async () => {
    const store = createIdempotencyTable(engine.table);
    expect(await store.begin(scope('k1'), 'h1', now)).toEqual({ kind: 'first' });
    expect(await store.begin(scope('k1'), 'h1', now)).toEqual({ kind: 'in-progress' });
    await store.finish(scope('k1'), 'h1', reply, now);
    expect(await store.begin(scope('k1'), 'h1', later(1))).toEqual({ kind: 'replayed', reply });
    expect(await store.begin(scope('k1'), 'h2', later(1))).toEqual({ kind: 'other-body' });
  });

  test.each([299_999, 300_000, 300_001, 600_000, 600_001, 5_000_000])(
    'a reply of %i bytes is given again as it was',
    async (bytes) => {
      const store = createIdempotencyTable(engine.table);
      // Characters of three bytes, so that some part ends within one.
      const body = '培'.repeat(Math.floor(bytes / 3)) + 'x'.repeat(bytes % 3);
      const large = { status: 201, headers: { location: '/x' }, body };
      const key = `large-${bytes}`;
      await store.begin(scope(key), 'h', now);
      await store.finish(scope(key), 'h', large, now);
      const again = await store.begin(scope(key), 'h', later(1));
      expect(again.kind).toBe('replayed');
      expect(again.kind === 'replayed' && again.reply.body === body).toBe(true);
      expect(again).toMatchObject({ reply: { status: 201, headers: { location: '/x' } } });
    },
  );

  test('of two workers with large replies the one that finished last is heard, whole', async () => {
    const store = createIdempotencyTable(engine.table);
    const large = (letter: string) => ({ status: 200, headers: {}, body: letter.repeat(650_000) });
    await store.begin(scope('two-large'), 'h', now);
    await store.finish(scope('two-large'), 'h', large('a'), now);
    await store.finish(scope('two-large'), 'h', large('b'), now);
    const again = await store.begin(scope('two-large'), 'h', later(1));
    expect(again.kind === 'replayed' && again.reply.body === large('b').body).toBe(true);
  });

  test('keys of different people never meet', async () => {
    const store = createIdempotencyTable(engine.table);
    expect(await store.begin(scope('k2', 'a'), 'h', now)).toEqual({ kind: 'first' });
    expect(await store.begin(scope('k2', 'b'), 'h', now)).toEqual({ kind: 'first' });
    expect(await store.begin({ ...scope('k2'), subject: 'a#b' }, 'h', now)).toEqual({ kind: 'first' });
  });

  test('a lease that ran out is taken over at its very millisecond', async () => {
    const store = createIdempotencyTable(engine.table);
    await store.begin(scope('k3'), 'h', now);
    expect(await store.begin(scope('k3'), 'h', later(59_999))).toEqual({ kind: 'in-progress' });
    expect(await store.begin(scope('k3'), 'h', later(60_000))).toEqual({ kind: 'first' });
  });

  test('a freed key may be used again, a finished one is not freed', async () => {
    const store = createIdempotencyTable(engine.table);
    await store.begin(scope('k4'), 'h', now);
    await store.abandon(scope('k4'), 'h');
    expect(await store.begin(scope('k4'), 'h', now)).toEqual({ kind: 'first' });
    await store.finish(scope('k4'), 'h', reply, now);
    await store.abandon(scope('k4'), 'h');
    expect(await store.begin(scope('k4'), 'h', now)).toEqual({ kind: 'replayed', reply });
  });
});
