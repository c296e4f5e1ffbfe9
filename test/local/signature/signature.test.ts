import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { parseAmzDate } from '../../../local/signature/amz-date.ts';
import { Sha256 } from '../../../local/signature/sha256.ts';
import { type RefusalReason, SignatureRefused } from '../../../local/signature/signature-refused.ts';
import type { Signatory, SignedRequest } from '../../../local/signature/signed-request.ts';
import { verifyAuthorizationHeader } from '../../../local/signature/verify-authorization-header.ts';
import { verifyPresignedQuery } from '../../../local/signature/verify-presigned-query.ts';
import { verifySignedPolicy } from '../../../local/signature/verify-signed-policy.ts';

const NOW = new Date('2026-03-02T04:05:06Z');
const CREDENTIALS = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' };
const SIGNATORY: Signatory = { service: 'kms', region: 'cn-north-1', ...CREDENTIALS, now: () => NOW };

async function reasonOf(check: Promise<unknown>): Promise<RefusalReason | 'accepted'> {
  try {
    await check;
    return 'accepted';
  } catch (error) {
    if (error instanceof SignatureRefused) return error.reason;
    throw error;
  }
}

function client(overrides: { region?: string; service?: string; secretAccessKey?: string; accessKeyId?: string } = {}) {
  const { region = 'cn-north-1', service = 'kms', ...credentials } = overrides;
  return new SignatureV4({
    service,
    region,
    credentials: { ...CREDENTIALS, ...credentials },
    sha256: Sha256,
    applyChecksum: false,
  });
}

const BODY = Buffer.from('{"KeyId":"k"}');

async function signed(
  signer = client(),
  signingDate = NOW,
  headers: Record<string, string> = {},
): Promise<SignedRequest> {
  const request = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      query: {},
      headers: { host: '127.0.0.1:4000', 'x-amz-target': 'TrentService.Decrypt', ...headers },
      body: BODY,
    },
    { signingDate },
  );
  return { method: 'POST', path: '/', query: {}, headers: request.headers, body: BODY };
}

describe('the hash for the signer', () => {
  test('is SHA-256, and with a secret its HMAC', async () => {
    const plain = new Sha256();
    plain.update(Buffer.from('ab'));
    plain.update(Buffer.from('c'));
    expect(Buffer.from(await plain.digest()).toString('hex')).toBe(createHash('sha256').update('abc').digest('hex'));
    for (const secret of ['key', Buffer.from('key'), new Uint8Array(Buffer.from('key')).buffer]) {
      const keyed = new Sha256(secret);
      keyed.update(Buffer.from('forgotten'));
      keyed.reset();
      keyed.update(Buffer.from('abc'));
      expect(Buffer.from(await keyed.digest()).toString('hex')).toBe(
        createHmac('sha256', 'key').update('abc').digest('hex'),
      );
    }
  });
});

describe('signing dates', () => {
  test.each([
    ['20260302T040506Z', '2026-03-02T04:05:06.000Z'],
    ['20240229T000000Z', '2024-02-29T00:00:00.000Z'],
    ['20250229T000000Z', undefined],
    ['20260302T240000Z', undefined],
    ['20261302T000000Z', undefined],
    ['2026-03-02T04:05:06Z', undefined],
    ['20260302T040506', undefined],
    ['', undefined],
  ])('%j is %s', (text, expected) => {
    expect(parseAmzDate(text)?.toISOString()).toBe(expected);
  });
});

function without(header: string): (request: SignedRequest) => SignedRequest {
  return ({ headers, ...request }) => ({
    ...request,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header)),
  });
}

