import * as z from 'zod';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import type { EventLog } from '../../shared/lambda/log.ts';
import { redrivableQueues } from '../../shared/operations/dead-letters.ts';
import type { Redrive } from '../../shared/operations/redrive.ts';
import { type RedriveDependencies, redriveDeadLetters } from '../../shared/operations/redrive-dead-letters.ts';

export interface OperationsDependencies extends RedriveDependencies {
  log: Pick<EventLog, 'error'>;
}

const queueName = z.enum(redrivableQueues, { error: `没有这个队列，请填写 ${redrivableQueues.join(' 或 ')}` });
const depthSchema = z.object({ waiting: z.int(), inFlight: z.int() });
const shownQueue = z.object({ name: queueName, work: depthSchema, deadLetters: depthSchema });

const shownRedrive = z.object({
  id: z.string(),
  state: z.enum(['running', 'done']),
  queue: queueName,
  limit: z.int(),
  moved: z.int(),
  failed: z.int(),
  left: z.int(),
  by: z.string(),
  createdAt: z.string(),
});

function shown({ id, st, queue, limit, moved, failed, left, by, createdAt }: Redrive): z.infer<typeof shownRedrive> {
  return { id, state: st, queue, limit, moved, failed, left, by: by.name, createdAt };
}

/** Running the suite: its queues, and sending dead letters (死信) back to their workers. No message is ever shown. */
export const operationsRoutes: readonly HttpRoute<OperationsDependencies>[] = [
  defineRoute({
    key: 'GET /operations/queues',
    summary: 'Each work queue and its dead-letter queue: about how many messages wait, and are being worked on',
    action: 'operations.read',
    replies: { 200: z.object({ queues: z.array(shownQueue) }) },
    serve: async ({ letters }) => {
      const queues = await Promise.all(
        redrivableQueues.map(async (name) => ({ name, ...(await letters.depths(name)) })),
      );
      return { status: 200, body: { queues } };
    },
  }),
  defineRoute({
    key: 'POST /operations/redrives',
    summary: 'Send dead letters back to the work queue they came from, as many as half a minute allows',
    action: 'operations.redrive',
    body: z.strictObject({
      queue: queueName,
      limit: z.int().min(1, '至少重投1条').max(10_000, '一次最多重投10000条，请分次办理').default(1000),
    }),
    replies: { 200: shownRedrive },
    serve: async (deps, { principal, creationId, body }) => {
      const { redrive, failures } = await redriveDeadLetters(deps, principal, creationId, body);
      for (const { messageId, error } of failures) deps.log.error('redrive-failed', error, { messageId });
      return { status: 200, body: shown(redrive) };
    },
  }),
  defineRoute({
    key: 'GET /operations/redrives',
    summary: 'Who sent dead letters back and what came of it, newest first',
    action: 'operations.read',
    query: z.strictObject({ cursor: z.string().max(2000).optional() }),
    replies: { 200: z.object({ redrives: z.array(shownRedrive), next: z.string().optional() }) },
    serve: async (deps, { query }) => {
      const { redrives, next } = await deps.redrives.list(query.cursor);
      return { status: 200, body: { redrives: redrives.map(shown), next } };
    },
  }),
];
