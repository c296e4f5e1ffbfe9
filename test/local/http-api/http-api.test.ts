import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FunctionPool, Outcome } from '../../../local/functions/function-pool.ts';
import { readApis } from '../../../local/http-api/api-settings.ts';
import { createHttpApi, type HttpApi } from '../../../local/http-api/http-api.ts';
import { claimsAsText } from '../../../local/http-api/jwt-authorizer.ts';
import type { HttpRequest } from '../../../local/http-api/request-event.ts';
import { deploymentOf } from '../fixtures/stacks.ts';

const now = Date.parse('2021-03-09T08:05:03Z');
const { publicKey, privateKey } = await generateKeyPair('RS256');
const other = await generateKeyPair('RS256');
const elliptic = await generateKeyPair('ES256');
let issuer = '';
const issuerServer = createServer((asked, reply) => {
  const discovery = { jwks_uri: `${issuer}/jwks` };
  // The issuer has a key of another kind too: a token signed by it is genuine, and refused all the same.
  const keys = async () => ({
    keys: [
      { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' },
      { ...(await exportJWK(elliptic.publicKey)), kid: 'e', alg: 'ES256' },
    ],
  });
  void (asked.url === '/jwks' ? keys() : Promise.resolve(discovery)).then((body) => reply.end(JSON.stringify(body)));
});

let outcome: Partial<Outcome> = {};
let events: Record<string, unknown>[] = [];
let refusals: string[] = [];
let answers: number[] = [];
let api: HttpApi;
let delay = 0;

const pool = {
  invoke: async (event: Record<string, unknown>) => {
    events.push(event);
    await new Promise((resolve) => setTimeout(resolve, delay));
    return { requestId: 'r', ...outcome };
  },
} as unknown as FunctionPool;

function createApi(properties: object = {}, stage: object = { StageName: '$default' }): HttpApi {
  const ApiId = { Ref: 'Api' };
  const route = (RouteKey: string, more: object = {}) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId, RouteKey, Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] }, ...more },
  });
  const secured = { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Jwt' } };
  const deployment = deploymentOf({
    resources: {
      Fn: { Type: 'AWS::Lambda::Function' },
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', ...properties } },
      Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId, ...stage } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId,
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Fn', 'Arn'] },
          PayloadFormatVersion: '2.0',
          TimeoutInMillis: 200,
        },
      },
      Jwt: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: { ApiId, AuthorizerType: 'JWT', JwtConfiguration: { Issuer: issuer, Audience: ['jipei'] } },
      },
      Open: route('POST /open/{id}'),
      OpenGet: route('GET /open/{id}'),
      Secure: route('GET /claims', secured),
      Scoped: route('GET /scoped', { ...secured, AuthorizationScopes: ['claims:read', 'admin'] }),
    },
  });
  const [settings] = readApis(deployment);
  if (settings === undefined) throw new Error('no API');
  return createHttpApi({
    settings,
    poolOf: () => pool,
    now: () => now,
    throttled: true,
    onAnswer: (status) => answers.push(status),
    onRefusal: (reason) => refusals.push(reason),
  });
}

function request(method: string, url: string, headers: Record<string, string> = {}, body = ''): HttpRequest {
  const [path = '', queryString = ''] = url.split('?');
  return {
    method,
    path,
    queryString,
    headers: { host: '127.0.0.1:8080', ...headers },
    cookies: [],
    body: Buffer.from(body),
    sourceIp: '10.1.2.3',
    protocol: 'HTTP/1.1',
  };
}

const text = (body: Buffer): string => body.toString('utf8');

async function tokenOf(claims: object, key = privateKey, header: object = {}): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const payload = { iss: issuer, aud: 'jipei', iat: seconds, exp: seconds + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k', ...header }).sign(key);
}

