import { gunzipSync } from 'node:zlib';
import type { Context } from 'aws-lambda';
import type { IdempotencyStore } from '../../shared/access/idempotency-store.ts';
import type { Principal } from '../../shared/access/principal.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { HttpEdge } from '../../shared/lambda/http-handler.ts';

/** A clock that stands where the test sets it. */
export function settableClock(start: string): Clock & { set(instant: string): void; advance(ms: number): void } {
  let now = new Date(start);
  return {
    now: () => new Date(now),
    set: (instant) => {
      now = new Date(instant);
    },
    advance: (ms) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

/** What the edge told the world, kept for assertions. */
export interface RecordedEdge extends HttpEdge {
  logged: { event: string; fields: unknown }[];
  counted: { name: string; value: number }[];
}

export function recordedEdge(idempotency: IdempotencyStore, clock: Clock): RecordedEdge {
  const logged: RecordedEdge['logged'] = [];
  const counted: RecordedEdge['counted'] = [];
  const disclosed = new Map<string, number>();
  return {
    idempotency,
    clock,
    disclosures: {
      add: async ({ subject }) => {
        const taken = (disclosed.get(subject) ?? 0) + 1;
        disclosed.set(subject, taken);
        return taken;
      },
    },
    logged,
    counted,
    log: {
      info: (event, fields) => logged.push({ event, fields }),
      warn: (event, fields) => logged.push({ event, fields }),
      error: (event, error, fields) => logged.push({ event, fields: { ...fields, error: String(error) } }),
    },
    metrics: { add: (name, value = 1) => counted.push({ name, value }), flush: () => undefined },
  };
}

export interface Call {
  route: string;
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, for broken JSON. */
  rawBody?: string;
  as?: Principal | undefined;
  key?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read replies as they come
  body: any;
}

let calls = 0;

/** Calls a Lambda handler as the HTTP API does (payload 2.0), with a fresh Idempotency-Key unless one is given. */
export async function call(
  handler: (event: never, context: Context) => Promise<unknown>,
  request: Call,
): Promise<Answer> {
  calls += 1;
  const [method = '', template = ''] = request.route.split(' ');
  const rawPath = template.replace(/\{(\w+)\}/g, (_, name: string) => request.path?.[name] ?? '');
  const { as } = request;
  const claims = as && {
    sub: as.subject,
    tenant: as.tenant,
    role: as.role,
    duties: `[${as.duties.join(' ')}]`,
    name: as.name,
  };
  const text = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const event = {
    version: '2.0',
    routeKey: request.route,
    rawPath,
    headers: {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      'idempotency-key': request.key ?? `test-key-${calls}`,
      ...request.headers,
    },
    pathParameters: request.path,
    queryStringParameters: request.query,
    requestContext: {
      http: { method, path: rawPath, sourceIp: '203.0.113.7' },
      authorizer: claims && { jwt: { claims, scopes: [] } },
    },
    body: text,
    isBase64Encoded: false,
  };
  const context = { awsRequestId: `request-${calls}`, getRemainingTimeInMillis: () => 30_000 } as unknown as Context;
  const result = (await handler(event as never, context)) as {
    statusCode: number;
    headers: Record<string, string>;
    body?: string;
  };
  const isJson = result.headers['content-type']?.includes('json') ?? false;
  const isPacked = result.headers['content-encoding'] === 'gzip';
  const told = isPacked ? gunzipSync(Buffer.from(result.body ?? '', 'base64')).toString() : result.body;
  return {
    status: result.statusCode,
    headers: result.headers,
    body: told === undefined ? undefined : isJson ? JSON.parse(told) : told,
  };
}
