import type { CorsSettings } from './api-settings.ts';

/** Whether a request asks what the real one may do. */
export function isPreflight(method: string, headers: Readonly<Record<string, string>>): boolean {
  return method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers;
}

/** Headers of the answer to a preflight request; none for an origin that is not allowed. */
export function preflightHeaders(cors: CorsSettings, origin: string): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    ...listed(
      'access-control-allow-methods',
      cors.allowMethods.map((method) => (method === '*' ? allMethods : method)),
    ),
    ...listed('access-control-allow-headers', cors.allowHeaders),
    ...listed('access-control-expose-headers', cors.exposeHeaders),
    ...(cors.maxAge === undefined ? {} : { 'access-control-max-age': String(cors.maxAge) }),
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}

/** Headers of any other answer. */
export function corsHeaders(cors: CorsSettings, origin: string | undefined): Record<string, string> {
  const allowed = origin === undefined ? undefined : allowedOrigin(cors, origin);
  if (allowed === undefined) return {};
  return {
    'access-control-allow-origin': allowed,
    ...listed('access-control-expose-headers', cors.exposeHeaders),
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}

const allMethods = 'GET,HEAD,OPTIONS,PUT,POST,PATCH,DELETE';

function allowedOrigin(cors: CorsSettings, origin: string): string | undefined {
  if (cors.allowOrigins.includes('*')) return cors.allowCredentials ? origin : '*';
  const fits = (pattern: string): boolean =>
    pattern === origin || (pattern.endsWith('://*') && origin.startsWith(pattern.slice(0, -1)));
  return cors.allowOrigins.some(fits) ? origin : undefined;
}

function listed(name: string, values: readonly string[]): Record<string, string> {
  return values.length === 0 ? {} : { [name]: values.join(',') };
}
