import { GetObjectCommand, type GetObjectCommandInput, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';

async function withObject(body: string, cleanUp?: (stop: () => Promise<void>) => void): Promise<S3Fixture> {
  const fixture = await startFixture([{ name: BUCKET }], cleanUp === undefined ? {} : { cleanUp });
  await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: Buffer.from(body) }));
  return fixture;
}

/** One object of ten bytes for all tests that only read it. */
let tenBytes: S3Fixture;
beforeAll(async () => {
  const stops: (() => Promise<void>)[] = [];
  tenBytes = await withObject('0123456789', (stop) => stops.push(stop));
  return stops[0];
});

async function read(fixture: S3Fixture, input: Partial<GetObjectCommandInput>): Promise<unknown[]> {
  const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k', ...input }));
  return [got.$metadata.httpStatusCode, await got.Body?.transformToString(), got.ContentRange];
}

describe('a range', () => {
  test.each([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=0-8', 206, '012345678', 'bytes 0-8/10'],
    ['bytes=0-9', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-10', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=9-9', 206, '9', 'bytes 9-9/10'],
    ['bytes=9-', 206, '9', 'bytes 9-9/10'],
    ['bytes=0-', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=-1', 206, '9', 'bytes 9-9/10'],
    ['bytes=-10', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=-11', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-4', 200, '0123456789', undefined],
    ['bytes=-', 200, '0123456789', undefined],
    ['bytes=0-1,4-5', 200, '0123456789', undefined],
    ['lines=0-1', 200, '0123456789', undefined],
  ])('of ten bytes, %s, is answered %i %s', async (range, status, text, contentRange) => {
    expect(await read(tenBytes, { Range: range })).toEqual([status, text, contentRange]);
  });

  test.each(['bytes=10-', 'bytes=10-10', 'bytes=11-20', 'bytes=-0'])(
    '%s of ten bytes cannot be served',
    async (range) => {
      expect(await refusal(read(tenBytes, { Range: range }))).toEqual({ code: 'InvalidRange', status: 416 });
    },
  );

  test.each(['bytes=0-', 'bytes=0-0', 'bytes=-1'])('%s of an empty object cannot be served', async (range) => {
    const fixture = await withObject('');
    expect(await refusal(read(fixture, { Range: range }))).toEqual({ code: 'InvalidRange', status: 416 });
  });

  test('of HEAD tells the length of the part', async () => {
    const head = await tenBytes.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k', Range: 'bytes=2-5' }));
    expect([head.$metadata.httpStatusCode, head.ContentLength, head.ContentRange]).toEqual([206, 4, 'bytes 2-5/10']);
  });
});

describe('conditions of a read', () => {
  const ETAG = '"781e5e245d69b566979b86e28d23f2c7"';
  const MODIFIED = new Date('2026-03-02T04:05:06Z');
  const EARLIER = new Date('2026-03-02T04:05:05Z');

  test.each<[string, Partial<GetObjectCommandInput>, number]>([
    ['If-Match of it', { IfMatch: ETAG }, 200],
    ['If-Match of several', { IfMatch: `"x", ${ETAG}` }, 200],
    ['If-Match of anything', { IfMatch: '*' }, 200],
    ['If-Match of another', { IfMatch: '"x"' }, 412],
    ['If-None-Match of it', { IfNoneMatch: ETAG }, 304],
    ['If-None-Match of it, weak', { IfNoneMatch: `W/${ETAG}` }, 304],
    ['If-None-Match of another', { IfNoneMatch: '"x"' }, 200],
    ['If-Modified-Since then', { IfModifiedSince: MODIFIED }, 304],
    ['If-Modified-Since before', { IfModifiedSince: EARLIER }, 200],
    ['If-Unmodified-Since then', { IfUnmodifiedSince: MODIFIED }, 200],
    ['If-Unmodified-Since before', { IfUnmodifiedSince: EARLIER }, 412],
    ['If-Match over If-Unmodified-Since', { IfMatch: ETAG, IfUnmodifiedSince: EARLIER }, 200],
    ['If-None-Match over If-Modified-Since', { IfNoneMatch: '"x"', IfModifiedSince: MODIFIED }, 200],
    ['If-Match before If-None-Match', { IfMatch: '"x"', IfNoneMatch: ETAG }, 412],
  ])('%s: %j is answered %i', async (_, input, status) => {
    const place = { Bucket: BUCKET, Key: 'k', ...input };
    expect(await refusal(tenBytes.client.send(new GetObjectCommand(place)))).toMatchObject({ status });
    expect(await refusal(tenBytes.client.send(new HeadObjectCommand(place)))).toMatchObject({ status });
  });
});

describe('conditions of a write', () => {
  test('If-None-Match: * stores the first only, also of two at once', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const put = (body: string): Promise<unknown> =>
      fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: body, IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled([put('a'), put('b')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(put('c'))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('If-None-Match with anything but * is not implemented', async () => {
    const fixture = await withObject('x');
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'new', Body: 'y', IfNoneMatch: '"x"' });
    expect(await refusal(fixture.client.send(put))).toEqual({ code: 'NotImplemented', status: 501 });
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('If-Match replaces only what was read', async () => {
    const fixture = await withObject('first');
    const put = (body: string, etag: string | undefined, key = 'k'): Promise<{ ETag?: string | undefined }> =>
      fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body, IfMatch: etag }));
    const { ETag } = await fixture.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    await put('second', ETag);
    expect(await refusal(put('third', ETag))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await refusal(put('third', ETag, 'absent'))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await read(fixture, {})).toEqual([200, 'second', undefined]);
  });
});
