import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { beforeAll, describe, expect, test } from 'vitest';
import { Sha256 } from '../../../local/signature/sha256.ts';
import { CREDENTIALS, outcome, REGION, refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';

/** Signs a request by hand, to send what the SDK never would. */
async function signedFetch(
  fixture: S3Fixture,
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string; query?: Record<string, string> } = {},
): Promise<Response> {
  const url = new URL(fixture.server.endpoint);
  const signer = new SignatureV4({
    service: 's3',
    region: REGION,
    credentials: CREDENTIALS,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: true,
  });
  const { headers = {}, body = '', query = {} } = options;
  const signed = await signer.sign(
    { method, protocol: 'http:', hostname: url.hostname, path, query, headers: { host: url.host, ...headers }, body },
    { signingDate: fixture.now() },
  );
  const { host: _, ...sent } = signed.headers;
  const search = new URLSearchParams(query).toString();
  return fetch(`${url.origin}${path}${search === '' ? '' : `?${search}`}`, {
    method,
    headers: sent,
    ...(body === '' ? {} : { body }),
  });
}

describe('header signatures', () => {
  test('of another secret, key or region are refused, and nothing is stored', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' });
    const forged = fixture.connect({ credentials: { ...CREDENTIALS, secretAccessKey: 'guessed' } });
    expect(await refusal(forged.send(put))).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
    const stranger = fixture.connect({ credentials: { ...CREDENTIALS, accessKeyId: 'AKIDOTHER' } });
    expect(await refusal(stranger.send(put))).toEqual({ code: 'InvalidAccessKeyId', status: 403 });
    const elsewhere = fixture.connect({ region: 'eu-west-1' });
    expect(await refusal(elsewhere.send(put))).toMatchObject({ code: 'AuthorizationHeaderMalformed', status: 400 });
    expect(fixture.blobs()).toEqual([]);
  });

  test('are demanded: buckets are private', async () => {
    const { server, client } = await startFixture([{ name: BUCKET }]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' }));
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', `/${BUCKET}?list-type=2`],
      ['GET', `/${BUCKET}/k`],
      ['PUT', `/${BUCKET}/k`],
      ['DELETE', `/${BUCKET}/k`],
      ['POST', `/${BUCKET}?delete`],
      ['GET', '/absent/k'],
    ] as const) {
      expect(await outcome(await fetch(`${server.endpoint}${path}`, { method }))).toEqual({
        code: 'AccessDenied',
        status: 403,
      });
    }
  });

  test('of a client whose clock is wrong are refused with our time, by which the SDK sets itself right', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' });
    expect(await refusal(fixture.connect({ systemClockOffset: 0 }).send(put))).toEqual({
      code: 'RequestTimeTooSkewed',
      status: 403,
    });
    const patient = fixture.connect({ systemClockOffset: 0, maxAttempts: 2 });
    const answer = await patient.send(put);
    expect(answer.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
  });

  test('with a session token are accepted when it is signed', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const client = fixture.connect({ credentials: { ...CREDENTIALS, sessionToken: 'a-token' } });
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' });
    expect(await refusal(client.send(put))).toEqual({ code: 'accepted', status: 200 });
  });

  test('hold for a query however it encodes a space', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a b', Body: 'x' }));
    // URLSearchParams writes the space as a plus sign, the signature counts it as %20.
    const response = await signedFetch(fixture, 'GET', `/${BUCKET}`, { query: { 'list-type': '2', prefix: 'a b' } });
    expect(await response.text()).toContain('<Key>a b</Key>');
  });

  test('prove the body by its hash', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const hash = (body: string): string => createHash('sha256').update(body).digest('hex');
    const path = `/${BUCKET}/k`;
    const right = await signedFetch(fixture, 'PUT', path, {
      body: 'right',
      headers: { 'x-amz-content-sha256': hash('right') },
    });
    expect(right.status).toBe(200);
    const wrong = await signedFetch(fixture, 'PUT', path, {
      body: 'wrong',
      headers: { 'x-amz-content-sha256': hash('right') },
    });
    expect(await outcome(wrong)).toEqual({ code: 'XAmzContentSHA256Mismatch', status: 400 });
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('right');
  });
});

