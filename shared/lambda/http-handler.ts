import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import zhCN from 'zod/v4/locales/zh-CN.js';
import { type DisclosureCount, mostDisclosuresAnHour } from '../access/disclosure-count.ts';
import type { IdempotencyStore } from '../access/idempotency-store.ts';
import { demandAttempt } from '../access/policy.ts';
import { type Principal, principalFromClaims } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { idFromCause } from '../clock/ids.ts';
import { DomainError, notFound, type Problem } from '../errors/domain-error.ts';
import type { HttpReply, HttpRequest, HttpRoute } from './http-route.ts';
import { rememberReply } from './idempotency.ts';
import type { EventLog } from './log.ts';
import type { MetricRecorder } from './metrics.ts';
import { problemOf } from './problem.ts';

/** What every API function's edge needs besides its own use cases. */
export interface HttpEdge {
  idempotency: IdempotencyStore;
  clock: Clock;
  log: EventLog;
  metrics: MetricRecorder;
  /** For functions with routes that disclose personal data. */
  disclosures?: DisclosureCount;
}

// What a schema has no own sentence for is said in Chinese too.
z.config(zhCN());

type Event = APIGatewayProxyEventV2 & {
  body?: unknown;
  rawBody?: string;
  requestContext: { authorizer?: { jwt?: { claims?: Record<string, unknown> } } };
};

const nobody: Principal = { subject: 'public', tenant: 'public', role: 'applicant', duties: [], name: '' };

const baseHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
};

function pathOf(segments: readonly PropertyKey[]): string {
  return segments
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function problemsOf(error: z.ZodError, place: string): Problem[] {
  return error.issues.flatMap((issue) => {
    const path = pathOf([place, ...issue.path]);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: `${path}.${key}`, message: '没有这个字段，请删除或更正字段名' }));
  });
}

function parsePart(schema: z.ZodType | undefined, value: unknown, place: string, problems: Problem[]): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(...problemsOf(parsed.error, place));
  return undefined;
}

function parseRequest<D>(
  route: HttpRoute<D>,
  event: Event,
  principal: Principal,
): HttpRequest<unknown, unknown, unknown> {
  const problems: Problem[] = [];
  const path = parsePart(route.path, event.pathParameters ?? {}, 'path', problems);
  const query = parsePart(route.query, event.queryStringParameters ?? {}, 'query', problems);
  const body = parsePart(route.body, event.body, 'body', problems);
  // An id in the path that cannot be one is simply not there: the same 404 as for an absent record.
  if (problems.length > 0 && problems.every((problem) => problem.path.startsWith('path'))) throw notFound();
  if (problems.length > 0) {
    throw new DomainError('validation-failed', '提交的内容有误，请按下列提示逐项更正后重新提交。', problems);
  }
  const headers = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? '']),
  );
  const key = headers['idempotency-key'] ?? '';
  return {
    path,
    query,
    body,
    principal,
    headers,
    sourceIp: event.requestContext.http.sourceIp,
    creationId: idFromCause(principal.tenant, principal.subject, event.rawPath, key, bodyHash(event)),
  };
}

function principalOf(event: Event): Principal {
  const principal = principalFromClaims(event.requestContext.authorizer?.jwt?.claims ?? {});
  if (principal === undefined) throw new DomainError('unauthenticated', '登录信息缺失或不完整，请重新登录。');
  return principal;
}

// A Lambda answers with 6 MB at most, in which every quotation mark counts twice. The audit trail of 5,000 paid lines has
// 13 MB, and a seventh of it compressed.
const mostPlainBytes = 4_000_000;

/** A long answer goes out compressed (RFC 9110 8.4), whatever the client asked for: it could not go out otherwise. */
function compressed(result: APIGatewayProxyStructuredResultV2): APIGatewayProxyStructuredResultV2 {
  const { body = '' } = result;
  if (result.isBase64Encoded === true || Buffer.byteLength(body) <= mostPlainBytes) return result;
  const headers = { ...result.headers, 'content-encoding': 'gzip' };
  return { ...result, headers, body: gzipSync(body).toString('base64'), isBase64Encoded: true };
}

function toResult(reply: HttpReply): APIGatewayProxyStructuredResultV2 {
  const isText = typeof reply.body === 'string';
  const type: Record<string, string> =
    reply.body === undefined || isText ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return compressed({
    statusCode: reply.status,
    headers: { ...baseHeaders, ...type, ...reply.headers },
    ...(reply.body === undefined ? {} : { body: isText ? (reply.body as string) : JSON.stringify(reply.body) }),
    ...(reply.base64 === true ? { isBase64Encoded: true } : {}),
  });
}