beforeAll(async () => {
  await new Promise<void>((resolve) => issuerServer.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
});
afterAll(() => issuerServer.close());
beforeEach(() => {
  [events, refusals, answers, delay] = [[], [], [], 0];
  outcome = { kind: 'returned', payload: { statusCode: 200, body: 'ok' } };
  api = createApi();
});

describe('event of payload format 2.0', () => {
  test('has the parts of API Gateway', async () => {
    const cookies = ['a=1', 'b=2'];
    await api({
      ...request(
        'POST',
        '/open/%E6%B8%A9?x=1&y=2&x=3',
        { 'content-type': 'application/json', 'x-forwarded-for': '1.1.1.1', 'user-agent': 'test' },
        '{"a":1}',
      ),
      cookies,
    });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'POST /open/{id}',
      rawPath: '/open/温',
      rawQueryString: 'x=1&y=2&x=3',
      cookies,
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': '1.1.1.1, 10.1.2.3',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { x: '1,3', y: '2' },
      pathParameters: { id: '温' },
      requestContext: {
        accountId: '111122223333',
        apiId: 'api',
        http: { method: 'POST', path: '/open/温', protocol: 'HTTP/1.1', sourceIp: '10.1.2.3', userAgent: 'test' },
        routeKey: 'POST /open/{id}',
        stage: '$default',
        time: '09/Mar/2021:08:05:03 +0000',
        timeEpoch: now,
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(events[0]?.['requestContext']).not.toHaveProperty('authorizer');
  });

  test('leaves out what is not there', async () => {
    await api(request('GET', '/open/1'));
    for (const name of ['cookies', 'queryStringParameters', 'body']) expect(events[0]).not.toHaveProperty(name);
  });

  test.each([
    ['application/json', false],
    ['application/problem+json; charset=utf-8', false],
    ['text/csv', false],
    ['application/xml', false],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    ['multipart/form-data; boundary=x', true],
    ['image/svg', true],
  ])('a body of %s is base64: %s', async (type, encoded) => {
    await api(request('POST', '/open/1', { 'content-type': type }, 'hello'));
    expect(events[0]).toMatchObject({ isBase64Encoded: encoded, body: encoded ? 'aGVsbG8=' : 'hello' });
  });
});

describe('reply', () => {
  test('with status, headers, cookies and a base64 body', async () => {
    outcome = {
      kind: 'returned',
      payload: { statusCode: 201, headers: { 'X-Count': 3 }, cookies: ['a=1'], body: 'aGk=', isBase64Encoded: true },
    };
    const reply = await api(request('GET', '/open/1'));
    expect(reply).toMatchObject({ status: 201, headers: { 'x-count': '3', 'set-cookie': ['a=1'] } });
    expect(text(reply.body)).toBe('hi');
  });

  test.each([
    [{ hello: 1 }, '{"hello":1}'],
    ['plain', 'plain'],
    [[1], '[1]'],
    [null, 'null'],
  ])('a value without status is the JSON body of a 200: %j', async (payload, body) => {
    outcome = { kind: 'returned', payload };
    const reply = await api(request('GET', '/open/1'));
    expect(reply).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(text(reply.body)).toBe(body);
  });

  test.each([
    ['a malformed reply', { kind: 'returned', payload: { statusCode: 'many' } }, 500, 'Internal Server Error'],
    [
      'a body that is no text',
      { kind: 'returned', payload: { statusCode: 200, body: { a: 1 } } },
      500,
      'Internal Server Error',
    ],
    ['an error of the function', { kind: 'failed', error: {} }, 500, 'Internal Server Error'],
    ['a throttled function', { kind: 'throttled' }, 503, 'Service Unavailable'],
  ])('%s', async (_name, result, status, message) => {
    outcome = result as Partial<Outcome>;
    const reply = await api(request('GET', '/open/1'));
    expect([reply.status, text(reply.body)]).toEqual([status, JSON.stringify({ message })]);
    expect(answers).toEqual([status]);
  });

  test('a function that takes longer than the integration allows', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      delay = 1000;
      const reply = api(request('GET', '/open/1'));
      await vi.advanceTimersByTimeAsync(200);
      expect((await reply).status).toBe(503);
    } finally {
      vi.useRealTimers();
    }
  });

  test('no route, a broken path, a body one byte too large', async () => {
    expect((await api(request('GET', '/nowhere'))).status).toBe(404);
    expect((await api(request('GET', '/open/%zz'))).status).toBe(400);
    const large = request('POST', '/open/1');
    expect((await api({ ...large, body: Buffer.alloc(10 * 1024 * 1024) })).status).toBe(200);
    expect((await api({ ...large, body: Buffer.alloc(10 * 1024 * 1024 + 1) })).status).toBe(413);
  });
});