describe('whatever is not implemented', () => {
  let fixture: S3Fixture;
  beforeAll(async () => {
    const stops: (() => Promise<void>)[] = [];
    fixture = await startFixture([{ name: BUCKET }], { cleanUp: (stop) => stops.push(stop) });
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'untouched' }));
    return stops[0];
  });

  test.each<[string, string, string, { query?: Record<string, string>; headers?: Record<string, string> }]>([
    ['an unknown sub-resource', 'PUT', '/incoming/k', { query: { acl: '' } }],
    ['object tagging', 'PUT', '/incoming/k', { query: { tagging: '' } }],
    ['object attributes', 'GET', '/incoming/k', { query: { attributes: '' } }],
    ['a part by number', 'GET', '/incoming/k', { query: { partNumber: '1' } }],
    ['an unknown parameter', 'GET', '/incoming/k', { query: { constructor: '1' } }],
    ['a parameter of another operation', 'GET', '/incoming/k', { query: { prefix: 'a' } }],
    ['an acl', 'PUT', '/incoming/k', { headers: { 'x-amz-acl': 'public-read' } }],
    ['tags in a header', 'PUT', '/incoming/k', { headers: { 'x-amz-tagging': 'a=b' } }],
    ['encryption', 'PUT', '/incoming/k', { headers: { 'x-amz-server-side-encryption': 'aws:kms' } }],
    ['a storage class', 'PUT', '/incoming/k', { headers: { 'x-amz-storage-class': 'GLACIER' } }],
    ['an unknown x-amz header', 'GET', '/incoming/k', { headers: { 'x-amz-new-thing': '1' } }],
    ['a condition on a deletion', 'DELETE', '/incoming/k', { headers: { 'if-match': '"x"' } }],
    ['the first version of listing', 'GET', '/incoming', {}],
    ['an unknown list type', 'GET', '/incoming', { query: { 'list-type': '3' } }],
    ['bucket policies', 'GET', '/incoming', { query: { policy: '' } }],
    ['bucket deletion', 'DELETE', '/incoming', {}],
    ['a post to an object', 'POST', '/incoming/k', {}],
    ['select', 'POST', '/incoming/k', { query: { select: '', 'select-type': '2' } }],
    ['an unknown method', 'PATCH', '/incoming/k', {}],
    [
      'signed chunks',
      'PUT',
      '/incoming/k',
      { headers: { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' } },
    ],
    ['a copy from an access point', 'PUT', '/incoming/k', { headers: { 'x-amz-copy-source': 'arn:aws:s3:x' } }],
  ])('is answered 501: %s', async (_, method, path, options) => {
    const response = await signedFetch(fixture, method, path, options);
    expect(await outcome(response)).toEqual({ code: 'NotImplemented', status: 501 });
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('untouched');
  });

  test('and who is not known does not even learn that', async () => {
    const { server } = await startFixture([{ name: BUCKET }]);
    expect(await outcome(await fetch(`${server.endpoint}/${BUCKET}/k?acl`))).toEqual({
      code: 'AccessDenied',
      status: 403,
    });
  });
});

describe('requests that no client should send', () => {
  test('addressed by host instead of path are not taken for a path', async () => {
    const { server } = await startFixture([{ name: BUCKET }]);
    const { port } = new URL(server.endpoint);
    const request = get({ port, host: '127.0.0.1', path: '/k', headers: { host: `${BUCKET}.localhost:${port}` } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(501);
    expect(await text(response)).toContain('forcePathStyle');
  });

  test('with a long body are answered all the same', async () => {
    const { server } = await startFixture([{ name: BUCKET }]);
    const response = await fetch(`${server.endpoint}/${BUCKET}/k`, { method: 'PUT', body: Buffer.alloc(20_000_000) });
    expect(await outcome(response)).toEqual({ code: 'AccessDenied', status: 403 });
  });

  test('are answered with what is wrong about them', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const { endpoint } = fixture.server;
    expect(await outcome(await fetch(`${endpoint}/${BUCKET}/%ff`))).toEqual({ code: 'InvalidURI', status: 400 });
    expect(await outcome(await fetch(`${endpoint}/${BUCKET}/a%00b`))).toEqual({ code: 'InvalidURI', status: 400 });
    const owner = await signedFetch(fixture, 'GET', `/${BUCKET}/k`, {
      headers: { 'x-amz-expected-bucket-owner': '111111111111' },
    });
    expect(await outcome(owner)).toEqual({ code: 'AccessDenied', status: 403 });
    const both = await signedFetch(fixture, 'GET', `/${BUCKET}/k`, {
      query: { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256' },
    });
    expect(await outcome(both)).toEqual({ code: 'InvalidArgument', status: 400 });
    const md5 = await signedFetch(fixture, 'PUT', `/${BUCKET}/k`, { body: 'x', headers: { 'content-md5': 'short' } });
    expect(await outcome(md5)).toEqual({ code: 'InvalidDigest', status: 400 });
  });
});
