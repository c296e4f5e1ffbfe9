import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/operations-api/handler.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createDeadLetterQueues } from '../../shared/aws/dead-letter-queues.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createRedriveTable } from '../../shared/aws/redrive-table.ts';
import type { DeadLetters } from '../../shared/operations/dead-letters.ts';
import { verifyAudit } from '../../shared/supervision/audit-export.ts';
import { call, type RecordedEdge, recordedEdge, settableClock } from '../support/http.ts';
import { admin, auditor, enterprise, finance, officerLin } from '../support/people.ts';
import { openTestQueues, type TestQueues } from '../support/queues.ts';
import { openTestTable } from '../support/table.ts';

const department: Principal = { ...officerLin, role: 'department', tenant: 'industry-department/city/city/交通' };

describe('operations-api', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let queues: TestQueues;
  let dead: string;
  let letters: DeadLetters;
  let edge: RecordedEdge;
  let handler: ReturnType<typeof createHandler>;
  const clock = settableClock('2021-03-08T01:00:00Z');
  beforeAll(async () => {
    [engine, queues] = await Promise.all([openTestTable(), openTestQueues()]);
    dead = await queues.create('verify-dead');
    const assess = { work: await queues.create('assess'), deadLetters: await queues.create('assess-dead') };
    const verify = { work: await queues.create('verify'), deadLetters: dead };
    letters = createDeadLetterQueues({ assess, verify }, queues.client);
    edge = recordedEdge(createIdempotencyTable(engine.table), clock);
    handler = createHandler({ letters, redrives: createRedriveTable(engine.table), clock }, edge);
  });
  afterAll(async () => Promise.all([engine.stop(), queues.stop()]));

  const bury = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      await queues.client.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: `{"secret":"body ${n}"}` }));
    }
  };
  const look = async (as: Principal = admin) => call(handler, { route: 'GET /operations/queues', as });
  const redrive = async (body: object, as: Principal = admin, key?: string) => {
    // Redrives of one instant have no order.
    clock.advance(1000);
    const keyed = key === undefined ? {} : { key };
    return call(handler, { route: 'POST /operations/redrives', body, as, ...keyed });
  };
  const list = async (as: Principal = admin) => call(handler, { route: 'GET /operations/redrives', as });
  const none = { waiting: 0, inFlight: 0 };

  test.each([
    ['admin', admin, 200, 200],
    ['auditor', auditor, 200, 403],
    ['officer', officerLin, 403, 403],
    ['department', department, 403, 403],
    ['finance', finance, 403, 403],
    ['applicant', enterprise, 403, 403],
  ])('%s', async (_, as, reads, acts) => {
    expect([(await look(as)).status, (await list(as)).status]).toEqual([reads, reads]);
    expect((await redrive({ queue: 'assess' }, as)).status).toBe(acts);
  });

  test('nobody without a token', async () => {
    expect((await call(handler, { route: 'GET /operations/queues' })).status).toBe(401);
  });

  test('the admin sees what lies dead, sends so much of it back, then the rest', async () => {
    await bury(5);
    expect((await look()).body.queues).toEqual([
      { name: 'assess', work: none, deadLetters: none },
      { name: 'verify', work: none, deadLetters: { waiting: 5, inFlight: 0 } },
    ]);
    const first = await redrive({ queue: 'verify', limit: 3 });
    expect(first.body).toMatchObject({ state: 'done', queue: 'verify', limit: 3, moved: 3, failed: 0, left: 2 });
    const second = await redrive({ queue: 'verify' });
    expect(second.body).toMatchObject({ limit: 1000, moved: 2, left: 0, by: admin.name });
    expect((await letters.depths('verify')).work.waiting).toBe(5);
    const { redrives } = (await list(auditor)).body;
    expect(redrives.slice(0, 2).map(({ id }: { id: string }) => id)).toEqual([second.body.id, first.body.id]);
  });

  test('the same key moves nothing again and gives the same answer', async () => {
    await bury(2);
    const first = await redrive({ queue: 'verify', limit: 1 }, admin, 'redrive-once');
    const again = await redrive({ queue: 'verify', limit: 1 }, admin, 'redrive-once');
    expect(again.body).toEqual(first.body);
    expect((await letters.depths('verify')).deadLetters.waiting).toBe(1);
  });

  test('a call that was cut off goes on under its key, and its record is one', async () => {
    const redrives = createRedriveTable(engine.table);
    const order = { id: '0'.repeat(26), queue: 'verify' as const, limit: 5 };
    const by = { subject: admin.subject, tenant: admin.tenant, role: admin.role, name: admin.name };
    const begun = await redrives.start(order, by, clock.now());
    expect(await redrives.start(order, by, clock.now())).toEqual(begun);
    const done = await redrives.finish(begun, { moved: 1, failed: 0, left: 0 }, by, clock.now());
    expect(done).toMatchObject({ st: 'done', version: 2, moved: 1 });
    await expect(redrives.finish(begun, { moved: 9, failed: 0, left: 0 }, by, clock.now())).rejects.toThrow('更新');
  });

  test('who redrove what is on an audit chain that holds', async () => {
    await bury(1);
    const { id } = (await redrive({ queue: 'verify' })).body;
    const trail = await createAuditTrails(engine.table).read(id, `REDRIVE#${id}`);
    expect(trail.records.map(({ action, by, facts }) => [action, by.subject, facts])).toEqual([
      ['redrive-started', admin.subject, { queue: 'verify', limit: 1000 }],
      ['redrive-done', admin.subject, { queue: 'verify', moved: 2, failed: 0, left: 0 }],
    ]);
    expect(verifyAudit(trail)).toMatchObject({ holds: true, entities: 1, records: 2 });
  });

  test.each([
    ['another queue', { queue: 'schedules' }, 'body.queue', /assess 或 verify/],
    ['none', { queue: 'verify', limit: 0 }, 'body.limit', /至少/],
    ['too many', { queue: 'verify', limit: 10_001 }, 'body.limit', /10000/],
    ['a field that there is not', { queue: 'verify', purge: true }, 'body.purge', /没有这个字段/],
  ])('%s is refused with what to do', async (_, body, path, message) => {
    const refused = await redrive(body);
    expect([refused.status, refused.body.problems[0].path]).toEqual([400, path]);
    expect(refused.body.problems[0].message).toMatch(message);
  });

  test('letters that stay are told in the log by their id; no body is in any log or reply', async () => {
    const stuck: DeadLetters = {
      ...letters,
      moveSome: async () => ({ taken: 1, moved: 0, failures: [{ messageId: 'm-7', error: new Error('full') }] }),
    };
    const failing = createHandler({ letters: stuck, redrives: createRedriveTable(engine.table), clock }, edge);
    const told = await call(failing, { route: 'POST /operations/redrives', body: { queue: 'verify' }, as: admin });
    expect(told.body).toMatchObject({ moved: 0, failed: 1 });
    expect(edge.logged).toContainEqual({
      event: 'redrive-failed',
      fields: { messageId: 'm-7', error: 'Error: full' },
    });
    const everything = JSON.stringify([edge.logged, (await list()).body, (await look()).body]);
    expect(everything).not.toContain('secret');
  });
});
