import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, test } from 'vitest';
import { outcome, PATIENTLY, refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const BODY = 'sixteen bytes ok';
const SHA256 = createHash('sha256').update(BODY).digest('base64');

/** The URL as the product makes it: bound to type, length and hash. */
async function presignPut(fixture: S3Fixture, overrides: Partial<PutObjectCommandInput> = {}): Promise<string> {
  return getSignedUrl(
    fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: '证据/a b.mp4',
      ContentType: 'video/mp4',
      ContentLength: BODY.length,
      ChecksumSHA256: SHA256,
      ...overrides,
    }),
    {
      expiresIn: 900,
      signingDate: fixture.now(),
      signableHeaders: new Set(['host', 'content-type', 'content-length', 'if-none-match']),
      unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
    },
  );
}

const HEADERS = { 'content-type': 'video/mp4', 'x-amz-checksum-sha256': SHA256 };

function put(url: string, headers: Record<string, string>, body: string): Promise<Response> {
  return fetch(url, { method: 'PUT', headers, body });
}

describe('a presigned PUT', () => {
  test('stores the object it was made for', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const response = await put(await presignPut(fixture), HEADERS, BODY);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-amz-checksum-sha256')).toBe(SHA256);
    const head = await fixture.client.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: '证据/a b.mp4', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ContentType: 'video/mp4', ContentLength: 16, ChecksumSHA256: SHA256 });
  });

  test.each<[string, Record<string, string>, string, { code: string; status: number }]>([
    ['another type', { ...HEADERS, 'content-type': 'text/html' }, BODY, { code: 'SignatureDoesNotMatch', status: 403 }],
    ['a shorter body', HEADERS, BODY.slice(1), { code: 'SignatureDoesNotMatch', status: 403 }],
    ['a longer body', HEADERS, `${BODY}!`, { code: 'SignatureDoesNotMatch', status: 403 }],
    ['another body of the same length', HEADERS, BODY.toUpperCase(), { code: 'BadDigest', status: 400 }],
    [
      'another checksum',
      { ...HEADERS, 'x-amz-checksum-sha256': createHash('sha256').update('x').digest('base64') },
      BODY,
      { code: 'SignatureDoesNotMatch', status: 403 },
    ],
    ['no checksum', { 'content-type': 'video/mp4' }, BODY, { code: 'SignatureDoesNotMatch', status: 403 }],
    ['no type', { 'x-amz-checksum-sha256': SHA256 }, BODY, { code: 'SignatureDoesNotMatch', status: 403 }],
    ['an unsigned acl', { ...HEADERS, 'x-amz-acl': 'public-read' }, BODY, { code: 'AccessDenied', status: 403 }],
    ['unsigned metadata', { ...HEADERS, 'x-amz-meta-a': 'b' }, BODY, { code: 'AccessDenied', status: 403 }],
  ])('refuses %s and stores nothing', async (_, headers, body, expected) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    expect(await outcome(await put(await presignPut(fixture), headers, body))).toEqual(expected);
    expect(fixture.blobs()).toEqual([]);
  });

  test('cannot be bent to another key, bucket or life', async () => {
    const fixture = await startFixture([{ name: BUCKET }, { name: 'evidence' }]);
    const url = await presignPut(fixture);
    for (const bent of [
      url.replace('a%20b.mp4', 'other.mp4'),
      url.replace(`/${BUCKET}/`, '/evidence/'),
      url.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000'),
      `${url}&x-amz-meta-more=1`,
      `${url}&response-content-type=text%2Fhtml`,
    ]) {
      expect(await outcome(await put(bent, HEADERS, BODY))).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
    }
    expect(fixture.blobs()).toEqual([]);
  });

  test('expires by the virtual clock', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const url = await presignPut(fixture);
    // Signing dates are whole seconds: the fixture's clock stands 789 ms later.
    fixture.advance(900_000 - 789);
    expect((await put(url, HEADERS, BODY)).status).toBe(200);
    fixture.advance(1);
    expect(await outcome(await put(url, HEADERS, BODY))).toEqual({ code: 'AccessDenied', status: 403 });
  });

  test('may be used again while it lives, unless bound to the first use', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const url = await presignPut(fixture);
    expect((await put(url, HEADERS, BODY)).status).toBe(200);
    expect((await put(url, HEADERS, BODY)).status).toBe(200);
    const single = await presignPut(fixture, { Key: 'once', IfNoneMatch: '*' });
    const headers = { ...HEADERS, 'if-none-match': '*' };
    expect((await put(single, headers, BODY)).status).toBe(200);
    expect(await outcome(await put(single, headers, BODY))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await outcome(await put(single, HEADERS, BODY))).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  test('made by a default client binds to the checksum of no bytes, as on AWS', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const url = await getSignedUrl(fixture.client, new PutObjectCommand({ Bucket: BUCKET, Key: 'k' }), {
      signingDate: fixture.now(),
    });
    expect(url).toContain('x-amz-checksum-crc32=AAAAAA');
    expect(await outcome(await put(url, {}, BODY))).toEqual({ code: 'BadDigest', status: 400 });
  });

  test('whose body breaks off leaves nothing behind', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const url = new URL(await presignPut(fixture, { ContentLength: 1_000_000 }));
    const socket = connectSocket(Number(url.port), url.hostname);
    const head = [
      `PUT ${url.pathname}${url.search} HTTP/1.1`,
      `host: ${url.host}`,
      'content-type: video/mp4',
      'content-length: 1000000',
      `x-amz-checksum-sha256: ${SHA256}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${'x'.repeat(300_000)}`);
    await expect.poll(() => fixture.incoming().length, PATIENTLY).toBe(1);
    socket.destroy();
    await expect.poll(() => fixture.incoming().length, PATIENTLY).toBe(0);
    expect(await refusal(fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: '证据/a b.mp4' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
    expect(fixture.blobs()).toEqual([]);
  });
});

