import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { PATIENTLY, refusal, START, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';

describe('objects', () => {
  test('come back as they were put, with their headers and metadata', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    const put = await client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'a/b.txt',
        Body: 'hello',
        ContentType: 'text/plain; charset=utf-8',
        ContentDisposition: 'attachment; filename="b.txt"',
        CacheControl: 'no-store',
        ContentLanguage: 'zh-CN',
        ContentEncoding: 'identity',
        Metadata: { claim: 'c-1', line: '7' },
      }),
    );
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(put.VersionId).toBeUndefined();

    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a/b.txt' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ContentLength: 5,
      ContentType: 'text/plain; charset=utf-8',
      ContentDisposition: 'attachment; filename="b.txt"',
      CacheControl: 'no-store',
      ContentLanguage: 'zh-CN',
      ContentEncoding: 'identity',
      AcceptRanges: 'bytes',
      Metadata: { claim: 'c-1', line: '7' },
      LastModified: new Date(Math.floor(START.getTime() / 1000) * 1000),
    });
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'a/b.txt' }));
    expect(head).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain; charset=utf-8',
      Metadata: { claim: 'c-1' },
    });
  });

  test('without a content type are binary', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: new Uint8Array([1, 2]) }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(['application/octet-stream', 'binary/octet-stream']).toContain(head.ContentType);
  });

  test.each([
    'plain',
    'with space',
    'plus+and%percent',
    "quotes'()!*~",
    '证据/视频 一.mp4',
    'a//b/../c/./d',
    '/leading',
    'trailing/',
    'query?and=equals&amp',
    'emoji-😀',
    '__proto__',
    'control-\u0001-\r-\n',
    'é'.repeat(512),
  ])('are found under the awkward key %j', async (key) => {
    const { client } = await startFixture([{ name: BUCKET }]);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: key }));
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(await got.Body?.transformToString()).toBe(key);
  });

  test('need a key of at most 1024 bytes', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    const put = (key: string): Promise<unknown> =>
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: new Uint8Array() }));
    await put('k'.repeat(1024));
    expect(await refusal(put('k'.repeat(1025)))).toEqual({ code: 'KeyTooLongError', status: 400 });
    expect(await refusal(put(`${'é'.repeat(512)}k`))).toEqual({ code: 'KeyTooLongError', status: 400 });
  });

  test('may be empty, and then take no file', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'empty', Body: new Uint8Array() }));
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'empty' }));
    expect(await got.Body?.transformToString()).toBe('');
    expect(got.ContentLength).toBe(0);
    expect(got.ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"');
    expect(fixture.blobs()).toEqual([]);
  });

  test('are streamed in chunks with a trailing checksum', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    const bytes = Buffer.alloc(1_000_003, 'abcdefghij');
    const pieces = [bytes.subarray(0, 300_000), bytes.subarray(300_000, 900_001), bytes.subarray(900_001)];
    await client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: Readable.from(pieces), ContentLength: bytes.length }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(got.ContentEncoding).toBeUndefined();
    expect(got.ChecksumCRC32).toBeDefined();
    expect(Buffer.compare(await buffer(got.Body as Readable), bytes)).toBe(0);
    expect(got.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
  });

  test('replace each other under one key, leaving no bytes behind', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    for (const body of ['first', 'second', 'third']) {
      await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: body }));
    }
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('third');
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('of two uploads at once to one key, one wins whole', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const bodies = [Buffer.alloc(3_000_000, 'a'), Buffer.alloc(3_000_000, 'b')];
    await Promise.all(
      bodies.map((body) => fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: body }))),
    );
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    const bytes = await buffer(got.Body as Readable);
    expect(bodies.some((body) => body.equals(bytes))).toBe(true);
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('that are read while they are replaced are read to their end', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const bytes = Buffer.alloc(20_000_000, 'a');
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: bytes }));
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'new' }));
    expect((await buffer(got.Body as Readable)).equals(bytes)).toBe(true);
    await expect.poll(() => fixture.blobs().length, PATIENTLY).toBe(1);
  });

  test('whose reader leaves half-way are let go of', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: Buffer.alloc(20_000_000) }));
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    const body = got.Body as Readable;
    await once(body, 'readable');
    body.destroy();
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    await expect.poll(() => fixture.blobs(), PATIENTLY).toEqual([]);
  });

  test('are gone after their deletion, and deleting again succeeds', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' }));
    for (let time = 0; time < 2; time += 1) {
      const deleted = await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
      expect(deleted.$metadata.httpStatusCode).toBe(204);
      expect(deleted.DeleteMarker).toBeUndefined();
    }
    expect(await refusal(fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' })))).toEqual({
      code: 'NoSuchKey',
      status: 404,
    });
    expect(await refusal(fixture.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' })))).toEqual({
      code: 'NotFound',
      status: 404,
    });
    expect(fixture.blobs()).toEqual([]);
  });

  test('may carry 2 KiB of metadata and not a byte more', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    const put = (bytes: number): Promise<unknown> =>
      client.send(
        new PutObjectCommand({
          Bucket: BUCKET,
          Key: 'k',
          Body: new Uint8Array(),
          Metadata: { a: 'v'.repeat(bytes - 1) },
        }),
      );
    await put(2048);
    expect(await refusal(put(2049))).toEqual({ code: 'MetadataTooLarge', status: 400 });
  });

  test('are held to the size limit of the store', async () => {
    const fixture = await startFixture([{ name: BUCKET }], { maximumObjectBytes: 1000 });
    const put = (bytes: number): Promise<unknown> =>
      fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: Buffer.alloc(bytes) }));
    await put(999);
    await put(1000);
    expect(await refusal(put(1001))).toEqual({ code: 'EntityTooLarge', status: 400 });
    expect(fixture.blobs()).toHaveLength(1);
  });
});

