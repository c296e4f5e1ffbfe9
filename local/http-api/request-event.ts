import { randomUUID } from 'node:crypto';
import type { ApiSettings } from './api-settings.ts';

/** An HTTP request as the server received it. */
export interface HttpRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly queryString: string;
  /** Names in lower case, several values joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
}

/** Builds the event of payload format 2.0. */
export function requestEvent(
  request: HttpRequest,
  api: ApiSettings,
  routeKey: string,
  pathParameters: Readonly<Record<string, string>>,
  authorizer:
    | { readonly claims: Readonly<Record<string, string>>; readonly scopes: readonly string[] | null }
    | undefined,
  now: number,
): Record<string, unknown> {
  const { method, headers, body, sourceIp } = request;
  const query = queryParameters(request.queryString);
  const path = decodeURIComponent(request.path);
  const host = headers['host'] ?? '';
  const text = isText(headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.queryString,
    ...(request.cookies.length === 0 ? {} : { cookies: request.cookies }),
    headers: {
      ...headers,
      'x-amzn-trace-id': `Root=1-${Math.floor(now / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`,
      'x-forwarded-for':
        headers['x-forwarded-for'] === undefined ? sourceIp : `${headers['x-forwarded-for']}, ${sourceIp}`,
      'x-forwarded-port': host.split(':')[1] ?? '80',
      'x-forwarded-proto': 'http',
    },
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    requestContext: {
      accountId: api.account,
      apiId: api.apiId,
      ...(authorizer === undefined ? {} : { authorizer: { jwt: authorizer } }),
      domainName: host,
      domainPrefix: host.split(/[.:]/)[0],
      http: { method, path, protocol: request.protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey,
      stage: api.stage,
      time: accessLogTime(now),
      timeEpoch: Math.floor(now),
    },
    ...(body.length === 0 ? {} : { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

/** Values of a name that comes several times are joined by commas. */
export function queryParameters(queryString: string): Record<string, string> {
  const all = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(queryString)) all.set(name, [...(all.get(name) ?? []), value]);
  return Object.fromEntries([...all].map(([name, values]) => [name, values.join(',')]));
}

/** Everything else reaches the function as base64. */
function isText(contentType: string | undefined): boolean {
  return contentType === undefined || /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript)\b)/i.test(contentType);
}

/** `12/Mar/2020:19:03:58 +0000`. */
function accessLogTime(now: number): string {
  const [, day, month, year, time] = /, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