describe('an Authorization header', () => {
  test('signed by the right secret over the whole request is accepted', async () => {
    expect(await reasonOf(verifyAuthorizationHeader(await signed(), SIGNATORY))).toBe('accepted');
  });

  test('does not cover what a proxy adds', async () => {
    const request = await signed();
    const headers = { ...request.headers, accept: '*/*', 'user-agent': 'x', 'accept-encoding': 'gzip' };
    expect(await reasonOf(verifyAuthorizationHeader({ ...request, headers }, SIGNATORY))).toBe('accepted');
  });

  test.each<[string, (request: SignedRequest) => SignedRequest, RefusalReason]>([
    ['another body', (request) => ({ ...request, body: Buffer.from('{"KeyId":"other"}') }), 'does-not-match'],
    ['another method', (request) => ({ ...request, method: 'PUT' }), 'does-not-match'],
    ['another path', (request) => ({ ...request, path: '/other' }), 'does-not-match'],
    ['another query', (request) => ({ ...request, query: { a: 'b' } }), 'does-not-match'],
    [
      'another host',
      (request) => ({ ...request, headers: { ...request.headers, host: 'elsewhere' } }),
      'does-not-match',
    ],
    [
      'another signed header',
      (request) => ({ ...request, headers: { ...request.headers, 'x-amz-target': 'TrentService.Encrypt' } }),
      'does-not-match',
    ],
    ['a signed header missing', without('x-amz-target'), 'does-not-match'],
    [
      'an x-amz header added',
      (request) => ({ ...request, headers: { ...request.headers, 'x-amz-extra': '1' } }),
      'headers-not-signed',
    ],
    ['no Authorization', without('authorization'), 'anonymous'],
    [
      'a basic Authorization',
      (request) => ({ ...request, headers: { ...request.headers, authorization: 'Basic YTpi' } }),
      'malformed',
    ],
    [
      'one digit of the signature changed',
      (request) => ({
        ...request,
        headers: {
          ...request.headers,
          authorization: (request.headers['authorization'] ?? '').replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
        },
      }),
      'does-not-match',
    ],
    [
      'another day in its scope',
      (request) => ({
        ...request,
        headers: {
          ...request.headers,
          authorization: (request.headers['authorization'] ?? '').replace('/20260302/', '/20260303/'),
        },
      }),
      'malformed',
    ],
  ])('over %s is refused', async (_, tamper, reason) => {
    expect(await reasonOf(verifyAuthorizationHeader(tamper(await signed()), SIGNATORY))).toBe(reason);
  });

  test.each<[string, Parameters<typeof client>[0], RefusalReason]>([
    ['another secret', { secretAccessKey: 'guessed' }, 'does-not-match'],
    ['another access key', { accessKeyId: 'AKIDOTHER' }, 'unknown-access-key'],
    ['another region', { region: 'eu-west-1' }, 'malformed'],
    ['another service', { service: 's3' }, 'malformed'],
  ])('made with %s is refused', async (_, overrides, reason) => {
    expect(await reasonOf(verifyAuthorizationHeader(await signed(client(overrides)), SIGNATORY))).toBe(reason);
  });

  test.each([
    [-901, 'clock-skew'],
    [-900, 'accepted'],
    [900, 'accepted'],
    [901, 'clock-skew'],
  ])('made %i s away from our clock is %s', async (seconds, expected) => {
    const request = await signed(client(), new Date(NOW.getTime() + seconds * 1000));
    expect(await reasonOf(verifyAuthorizationHeader(request, SIGNATORY))).toBe(expected);
  });

  test('may bring a session token, which must be signed', async () => {
    const request = await signed(client(), NOW, { 'x-amz-security-token': 'token' });
    expect(await reasonOf(verifyAuthorizationHeader(request, SIGNATORY))).toBe('accepted');
    const unsigned = await signed();
    const headers = { ...unsigned.headers, 'x-amz-security-token': 'token' };
    expect(await reasonOf(verifyAuthorizationHeader({ ...unsigned, headers }, SIGNATORY))).toBe('headers-not-signed');
  });
});

