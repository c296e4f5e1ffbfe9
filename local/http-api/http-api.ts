import type { FunctionPool } from '../functions/function-pool.ts';
import type { ApiSettings, Route } from './api-settings.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { gatewayReply, type HttpReply, httpReply } from './function-reply.ts';
import { createJwtAuthorizer, type JwtAuthorizer } from './jwt-authorizer.ts';
import { type HttpRequest, queryParameters, requestEvent } from './request-event.ts';
import { matchRoute } from './route-table.ts';
import { createThrottle, type Throttle } from './throttle.ts';

/** Answers requests of one HTTP API. */
export type HttpApi = (request: HttpRequest) => Promise<HttpReply>;

export interface HttpApiOptions {
  readonly settings: ApiSettings;
  readonly poolOf: (functionArn: string) => FunctionPool;
  readonly now: () => number;
  /** Told of each answered request, and of why a token was refused. */
  readonly onAnswer: (status: number, latencyMs: number) => void;
  readonly onRefusal: (reason: string) => void;
  /** Whether the stage's throttle is kept; a test that means to press on switches it off. */
  readonly throttled: boolean;
}

/** API Gateway takes no larger body. */
export const LARGEST_BODY = 10 * 1024 * 1024;

/** API Gateway behind the HTTP server: authorizer, routing, event, reply. */
export function createHttpApi(options: HttpApiOptions): HttpApi {
  const { settings, poolOf, now, onAnswer, onRefusal } = options;
  const authorizers = new Map<string, JwtAuthorizer>();
  const throttles = new Map<string, Throttle>();

  const authorizerOf = (route: Route): JwtAuthorizer | undefined => {
    if (route.authorizer === undefined) return undefined;
    const key = JSON.stringify(route.authorizer);
    const known = authorizers.get(key) ?? createJwtAuthorizer(route.authorizer, now);
    authorizers.set(key, known);
    return known;
  };

  const letsThrough = (routeKey: string): boolean => {
    const own = settings.routeThrottles[routeKey];
    const limits = own ?? settings.throttle;
    if (limits === undefined || !options.throttled) return true;
    const key = own === undefined ? '' : routeKey;
    const throttle = throttles.get(key) ?? createThrottle(limits.rate, limits.burst);
    throttles.set(key, throttle);
    return throttle();
  };

  const answer = async (request: HttpRequest): Promise<HttpReply> => {
    const { method, headers } = request;
    const origin = headers['origin'];
    if (settings.cors !== undefined && origin !== undefined && isPreflight(method, headers)) {
      return { status: 204, headers: preflightHeaders(settings.cors, origin), body: Buffer.alloc(0) };
    }
    const match = safely(() => matchRoute(settings.routes, method, withoutStage(request.path)));
    if (match === 'malformed') return gatewayReply(400, 'Bad Request');
    if (match === undefined) return gatewayReply(404, 'Not Found');
    const { route, pathParameters } = match;
    if (!letsThrough(route.key)) return gatewayReply(429, 'Too Many Requests');
    const query = queryParameters(request.queryString);
    const verdict = await authorizerOf(route)?.({ headers, query }, route.scopes);
    if (verdict?.allowed === false) {
      onRefusal(`${route.key}: ${verdict.reason}`);
      if (verdict.status === 403) return gatewayReply(403, 'Forbidden');
      return gatewayReply(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
    }
    const identity = verdict && { claims: verdict.claims, scopes: verdict.scopes };
    const event = requestEvent(request, settings, route.key, pathParameters, identity, now());
    return invoke(route, event);
  };

  const invoke = async (route: Route, event: unknown): Promise<HttpReply> => {
    const outcome = await inTime(poolOf(route.functionArn).invoke(event), route.timeoutMs);
    if (outcome === 'late' || outcome.kind === 'throttled') return gatewayReply(503, 'Service Unavailable');
    const reply = outcome.kind === 'returned' ? httpReply(outcome.payload) : undefined;
    return reply ?? gatewayReply(500, 'Internal Server Error');
  };

  const withoutStage = (path: string): string => {
    const prefix = `/${settings.stage}`;
    return settings.stage !== '$default' && (path === prefix || path.startsWith(`${prefix}/`))
      ? path.slice(prefix.length) || '/'
      : path;
  };

  return async (request) => {
    const began = performance.now();
    const reply =
      request.body.length > LARGEST_BODY ? gatewayReply(413, 'Request Entity Too Large') : await answer(request);
    onAnswer(reply.status, performance.now() - began);
    if (settings.cors === undefined) return reply;
    return { ...reply, headers: { ...reply.headers, ...corsHeaders(settings.cors, request.headers['origin']) } };
  };
}

/** A path with a broken percent sign fits nothing. */
function safely<T>(match: () => T): T | 'malformed' {
  try {
    return match();
  } catch (error) {
    if (error instanceof URIError) return 'malformed';
    throw error;
  }
}

/** The function goes on after API Gateway has given up, as on AWS. */
async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'late');
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