function bodyHash(event: Event): string {
  return createHash('sha256')
    .update(JSON.stringify(event.body ?? null))
    .digest('hex');
}

/** Nothing goes out before it is counted; nobody is kept from working, but somebody will ask. */
async function countDisclosure({ disclosures, metrics, clock }: HttpEdge, principal: Principal): Promise<void> {
  const taken = await disclosures?.add(principal, clock.now());
  metrics.add('PersonalDataDownloads');
  if (taken !== undefined && taken > mostDisclosuresAnHour) metrics.add('PersonalDataDownloadsExcessive');
}

async function answer<D>(
  routes: ReadonlyMap<string, HttpRoute<D>>,
  dependencies: D,
  edge: HttpEdge,
  event: Event,
): Promise<HttpReply> {
  const route = routes.get(event.routeKey);
  if (route === undefined) throw notFound();
  const principal = route.action === 'public' ? nobody : principalOf(event);
  if (route.action !== 'public') demandAttempt(principal, route.action);
  const serve = async (): Promise<HttpReply> => {
    const reply = await route.serve(dependencies, parseRequest(route, event, principal));
    if (route.disclosesPersonalData === true) await countDisclosure(edge, principal);
    return reply;
  };
  if (!route.key.startsWith('POST ') || route.storesNothing === true) return serve();
  const key = event.headers?.['idempotency-key'] ?? event.headers?.['Idempotency-Key'] ?? '';
  const scope = { tenant: principal.tenant, subject: principal.subject, route: `POST ${event.rawPath}`, key };
  return rememberReply(edge, scope, bodyHash(event), serve);
}

/** Wraps a route table into the Lambda handler of an API function: the only place where middy meets HTTP. */
export function createHttpHandler<D>(table: readonly HttpRoute<D>[], dependencies: D, edge: HttpEdge) {
  const routes = new Map<string, HttpRoute<D>>(table.map((route) => [route.key, route]));
  const uncounted = table.find((route) => route.disclosesPersonalData === true && edge.disclosures === undefined);
  if (uncounted !== undefined) throw new Error(`${uncounted.key} discloses personal data, and nobody counts it`);
  const respond = async (event: Event, context: Context, work: () => Promise<HttpReply>) => {
    const started = edge.clock.now().getTime();
    const role = principalFromClaims(event.requestContext.authorizer?.jwt?.claims ?? {})?.role;
    const fields = { requestId: context.awsRequestId, route: event.routeKey, ...(role === undefined ? {} : { role }) };
    try {
      const reply = await work();
      edge.metrics.add('RequestsServed');
      edge.log.info('request-served', {
        ...fields,
        status: reply.status,
        durationMs: edge.clock.now().getTime() - started,
      });
      return toResult(reply);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500) {
        edge.metrics.add('RequestsFailed');
        edge.log.error('request-failed', error, { ...fields, status: problem.status, code: problem.title });
      } else {
        edge.metrics.add(problem.status === 403 ? 'AccessDenied' : 'RequestsRefused');
        edge.log.info('request-refused', { ...fields, status: problem.status, code: problem.title });
      }
      const retry = problem.status === 503 || problem.title === 'request-in-progress' ? { 'retry-after': '2' } : {};
      return toResult({
        status: problem.status,
        body: JSON.stringify(problem),
        headers: { 'content-type': 'application/problem+json; charset=utf-8', ...retry },
      });
    } finally {
      edge.metrics.flush();
    }
  };
  return middy<Event, APIGatewayProxyStructuredResultV2>()
    .use(httpHeaderNormalizer())
    .use({
      before: async ({ event }) => {
        // A request without a body is legal; the parser would take it for a malformed one.
        if (event.body === undefined || event.body === null || event.body === '') delete event.body;
      },
    })
    .use(parseJsonBody())
    .use({ onError: async ({ event, context, error }) => respond(event, context, () => Promise.reject(error)) })
    .handler((event, context) => respond(event, context, () => answer(routes, dependencies, edge, event)));
}

// middy's parser answers 415 to a body of another type and 422 to broken JSON; without a body there is nothing to parse.
function parseJsonBody(): middy.MiddlewareObj<Event> {
  const parser = httpJsonBodyParser();
  return {
    before: async (request) => {
      if (request.event.body === undefined) return;
      await parser.before?.(request as never);
    },
  };
}