describe('JWT authorizer', () => {
  const get = async (path: string, token?: string) =>
    api(request('GET', path, token === undefined ? {} : { authorization: token }));

  test('hands the claims on as text', async () => {
    const token = await tokenOf({
      sub: 'u',
      duties: ['preparer', 'approver'],
      n: 5,
      yes: true,
      o: { b: 1, a: ['x'] },
      scope: 'admin',
    });
    await get('/claims', `Bearer ${token}`);
    expect(events[0]?.['requestContext']).toMatchObject({
      authorizer: {
        jwt: {
          claims: { sub: 'u', duties: '[preparer approver]', n: '5', yes: 'true', o: 'map[a:[x] b:1]', aud: 'jipei' },
          scopes: null,
        },
      },
    });
  });

  test('takes a token without the word Bearer too', async () => {
    expect((await get('/claims', await tokenOf({}))).status).toBe(200);
  });

  test.each([
    ['no token', () => undefined],
    ['not a token', () => 'Bearer nonsense'],
    ['expired a second ago', () => tokenOf({ exp: Math.floor(now / 1000) - 1 })],
    ['not valid yet', () => tokenOf({ nbf: Math.floor(now / 1000) + 5 })],
    ['another audience', () => tokenOf({ aud: 'other' })],
    ['no audience at all', () => tokenOf({ aud: undefined })],
    ['another issuer', () => tokenOf({ iss: 'http://elsewhere' })],
    ['signed by somebody else', () => tokenOf({}, other.privateKey)],
    ['another algorithm', () => tokenOf({}, elliptic.privateKey, { alg: 'ES256', kid: 'e' })],
  ])('%s → 401', async (_name, make) => {
    const token = await make();
    const reply = await get('/claims', token);
    expect(reply).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(text(reply.body)).toBe('{"message":"Unauthorized"}');
    expect(events).toEqual([]);
    expect(refusals).toHaveLength(1);
  });

  test('client_id stands in for a missing audience, one of several audiences is enough', async () => {
    expect((await get('/claims', await tokenOf({ aud: undefined, client_id: 'jipei' }))).status).toBe(200);
    expect((await get('/claims', await tokenOf({ aud: ['x', 'jipei'] }))).status).toBe(200);
    expect((await get('/claims', await tokenOf({ aud: 'other', client_id: 'jipei' }))).status).toBe(401);
  });

  test('a scope of the route is needed', async () => {
    const without = await get('/scoped', await tokenOf({ scope: 'claims:write' }));
    expect([without.status, text(without.body)]).toEqual([403, '{"message":"Forbidden"}']);
    await get('/scoped', await tokenOf({ scope: 'x claims:read' }));
    expect(events[0]?.['requestContext']).toMatchObject({ authorizer: { jwt: { scopes: ['claims:read'] } } });
  });

  test('claims that are no text', () => {
    expect(claimsAsText({ a: null, b: [], c: {}, d: 1.5 })).toEqual({ a: 'null', b: '[]', c: 'map[]', d: '1.5' });
  });
});

describe('CORS', () => {
  const cors = {
    CorsConfiguration: {
      AllowOrigins: ['https://portal.example'],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['authorization'],
      ExposeHeaders: ['location'],
      MaxAge: 600,
    },
  };
  const preflight = (origin: string) =>
    request('OPTIONS', '/claims', { origin, 'access-control-request-method': 'GET' });

  test('a preflight request is answered without a token or a function', async () => {
    const reply = await createApi(cors)(preflight('https://portal.example'));
    expect(reply).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://portal.example',
        'access-control-allow-methods': 'GET,POST',
        'access-control-allow-headers': 'authorization',
        'access-control-max-age': '600',
      },
    });
    expect(events).toEqual([]);
  });

  test('another origin gets no permission', async () => {
    const reply = await createApi(cors)(preflight('https://evil.example'));
    expect([reply.status, reply.headers]).toEqual([204, {}]);
  });

  test('answers carry the permission, errors too', async () => {
    const allowed = {
      'access-control-allow-origin': 'https://portal.example',
      'access-control-expose-headers': 'location',
    };
    const withCors = createApi(cors);
    expect((await withCors(request('GET', '/open/1', { origin: 'https://portal.example' }))).headers).toMatchObject(
      allowed,
    );
    expect((await withCors(request('GET', '/claims', { origin: 'https://portal.example' }))).headers).toMatchObject(
      allowed,
    );
    expect((await withCors(request('GET', '/open/1'))).headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('without configuration OPTIONS is a method like others', async () => {
    expect((await api(preflight('https://portal.example'))).status).toBe(404);
  });
});

describe('throttling', () => {
  const statuses = async (stage: object, paths: string[]) => {
    const throttled = createApi({}, { StageName: '$default', ...stage });
    const all = [];
    for (const path of paths) all.push((await throttled(request('GET', path))).status);
    return all;
  };

  test('the burst passes, one more does not', async () => {
    const limits = { DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 } };
    expect(await statuses(limits, ['/open/1', '/open/2', '/open/3'])).toEqual([200, 200, 429]);
  });

  test("a route's own limit is its own", async () => {
    const limits = {
      DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 5 },
      RouteSettings: { 'GET /open/{id}': { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 } },
    };
    expect(await statuses(limits, ['/open/1', '/open/2', '/claims'])).toEqual([200, 429, 401]);
  });
});

describe('stages', () => {
  test('a named stage is the beginning of the path, or may be left out', async () => {
    const staged = createApi({}, { StageName: 'v1' });
    expect((await staged(request('GET', '/v1/open/7'))).status).toBe(200);
    expect(events[0]).toMatchObject({ pathParameters: { id: '7' }, requestContext: { stage: 'v1' } });
  });
});
