import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { JwtAuthorizerSettings } from './api-settings.ts';

/** What an authorizer found; `claims` as API Gateway hands them on. */
export type Verdict =
  | {
      readonly allowed: true;
      readonly claims: Readonly<Record<string, string>>;
      readonly scopes: readonly string[] | null;
    }
  | { readonly allowed: false; readonly status: 401 | 403; readonly reason: string };

export interface TokenRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export type JwtAuthorizer = (request: TokenRequest, routeScopes: readonly string[]) => Promise<Verdict>;

/**
 * Verifies tokens as API Gateway's JWT authorizer does: RS256 only, `aud` or else `client_id`, times by the
 * virtual clock, one of the route's scopes.
 */
export function createJwtAuthorizer(settings: JwtAuthorizerSettings, now: () => number): JwtAuthorizer {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  const findKeys = async (): Promise<ReturnType<typeof createRemoteJWKSet>> => {
    if (keys !== undefined) return keys;
    const discovery = await fetch(`${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { jwks_uri } = (await discovery.json()) as { jwks_uri: string };
    keys = createRemoteJWKSet(new URL(jwks_uri));
    return keys;
  };

  const verify = async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, await findKeys(), {
      issuer: settings.issuer,
      algorithms: ['RS256'],
      currentDate: new Date(now()),
    });
    const audience = payload.aud ?? payload['client_id'];
    const audiences = Array.isArray(audience) ? audience : [audience];
    if (!audiences.some((one) => settings.audience.includes(String(one)))) throw new Error('wrong audience');
    return payload;
  };

  return async (request, routeScopes) => {
    const token = findToken(settings.identitySource, request);
    if (token === undefined) return { allowed: false, status: 401, reason: 'no token' };
    try {
      const payload = await verify(token);
      const scopes = scopesOf(payload);
      const fitting = routeScopes.filter((scope) => scopes.includes(scope));
      if (routeScopes.length > 0 && fitting.length === 0)
        return { allowed: false, status: 403, reason: 'missing scope' };
      return { allowed: true, claims: claimsAsText(payload), scopes: routeScopes.length > 0 ? fitting : null };
    } catch (error) {
      return { allowed: false, status: 401, reason: (error as Error).message };
    }
  };
}

function findToken(identitySource: string, { headers, query }: TokenRequest): string | undefined {
  const [, place, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(identitySource) ?? [];
  const value = place === 'header' ? headers[name.toLowerCase()] : query[name];
  return value?.replace(/^bearer\s+/i, '').trim() || undefined;
}

function scopesOf(payload: JWTPayload): string[] {
  const scope = payload['scope'] ?? payload['scp'];
  if (Array.isArray(scope)) return scope.map(String);
  return typeof scope === 'string' ? scope.split(' ') : [];
}

/** Every claim becomes text: numbers and booleans as they print, lists as `[a b]`, objects as `map[k:v]`. */
export function claimsAsText(payload: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `map[${entries.map(([key, one]) => `${key}:${asText(one)}`).join(' ')}]`;
}
