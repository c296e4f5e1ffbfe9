import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Events, OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { LOOPBACK } from '../engines/loopback.ts';
import { findByName } from '../template/names.ts';
import type { SampleUser } from '../users.ts';
import { loginPage } from './login-page.ts';

/** An OpenID Connect issuer whose users are the sample users and whose time is virtual. */
export interface Issuer {
  readonly url: string;
  /** The private signing key (JWK), so that tokens outlive a restart. */
  readonly signingKey: Readonly<Record<string, unknown>>;
  /** A token for a sample user, or for any claims at all; claims given win over everything, `exp` and `iss` too. */
  readonly token: (user: string | Readonly<Record<string, unknown>>) => Promise<string>;
  stop(): Promise<void>;
}

export interface IssuerOptions {
  readonly users: readonly SampleUser[];
  readonly audience: string;
  readonly now: () => number;
  readonly signingKey?: Readonly<Record<string, unknown>> | undefined;
  /** Port of an earlier run: the same issuer, if it is still free. */
  readonly port?: number | undefined;
}

const TOKEN_SECONDS = 3600;

export async function startIssuer({ users, audience, now, signingKey, port }: IssuerOptions): Promise<Issuer> {
  const issuer = new OAuth2Issuer();
  const key = signingKey === undefined ? await issuer.keys.generate('RS256') : await issuer.keys.add({ ...signingKey });
  const service = new OAuth2Service(issuer);
  /** Who stands behind an authorization code or a refresh token. */
  const grants = new Map<string, string>();

  const claimsOf = (userName: string): Record<string, unknown> => ({ ...findUser(users, userName).claims });
  const seconds = (): number => Math.floor(now() / 1000);
  const stamp = (payload: Record<string, unknown>): void => {
    Object.assign(payload, { iat: seconds(), nbf: seconds() - 10, exp: seconds() + TOKEN_SECONDS, aud: audience });
  };

  service.on(Events.BeforeTokenSigning, (token, request) => {
    stamp(token.payload);
    const { code, refresh_token, username, nonce } = request.body ?? {};
    const userName = grants.get(String(code ?? refresh_token)) ?? username;
    if (typeof userName === 'string') Object.assign(token.payload, claimsOf(userName));
    if (nonce !== undefined) token.payload['nonce'] = nonce;
  });
  service.on(Events.BeforeAuthorizeRedirect, ({ url }, request) => {
    const userName = new URL(request.url ?? '/', issuer.url).searchParams.get('login_hint');
    const code = url.searchParams.get('code');
    if (userName !== null && code !== null) grants.set(code, userName);
  });
  service.on(Events.BeforeResponse, (response, request) => {
    const { code, refresh_token } = request.body ?? {};
    const userName = grants.get(String(code ?? refresh_token));
    if (code !== undefined) {
      // A code is good once. The mock server itself would take any.
      grants.delete(String(code));
      if (userName === undefined) {
        response.statusCode = 400;
        response.body = { error: 'invalid_grant', error_description: 'unknown or used authorization code' };
        return;
      }
    }
    const issued = (response.body as Record<string, unknown> | undefined)?.['refresh_token'];
    if (typeof issued === 'string' && userName !== undefined) grants.set(issued, userName);
  });
  service.on(Events.BeforeUserinfo, (response, request) => {
    const claims = payloadOf(String(request.headers.authorization));
    if (claims !== undefined) response.body = claims;
  });

  const server = createServer((request, reply) => {
    if (asksWhoToBe(request, users)) sendLoginPage(request, reply, users);
    else service.requestHandler(request, reply);
  });
  await listen(server, port);
  issuer.url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;

  return {
    url: issuer.url,
    signingKey: key,
    token: (user) =>
      issuer.buildToken({
        scopesOrTransform: (_header, payload) => {
          stamp(payload);
          Object.assign(payload, typeof user === 'string' ? claimsOf(user) : user);
        },
      }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function findUser(users: readonly SampleUser[], userName: string): SampleUser {
  const nameable = users.map((user) => ({ user, logicalId: user.claims.sub, name: user.userName, path: undefined }));
  return findByName(nameable, userName, 'sample user').user;
}

/** `/authorize` without a known user: somebody has to choose first. */
function asksWhoToBe(request: IncomingMessage, users: readonly SampleUser[]): boolean {
  const url = new URL(request.url ?? '/', 'http://issuer');
  const chosen = url.searchParams.get('login_hint');
  return request.method === 'GET' && url.pathname === '/authorize' && !users.some((user) => user.userName === chosen);
}

function sendLoginPage(request: IncomingMessage, reply: ServerResponse, users: readonly SampleUser[]): void {
  const html = loginPage(users, new URL(request.url ?? '/', 'http://issuer'));
  reply.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  reply.end(html);
}

async function listen(server: ReturnType<typeof createServer>, port: number | undefined): Promise<void> {
  const attempt = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(wanted, LOOPBACK, resolve));
  try {
    await attempt(port ?? 0);
  } catch (error) {
    if (port === undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await attempt(0);
  }
}

function payloadOf(authorization: string): object | undefined {
  const [, part] = authorization.split('.');
  try {
    return part === undefined ? undefined : (JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as object);
  } catch {
    return undefined;
  }
}
