import * as z from 'zod';
import { gatewayReply, type HttpReply } from '../http-api/function-reply.ts';
import { type HttpRequest, queryParameters } from '../http-api/request-event.ts';
import type { LocalCloud } from '../local-cloud.ts';

/** Answers below `/_local`; `undefined` for every other path. */
export type LocalEndpoints = (request: HttpRequest) => Promise<HttpReply> | undefined;

type Action = (cloud: LocalCloud, input: Readonly<Record<string, unknown>>, name: string) => unknown;

const advanceShape = z.union([
  z.strictObject({ ms: z.number().positive(), removeExpired: z.boolean().optional() }),
  z.strictObject({ to: z.iso.datetime({ offset: true }), removeExpired: z.boolean().optional() }),
]);

const deliveryFaultShape = z.strictObject({
  channel: z.enum(['s3', 'stream', 'queue']),
  action: z.enum(['drop', 'duplicate', 'hold', 'reverse']),
  target: z.string().optional(),
  times: z.number().int().positive().optional(),
});

const callFaultShape = z.strictObject({
  function: z.string(),
  action: z.enum(['kill', 'fail', 'lose-reply']),
  operation: z.string().optional(),
  when: z.enum(['before', 'after']).optional(),
  call: z.number().int().positive().optional(),
  times: z.number().int().positive().optional(),
  error: z.string().optional(),
});

const logFilterShape = z.object({
  function: z.string().optional(),
  requestId: z.string().optional(),
  level: z.string().optional(),
  text: z.string().optional(),
  since: z.string().optional(),
  limit: z.coerce.number().optional(),
});

/** What can be asked for; `:name` stands for one path segment. */
const actions: Readonly<Record<string, Action>> = {
  'GET /_local': (cloud) => ({ ...summary(cloud), endpoints: Object.keys(actions) }),
  'GET /_local/clock': (cloud) => ({ now: cloud.clock.now().toISOString() }),
  'POST /_local/clock/advance': (cloud, input) => {
    const { removeExpired, ...target } = advanceShape.parse(input);
    return cloud.clock.advance(target, { removeExpired: removeExpired === true });
  },
  'GET /_local/metrics': (cloud) => cloud.metrics(),
  'GET /_local/logs': (cloud, input) => cloud.logs(withoutUndefined(logFilterShape.parse(input))),
  'GET /_local/alarms': (cloud) => cloud.alarms(),
  'GET /_local/queues': (cloud) => cloud.queues(),
  'GET /_local/calls': (cloud) => cloud.calls(),
  'GET /_local/schedules': (cloud) => cloud.schedules.list(),
  'POST /_local/schedules/:name/fire': async (cloud, _input, name) => {
    await cloud.schedules.fire(name);
    return { fired: name };
  },
  'POST /_local/functions/:name/invoke': (cloud, input, name) => cloud.invoke(name, input),
  'POST /_local/faults/deliveries': (cloud, input) => {
    cloud.faults.deliveries(withoutUndefined(deliveryFaultShape.parse(input)));
    return { armed: true };
  },
  'POST /_local/faults/calls': (cloud, input) => {
    cloud.faults.calls(withoutUndefined(callFaultShape.parse(input)));
    return { armed: true };
  },
  'POST /_local/faults/release': async (cloud) => ({ released: await cloud.faults.letGo() }),
  'DELETE /_local/faults': (cloud) => {
    cloud.faults.clear();
    return { cleared: true };
  },
  'POST /_local/settle': async (cloud) => {
    await cloud.settle();
    return { quiet: true };
  },
  'POST /_local/reload': (cloud) => ({ reloaded: cloud.reload() }),
  'GET /_local/users': (cloud) => cloud.users,
  'POST /_local/users/:name/token': async (cloud, _input, name) => ({ token: await cloud.token(name) }),
};

/** The switches of the local cloud over HTTP: clock, logs, metrics, alarms, schedules, faults, users. */
export function createLocalEndpoints(cloud: LocalCloud): LocalEndpoints {
  return (request) => {
    if (request.path !== '/_local' && !request.path.startsWith('/_local/')) return undefined;
    return answer(cloud, request);
  };
}

async function answer(cloud: LocalCloud, request: HttpRequest): Promise<HttpReply> {
  // A page of the web whose name was bent to this machine must not turn our switches.
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return gatewayReply(403, `not at ${host}`);
  const found = find(request);
  if (found === undefined) return gatewayReply(404, `no such switch; GET /_local lists them`);
  try {
    const body =
      request.body.length === 0 ? {} : (JSON.parse(request.body.toString('utf8')) as Record<string, unknown>);
    const result = await found.action(cloud, { ...queryParameters(request.queryString), ...body }, found.name);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(result)) };
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    return gatewayReply(400, message);
  }
}

function find({ method, path }: HttpRequest): { action: Action; name: string } | undefined {
  const segments = path.replace(/\/$/, '').split('/');
  for (const [key, action] of Object.entries(actions)) {
    const [wantedMethod, pattern = ''] = key.split(' ');
    const parts = pattern.split('/');
    const fits =
      parts.length === segments.length && parts.every((part, index) => part === ':name' || part === segments[index]);
    if (wantedMethod === method && fits) {
      return { action, name: decodeURIComponent(segments[parts.indexOf(':name')] ?? '') };
    }
  }
  return undefined;
}

function summary(cloud: LocalCloud): object {
  return {
    now: cloud.clock.now().toISOString(),
    api: cloud.apiUrl,
    issuer: cloud.issuer,
    engines: cloud.endpoints,
    outputs: cloud.outputs,
  };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Present<T>;
}