describe('buckets', () => {
  test('are created, found and listed over the API', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    await client.send(new CreateBucketCommand({ Bucket: 'another' }));
    const head = await client.send(new HeadBucketCommand({ Bucket: 'another' }));
    expect(head.BucketRegion).toBe('cn-north-1');
    const listed = await client.send(new ListBucketsCommand({}));
    expect(listed.Buckets?.map(({ Name }) => Name)).toEqual(['another', BUCKET]);
    expect(listed.Buckets?.[0]?.CreationDate).toEqual(new Date('2026-03-02T04:05:06Z'));
  });

  test('are refused when taken, wrongly named, absent or elsewhere', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    expect(await refusal(client.send(new CreateBucketCommand({ Bucket: BUCKET })))).toEqual({
      code: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
    for (const name of ['Upper', 'ab', '1.2.3.4', 'a..b', '-a-b', 'x'.repeat(64)]) {
      expect({ name, ...(await refusal(client.send(new CreateBucketCommand({ Bucket: name })))) }).toEqual({
        name,
        code: 'InvalidBucketName',
        status: 400,
      });
    }
    expect(await refusal(client.send(new HeadBucketCommand({ Bucket: 'absent' })))).toMatchObject({ status: 404 });
    expect(await refusal(client.send(new PutObjectCommand({ Bucket: 'absent', Key: 'k', Body: 'x' })))).toEqual({
      code: 'NoSuchBucket',
      status: 404,
    });
    const elsewhere = new CreateBucketCommand({
      Bucket: 'elsewhere',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    expect(await refusal(client.send(elsewhere))).toEqual({ code: 'IllegalLocationConstraintException', status: 400 });
    const here = { LocationConstraint: 'cn-north-1' } as const;
    await client.send(new CreateBucketCommand({ Bucket: 'here', CreateBucketConfiguration: here }));
  });

  test('take no setting that the stand-in would not act on', async () => {
    const { server } = await startFixture([{ name: BUCKET, objectLock: true }]);
    const unknown = { name: 'other', replication: true } as { name: string };
    expect(() => server.createBucket(unknown)).toThrow(/bucket 'other'[\s\S]*replication/);
    expect(() => server.createBucket({ name: 'Other' })).toThrow(/valid bucket name/);
    expect(() => server.createBucket({ name: BUCKET })).toThrow(/Object Lock cannot be taken/);
    expect(() => server.createBucket({ name: 'other', objectLock: { mode: 'GOVERNANCE', days: 1, years: 1 } })).toThrow(
      /days or years/,
    );
  });
});
