import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Issuer, startIssuer } from '../../../local/identity/issuer.ts';
import { sampleUsers } from '../../../local/users.ts';

let now = Date.parse('2021-03-09T00:00:00Z');
let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer({ users: sampleUsers, audience: 'jipei', now: () => now });
});
afterAll(() => issuer.stop());

const redirect = 'http://127.0.0.1:9/callback';
const verifier = randomBytes(40).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

function authorizeUrl(more: Record<string, string> = {}): string {
  const query = {
    response_type: 'code',
    client_id: 'web',
    redirect_uri: redirect,
    state: 's1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    scope: 'openid',
    ...more,
  };
  return `${issuer.url}/authorize?${new URLSearchParams(query).toString()}`;
}

async function codeFor(userName: string): Promise<string> {
  const reply = await fetch(authorizeUrl({ login_hint: userName }), { redirect: 'manual' });
  const location = new URL(reply.headers.get('location') ?? '');
  expect([location.origin + location.pathname, location.searchParams.get('state')]).toEqual([redirect, 's1']);
  return location.searchParams.get('code') ?? '';
}

async function exchange(body: Record<string, string>) {
  const reply = await fetch(`${issuer.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'web', redirect_uri: redirect, ...body }),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, string> };
}

describe('log-in', () => {
  test('the page names every sample user and leads on with that choice', async () => {
    const reply = await fetch(authorizeUrl({ state: '"><script>alert(1)</script>' }));
    const html = await reply.text();
    expect(reply.headers.get('content-type')).toContain('text/html');
    for (const { label } of sampleUsers) expect(html).toContain(label);
    expect(html).toContain('login_hint=lucheng-officer-1');
    expect(html).not.toContain('<script>');
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('somebody who is no sample user has to choose', async () => {
    const reply = await fetch(authorizeUrl({ login_hint: 'nobody' }), { redirect: 'manual' });
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('选择登录身份')]);
  });

  test('a code with its verifier gives tokens of the user, stamped by the virtual clock', async () => {
    const code = await codeFor('city-officer-2');
    const { body } = await exchange({ grant_type: 'authorization_code', code, code_verifier: verifier });
    const { payload } = await jwtVerify(body['access_token'] ?? '', createRemoteJWKSet(new URL(`${issuer.url}/jwks`)), {
      issuer: issuer.url,
      audience: 'jipei',
      algorithms: ['RS256'],
      currentDate: new Date(now),
    });
    expect(payload).toMatchObject({
      sub: 'qian',
      tenant: 'hr-bureau/city',
      role: 'officer',
      duties: ['preparer', 'approver'],
      iat: now / 1000,
      exp: now / 1000 + 3600,
    });
    expect(decodeJwt(body['id_token'] ?? '')).toMatchObject({ sub: 'qian', name: '钱科长' });
    const userinfo = await fetch(`${issuer.url}/userinfo`, {
      headers: { authorization: `Bearer ${body['access_token']}` },
    });
    expect(await userinfo.json()).toMatchObject({ sub: 'qian' });
  });

  test('a wrong verifier is refused', async () => {
    const code = await codeFor('admin');
    const wrong = randomBytes(40).toString('base64url');
    expect((await exchange({ grant_type: 'authorization_code', code, code_verifier: wrong })).status).toBe(400);
  });

  test('a code is good once', async () => {
    const code = await codeFor('admin');
    expect((await exchange({ grant_type: 'authorization_code', code, code_verifier: verifier })).status).toBe(200);
    expect(await exchange({ grant_type: 'authorization_code', code })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await exchange({ grant_type: 'authorization_code', code: 'made-up' })).status).toBe(400);
  });

  test('a refresh token stays with its user', async () => {
    const code = await codeFor('lin-xiao');
    const first = await exchange({ grant_type: 'authorization_code', code, code_verifier: verifier });
    now += 1_800_000;
    const second = await exchange({ grant_type: 'refresh_token', refresh_token: first.body['refresh_token'] ?? '' });
    expect(decodeJwt(second.body['access_token'] ?? '')).toMatchObject({ sub: 'person-lin', iat: now / 1000 });
  });
});

describe('tokens by hand', () => {
  test('for a user by the end of the name or the subject', async () => {
    expect(decodeJwt(await issuer.token('finance'))).toMatchObject({ role: 'finance' });
    expect(decodeJwt(await issuer.token('xu'))).toMatchObject({ role: 'finance' });
    await expect(issuer.token('nobody')).rejects.toThrow('no sample user is called "nobody"');
  });

  test('claims given win over everything', async () => {
    const token = decodeJwt(await issuer.token({ sub: 'a', exp: 5, aud: 'b', iss: 'c' }));
    expect(token).toMatchObject({ sub: 'a', exp: 5, aud: 'b', iss: 'c' });
  });

  test('a saved key signs tokens that the restarted issuer still knows', async () => {
    const token = await issuer.token({ sub: 'a' });
    const again = await startIssuer({
      users: sampleUsers,
      audience: 'jipei',
      now: () => now,
      signingKey: issuer.signingKey,
    });
    const keys = createRemoteJWKSet(new URL(`${again.url}/jwks`));
    await expect(jwtVerify(token, keys, { currentDate: new Date(now) })).resolves.toBeDefined();
    await again.stop();
  });
});

describe('sample users', () => {
  test('names and subjects are unique, and every role is there', () => {
    expect(new Set(sampleUsers.map((user) => user.userName)).size).toBe(sampleUsers.length);
    expect(new Set(sampleUsers.map((user) => user.claims.sub)).size).toBe(sampleUsers.length);
    expect(new Set(sampleUsers.map((user) => user.claims.role))).toEqual(
      new Set(['applicant', 'officer', 'department', 'finance', 'auditor', 'admin']),
    );
  });

  test('every authority has two officers who may each do both, for two pairs of eyes', () => {
    for (const tenant of [
      'hr-bureau/city',
      'hr-bureau/lucheng',
      'hr-bureau/ouhai',
      'industry-department/city/city/commerce',
    ]) {
      const officers = sampleUsers.filter((user) => user.claims.tenant === tenant && user.claims.duties !== undefined);
      expect(officers.map((user) => user.claims.duties)).toEqual([
        ['preparer', 'approver'],
        ['preparer', 'approver'],
      ]);
    }
  });
});
