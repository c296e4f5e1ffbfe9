import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import { outcome, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const ORIGIN = 'https://portal.example.org';

async function withCors(): Promise<S3Fixture> {
  return startFixture([
    {
      name: BUCKET,
      cors: [
        {
          allowedOrigins: [ORIGIN, 'https://*.county.example.org'],
          allowedMethods: ['PUT', 'GET'],
          allowedHeaders: ['content-type', 'x-amz-*'],
          exposedHeaders: ['ETag', 'x-amz-version-id'],
          maxAgeSeconds: 3000,
        },
        { allowedOrigins: ['*'], allowedMethods: ['HEAD'] },
      ],
    },
    { name: 'closed' },
  ]);
}

function preflight(fixture: S3Fixture, headers: Record<string, string>, bucket = BUCKET): Promise<Response> {
  return fetch(`${fixture.server.endpoint}/${bucket}/k?uploadId=x`, { method: 'OPTIONS', headers });
}

describe('a preflight', () => {
  test('that a rule allows is granted without a signature', async () => {
    const fixture = await withCors();
    const answer = await preflight(fixture, {
      origin: ORIGIN,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'Content-Type, x-amz-checksum-sha256',
    });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'PUT, GET',
      'access-control-allow-headers': 'Content-Type, x-amz-checksum-sha256',
      'access-control-expose-headers': 'ETag, x-amz-version-id',
      'access-control-max-age': '3000',
      'access-control-allow-credentials': 'true',
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    });
  });

  test.each<[string, Record<string, string>, number, string]>([
    [
      'a subdomain by wildcard',
      { origin: 'https://a.b.county.example.org', 'access-control-request-method': 'GET' },
      200,
      '',
    ],
    ['any origin of the second rule', { origin: 'null', 'access-control-request-method': 'HEAD' }, 200, ''],
    [
      'another origin',
      { origin: 'https://evil.example', 'access-control-request-method': 'PUT' },
      403,
      'AccessForbidden',
    ],
    [
      'a look-alike',
      { origin: `${ORIGIN}.evil.example`, 'access-control-request-method': 'PUT' },
      403,
      'AccessForbidden',
    ],
    [
      'the bare domain',
      { origin: 'https://.county.example', 'access-control-request-method': 'PUT' },
      403,
      'AccessForbidden',
    ],
    ['another method', { origin: ORIGIN, 'access-control-request-method': 'DELETE' }, 403, 'AccessForbidden'],
    [
      'another header',
      { origin: ORIGIN, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
      403,
      'AccessForbidden',
    ],
    ['no origin', { 'access-control-request-method': 'PUT' }, 400, 'BadRequest'],
    ['no method', { origin: ORIGIN }, 400, 'BadRequest'],
  ])('from %s', async (_, headers, status, code) => {
    expect(await outcome(await preflight(await withCors(), headers))).toEqual({ code, status });
  });

  test('of a bucket without rules, or none, is refused', async () => {
    const fixture = await withCors();
    const headers = { origin: ORIGIN, 'access-control-request-method': 'PUT' };
    for (const bucket of ['closed', 'absent']) {
      expect(await outcome(await preflight(fixture, headers, bucket))).toEqual({
        code: 'AccessForbidden',
        status: 403,
      });
    }
  });
});

describe('the request itself', () => {
  test('is readable to the page whose origin is allowed, also when it fails', async () => {
    const fixture = await withCors();
    const url = await getSignedUrl(
      fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
      new PutObjectCommand({ Bucket: BUCKET, Key: 'k' }),
      { signingDate: fixture.now() },
    );
    const put = (address: string, origin: string): Promise<Response> =>
      fetch(address, { method: 'PUT', headers: { origin }, body: 'x' });
    const allowed = await put(url, ORIGIN);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-expose-headers')).toBe('ETag, x-amz-version-id');
    const failed = await put(url.replace('/k?', '/j?'), ORIGIN);
    expect(failed.status).toBe(403);
    expect(failed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    const foreign = await put(url, 'https://evil.example');
    expect(foreign.status).toBe(200);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('of any origin is told a star, without credentials', async () => {
    const fixture = await withCors();
    const answer = await fetch(`${fixture.server.endpoint}/${BUCKET}/k`, {
      method: 'HEAD',
      headers: { origin: 'https://x.y' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