describe('a presigned GET', () => {
  test('reads, sets headers of the reply, and serves ranges that were not signed', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: BODY }));
    const url = await getSignedUrl(
      fixture.client,
      new GetObjectCommand({
        Bucket: BUCKET,
        Key: 'k',
        ResponseContentType: 'video/mp4',
        ResponseContentDisposition: "attachment; filename*=UTF-8''%E8%AF%81.mp4",
      }),
      { signingDate: fixture.now() },
    );
    const whole = await fetch(url);
    expect(await whole.text()).toBe(BODY);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(whole.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%E8%AF%81.mp4");
    const part = await fetch(url, { headers: { range: 'bytes=8-12' } });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe(BODY.slice(8, 13));
    expect(await outcome(await fetch(url, { method: 'PUT', body: 'x' }))).toMatchObject({ status: 403 });
  });

  test('asked for twice at once over one line lets go of both when the line is cut', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: Buffer.alloc(20_000_000) }));
    const command = new GetObjectCommand({ Bucket: BUCKET, Key: 'k' });
    const url = new URL(await getSignedUrl(fixture.client, command, { signingDate: fixture.now() }));
    const socket = connectSocket(Number(url.port), url.hostname);
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`.repeat(2));
    await once(socket, 'readable');
    socket.destroy();
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    await expect.poll(() => fixture.blobs(), PATIENTLY).toEqual([]);
  });

  test('refuses an override that a header cannot carry', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: BODY }));
    const command = new GetObjectCommand({
      Bucket: BUCKET,
      Key: 'k',
      ResponseContentDisposition: 'attachment; filename=证',
    });
    const url = await getSignedUrl(fixture.client, command, { signingDate: fixture.now() });
    expect(await outcome(await fetch(url))).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  test('with a session token in its query is accepted', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: BODY }));
    const client = fixture.connect({
      credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret', sessionToken: 'a+token/=' },
    });
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }), {
      signingDate: fixture.now(),
    });
    expect(await (await fetch(url)).text()).toBe(BODY);
    expect((await fetch(url.replace('a%2Btoken', 'b'))).status).toBe(403);
  });
});

describe('a presigned part', () => {
  test('is bound to its number, upload and checksum', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const place = { Bucket: BUCKET, Key: 'k' };
    const { UploadId } = await fixture.client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'SHA256' }),
    );
    const url = await getSignedUrl(
      fixture.client,
      new UploadPartCommand({ ...place, UploadId, PartNumber: 1, ChecksumSHA256: SHA256, ContentLength: BODY.length }),
      { signingDate: fixture.now() },
    );
    expect(await outcome(await put(url.replace('partNumber=1', 'partNumber=2'), {}, BODY))).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(await outcome(await put(url, {}, BODY.toUpperCase()))).toEqual({ code: 'BadDigest', status: 400 });
    const answer = await put(url, {}, BODY);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${createHash('md5').update(BODY).digest('hex')}"`);
  });
});