describe('a presigned query', () => {
  const S3: Signatory = { ...SIGNATORY, service: 's3' };

  async function presigned(expiresIn = 900, extra: Record<string, string> = {}): Promise<SignedRequest> {
    const signer = new SignatureV4({
      service: 's3',
      region: 'cn-north-1',
      credentials: CREDENTIALS,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const request = await signer.presign(
      {
        method: 'PUT',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: '/b/k%20y',
        query: { 'x-id': 'PutObject' },
        headers: { host: '127.0.0.1:4000', ...extra },
        body: {},
      },
      { signingDate: NOW, expiresIn },
    );
    return {
      method: 'PUT',
      path: '/b/k%20y',
      query: request.query as Record<string, string>,
      headers: request.headers,
    };
  }

  test('without a stated hash means an unsigned payload', async () => {
    expect(await verifyPresignedQuery(await presigned(), S3)).toEqual({ payloadHash: 'UNSIGNED-PAYLOAD' });
  });

  test('with a stated hash hands it over', async () => {
    const hash = createHash('sha256').update('x').digest('hex');
    const request = await presigned(900, { 'X-Amz-Content-Sha256': hash });
    expect(await verifyPresignedQuery(request, S3)).toEqual({ payloadHash: hash });
  });

  test.each([
    [0, 'accepted'],
    [60_000, 'accepted'],
    [60_001, 'expired'],
    [-900_000, 'accepted'],
    [-900_001, 'not-yet-valid'],
  ])('that lives 60 s is, %i ms after it was made, %s', async (ms, expected) => {
    const later = { ...S3, now: () => new Date(NOW.getTime() + ms) };
    expect(await reasonOf(verifyPresignedQuery(await presigned(60), later))).toBe(expected);
  });

  test('lives a second at least and a week at most', async () => {
    expect(await reasonOf(verifyPresignedQuery(await presigned(604_800), S3))).toBe('accepted');
    expect(await reasonOf(verifyPresignedQuery(await presigned(1), S3))).toBe('accepted');
    const request = await presigned();
    for (const life of ['604801', '0', '-1', '1.5', 'x', '']) {
      const query = { ...request.query, 'X-Amz-Expires': life };
      expect(await reasonOf(verifyPresignedQuery({ ...request, query }, S3))).toBe('malformed');
    }
  });

  test('cannot be stretched, moved or added to', async () => {
    const request = await presigned(60);
    const changed: readonly SignedRequest[] = [
      { ...request, query: { ...request.query, 'X-Amz-Expires': '600' } },
      { ...request, query: { ...request.query, 'X-Amz-Date': '20260302T040507Z' } },
      { ...request, query: { ...request.query, 'x-id': 'GetObject' } },
      { ...request, query: { ...request.query, more: '1' } },
      { ...request, path: '/b/other' },
      { ...request, method: 'GET' },
      { ...request, headers: { host: '127.0.0.1:4001' } },
    ];
    for (const each of changed) expect(await reasonOf(verifyPresignedQuery(each, S3))).toBe('does-not-match');
  });

  test('lacking a parameter, or with one twice, is malformed', async () => {
    const request = await presigned();
    for (const name of ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature']) {
      const { [`X-Amz-${name}`]: value, ...query } = request.query;
      expect(await reasonOf(verifyPresignedQuery({ ...request, query }, S3))).toBe('malformed');
      const twice = { ...query, [`X-Amz-${name}`]: [String(value), String(value)] };
      expect(await reasonOf(verifyPresignedQuery({ ...request, query: twice }, S3))).toBe('malformed');
    }
  });
});

describe('a signed policy', () => {
  const S3: Signatory = { ...SIGNATORY, service: 's3' };
  const policy = Buffer.from('{"expiration":"2026-03-02T05:00:00Z","conditions":[]}').toString('base64');
  const credential = 'AKIDLOCAL/20260302/cn-north-1/s3/aws4_request';

  async function fields(secretAccessKey = CREDENTIALS.secretAccessKey) {
    const signature = await client({ service: 's3', secretAccessKey }).sign(policy, { signingDate: NOW });
    return { policy, algorithm: 'AWS4-HMAC-SHA256', credential, date: '20260302T040506Z', signature };
  }

  test('is accepted as signed, and in no other way', async () => {
    const right = await fields();
    expect(await reasonOf(verifySignedPolicy(right, S3))).toBe('accepted');
    expect(await reasonOf(verifySignedPolicy(await fields('guessed'), S3))).toBe('does-not-match');
    expect(await reasonOf(verifySignedPolicy({ ...right, policy: `${policy}==` }, S3))).toBe('does-not-match');
    expect(await reasonOf(verifySignedPolicy({ ...right, signature: undefined }, S3))).toBe('anonymous');
    expect(await reasonOf(verifySignedPolicy({ ...right, policy: undefined }, S3))).toBe('anonymous');
    expect(await reasonOf(verifySignedPolicy({ ...right, algorithm: 'none' }, S3))).toBe('malformed');
    expect(await reasonOf(verifySignedPolicy({ ...right, date: 'today' }, S3))).toBe('malformed');
    expect(await reasonOf(verifySignedPolicy({ ...right, credential: undefined }, S3))).toBe('malformed');
  });
});
