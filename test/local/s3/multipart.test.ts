import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { PATIENTLY, refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const PLACE = { Bucket: BUCKET, Key: 'video.mp4' };
const MIB = 1024 * 1024;

async function create(fixture: S3Fixture, input: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId } = await fixture.client.send(
    new CreateMultipartUploadCommand({ ...PLACE, ChecksumAlgorithm: 'CRC32', ...input }),
  );
  return UploadId ?? '';
}

async function upload(
  fixture: S3Fixture,
  UploadId: string,
  PartNumber: number,
  Body: Buffer,
  input: Partial<UploadPartCommandInput> = {},
): Promise<CompletedPart> {
  const { ETag, ChecksumCRC32, ChecksumSHA256 } = await fixture.client.send(
    new UploadPartCommand({ ...PLACE, UploadId, PartNumber, Body, ...input }),
  );
  return { PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 };
}

function complete(
  fixture: S3Fixture,
  UploadId: string,
  Parts: CompletedPart[],
  input: Partial<CompleteMultipartUploadCommandInput> = {},
) {
  return fixture.client.send(
    new CompleteMultipartUploadCommand({ ...PLACE, UploadId, MultipartUpload: { Parts }, ...input }),
  );
}

const md5 = (data: Buffer): Buffer => createHash('md5').update(data).digest();
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

describe('a multipart upload', () => {
  test('becomes one object with composite ETag and checksum', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const parts = [Buffer.alloc(5 * MIB, 'a'), Buffer.alloc(5 * MIB, 'b'), Buffer.from('end')];
    const id = await create(fixture, {
      ContentType: 'video/mp4',
      Metadata: { claim: 'c-1', until: '2026' },
      ChecksumAlgorithm: 'SHA256',
    });
    const done: CompletedPart[] = [];
    for (const [index, body] of parts.entries()) {
      done.push(await upload(fixture, id, index + 1, body, { ChecksumAlgorithm: 'SHA256' }));
    }
    const completed = await complete(fixture, id, done);
    const etag = `"${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3"`;
    const checksum = `${sha256(Buffer.concat(parts.map(sha256))).toString('base64')}-3`;
    expect(completed).toMatchObject({
      ETag: etag,
      ChecksumSHA256: checksum,
      ChecksumType: 'COMPOSITE',
      Key: 'video.mp4',
    });

    const got = await fixture.client.send(new GetObjectCommand({ ...PLACE, ChecksumMode: 'ENABLED' }));
    expect(got).toMatchObject({
      ETag: etag,
      ChecksumSHA256: checksum,
      ChecksumType: 'COMPOSITE',
      ContentType: 'video/mp4',
      Metadata: { claim: 'c-1', until: '2026' },
      ContentLength: 10 * MIB + 3,
    });
    expect((await buffer(got.Body as Readable)).equals(Buffer.concat(parts))).toBe(true);
    // A range across the seams of parts.
    const seam = await fixture.client.send(
      new GetObjectCommand({ ...PLACE, Range: `bytes=${5 * MIB - 2}-${10 * MIB + 1}` }),
    );
    const across = await buffer(seam.Body as Readable);
    expect(across.equals(Buffer.concat(parts).subarray(5 * MIB - 2, 10 * MIB + 2))).toBe(true);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'of type FULL_OBJECT has the %s of all its bytes',
    async (algorithm) => {
      const fixture = await startFixture([{ name: BUCKET }]);
      const parts = [Buffer.alloc(5 * MIB, 'abc'), Buffer.from('end')];
      const whole = await fixture.client.send(
        new PutObjectCommand({
          Bucket: BUCKET,
          Key: 'whole',
          Body: Buffer.concat(parts),
          ChecksumAlgorithm: algorithm,
        }),
      );
      const id = await create(fixture, { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' });
      const done: CompletedPart[] = [];
      for (const [index, body] of parts.entries()) {
        const { ETag, PartNumber } = await upload(fixture, id, index + 1, body, { ChecksumAlgorithm: algorithm });
        done.push({ ETag, PartNumber });
      }
      const name = `Checksum${algorithm}` as 'ChecksumCRC32';
      const wrong = { [name]: algorithm === 'CRC64NVME' ? 'AAAAAAAAAAA=' : 'AAAAAA==' };
      expect(await refusal(complete(fixture, id, done, wrong))).toEqual({ code: 'BadDigest', status: 400 });
      const completed = await complete(fixture, id, done, { [name]: whole[name], ChecksumType: 'FULL_OBJECT' });
      expect(completed[name]).toBe(whole[name]);
      expect(completed.ChecksumType).toBe('FULL_OBJECT');
    },
  );

  test('without a named algorithm gets CRC64NVME over all bytes', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const client = fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const parts = [Buffer.alloc(5 * MIB, 'abc'), Buffer.from('end')];
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'whole', Body: Buffer.concat(parts) });
    const whole = await client.send(put);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(PLACE));
    const done: CompletedPart[] = [];
    for (const [index, Body] of parts.entries()) {
      const part = await client.send(new UploadPartCommand({ ...PLACE, UploadId, PartNumber: index + 1, Body }));
      done.push({ PartNumber: index + 1, ETag: part.ETag });
    }
    const completed = await client.send(
      new CompleteMultipartUploadCommand({ ...PLACE, UploadId, MultipartUpload: { Parts: done } }),
    );
    expect(completed.ChecksumCRC64NVME).toBe(whole.ChecksumCRC64NVME);
  });

  test.each([
    [5 * MIB - 1, { code: 'EntityTooSmall', status: 400 }],
    [5 * MIB, { code: 'accepted', status: 200 }],
    [5 * MIB + 1, { code: 'accepted', status: 200 }],
  ])('whose first of two parts has %i bytes: %j', async (bytes, expected) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const parts = [await upload(fixture, id, 1, Buffer.alloc(bytes)), await upload(fixture, id, 2, Buffer.of(1))];
    expect(await refusal(complete(fixture, id, parts))).toEqual(expected);
  });

  test('of one small part is allowed, and even of an empty one', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    for (const body of [Buffer.from('x'), Buffer.alloc(0)]) {
      const id = await create(fixture);
      await complete(fixture, id, [await upload(fixture, id, 7, body)]);
      const head = await fixture.client.send(new HeadObjectCommand(PLACE));
      expect(head.ContentLength).toBe(body.length);
    }
  });

  test('takes a part again, and the later one counts', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const first = await upload(fixture, id, 1, Buffer.from('first'));
    const second = await upload(fixture, id, 1, Buffer.from('second'));
    expect(fixture.blobs()).toHaveLength(1);
    expect(await refusal(complete(fixture, id, [first]))).toEqual({ code: 'InvalidPart', status: 400 });
    await complete(fixture, id, [second]);
    const got = await fixture.client.send(new GetObjectCommand(PLACE));
    expect(await got.Body?.transformToString()).toBe('second');
  });

  test('refuses a completion that is not what was uploaded, and stays open', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const [one, two] = [
      await upload(fixture, id, 1, Buffer.alloc(5 * MIB)),
      await upload(fixture, id, 2, Buffer.of(1)),
    ];
    const attempts: readonly [CompletedPart[], Partial<CompleteMultipartUploadCommandInput>, string][] = [
      [[two, one], {}, 'InvalidPartOrder'],
      [[one, one], {}, 'InvalidPartOrder'],
      [[one, { ...two, PartNumber: 3 }], {}, 'InvalidPart'],
      [[one, { ...two, ETag: one.ETag }], {}, 'InvalidPart'],
      [[one, { ...two, ChecksumCRC32: one.ChecksumCRC32 }], {}, 'InvalidPart'],
      [[one, { ...two, ChecksumCRC32: undefined }], {}, 'InvalidRequest'],
      [[], {}, 'MalformedXML'],
      [[one, two], { MpuObjectSize: 5 * MIB }, 'InvalidRequest'],
      [[one, two], { ChecksumType: 'FULL_OBJECT' }, 'InvalidRequest'],
      [[one, two], { IfMatch: '"x"' }, 'NoSuchKey'],
      [[one, two], { UploadId: 'another' }, 'NoSuchUpload'],
      [[one, two], { Key: 'another' }, 'NoSuchUpload'],
    ];
    for (const [parts, input, code] of attempts) {
      expect(await refusal(complete(fixture, id, parts, input))).toMatchObject({ code });
    }
    await complete(fixture, id, [one, two], { MpuObjectSize: 5 * MIB + 1, IfNoneMatch: '*' });
    expect(await refusal(complete(fixture, id, [one, two]))).toEqual({ code: 'NoSuchUpload', status: 404 });
  });

  test('can be read to its end while it is deleted, part after part', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const bodies = [Buffer.alloc(20 * MIB, 'a'), Buffer.from('end')];
    const parts: CompletedPart[] = [];
    for (const [index, body] of bodies.entries()) parts.push(await upload(fixture, id, index + 1, body));
    await complete(fixture, id, parts);
    const got = await fixture.client.send(new GetObjectCommand(PLACE));
    await fixture.client.send(new DeleteObjectCommand(PLACE));
    expect((await buffer(got.Body as Readable)).equals(Buffer.concat(bodies))).toBe(true);
    await expect.poll(() => fixture.blobs(), PATIENTLY).toEqual([]);
  });

  test('leaves out parts that its completion does not name', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const kept = await upload(fixture, id, 1, Buffer.from('kept'));
    await upload(fixture, id, 2, Buffer.from('dropped'));
    await complete(fixture, id, [kept]);
    const got = await fixture.client.send(new GetObjectCommand(PLACE));
    expect(await got.Body?.transformToString()).toBe('kept');
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('with a named algorithm takes parts with that checksum only', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture, { ChecksumAlgorithm: 'SHA256' });
    const other = upload(fixture, id, 1, Buffer.from('x'), { ChecksumAlgorithm: 'CRC32' });
    expect(await refusal(other)).toEqual({ code: 'InvalidRequest', status: 400 });
    const client = fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const bare = new UploadPartCommand({ ...PLACE, UploadId: id, PartNumber: 1, Body: Buffer.from('x') });
    expect(await refusal(client.send(bare))).toEqual({ code: 'InvalidRequest', status: 400 });
    const wrongType = { ...PLACE, ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' } as const;
    expect(await refusal(fixture.client.send(new CreateMultipartUploadCommand(wrongType)))).toMatchObject({
      code: 'InvalidRequest',
    });
    expect(fixture.blobs()).toEqual([]);
  });

  test('without a named algorithm takes no part with a checksum, which the default SDK client sends', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture, { ChecksumAlgorithm: undefined });
    expect(await refusal(upload(fixture, id, 1, Buffer.from('x')))).toEqual({ code: 'InvalidRequest', status: 400 });
  });

  test.each([0, 10_001])('takes no part number %i', async (number) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    expect(await refusal(upload(fixture, id, number, Buffer.from('x')))).toEqual({
      code: 'InvalidArgument',
      status: 400,
    });
  });

  test('takes the part numbers 1 and 10,000', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    for (const number of [1, 10_000]) {
      const part = await upload(fixture, id, number, Buffer.from('x'));
      expect(part.ETag).toBe(`"${md5(Buffer.from('x')).toString('hex')}"`);
    }
  });

  test('is gone when aborted, with its parts', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const part = await upload(fixture, id, 1, Buffer.from('x'));
    await fixture.client.send(new AbortMultipartUploadCommand({ ...PLACE, UploadId: id }));
    expect(fixture.blobs()).toEqual([]);
    const gone = { code: 'NoSuchUpload', status: 404 };
    expect(await refusal(complete(fixture, id, [part]))).toEqual(gone);
    expect(await refusal(upload(fixture, id, 1, Buffer.from('x')))).toEqual(gone);
    expect(await refusal(fixture.client.send(new AbortMultipartUploadCommand({ ...PLACE, UploadId: id })))).toEqual(
      gone,
    );
    expect(await refusal(fixture.client.send(new ListPartsCommand({ ...PLACE, UploadId: id })))).toEqual(gone);
    expect(fixture.blobs()).toEqual([]);
  });

  test('that is aborted while a part comes in does not take it', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture);
    const slow = new PassThrough();
    const part = new UploadPartCommand({ ...PLACE, UploadId: id, PartNumber: 1, Body: slow, ContentLength: 100_000 });
    const uploading = refusal(fixture.client.send(part));
    slow.write(Buffer.alloc(90_000));
    await expect.poll(() => fixture.incoming().length, PATIENTLY).toBe(1);
    await fixture.client.send(new AbortMultipartUploadCommand({ ...PLACE, UploadId: id }));
    slow.end(Buffer.alloc(10_000));
    expect(await uploading).toEqual({ code: 'NoSuchUpload', status: 404 });
    expect([fixture.blobs(), fixture.incoming()]).toEqual([[], []]);
  });

  test('of more bytes than the store takes is refused at its completion', async () => {
    const fixture = await startFixture([{ name: BUCKET }], { maximumObjectBytes: 5 * MIB + 1 });
    const id = await create(fixture);
    const one = await upload(fixture, id, 1, Buffer.alloc(5 * MIB));
    const two = await upload(fixture, id, 2, Buffer.alloc(2));
    expect(await refusal(complete(fixture, id, [one, two]))).toEqual({ code: 'EntityTooLarge', status: 400 });
    const shorter = await upload(fixture, id, 2, Buffer.alloc(1));
    await complete(fixture, id, [one, shorter]);
  });
});

describe('uploads under way', () => {
  test('are listed by key, page by page, and rolled up by a delimiter', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const ids = new Map<string, string[]>();
    for (const Key of ['b', 'a/2', 'a/1', 'a/1', 'c/1']) {
      ids.set(Key, [...(ids.get(Key) ?? []), await create(fixture, { Key })]);
      fixture.advance(1);
    }
    const shown: (readonly [string | undefined, string | undefined])[] = [];
    let KeyMarker: string | undefined;
    let UploadIdMarker: string | undefined;
    for (;;) {
      const page = await fixture.client.send(
        new ListMultipartUploadsCommand({ Bucket: BUCKET, MaxUploads: 2, KeyMarker, UploadIdMarker }),
      );
      shown.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => [Key, UploadId] as const));
      if (page.IsTruncated !== true) break;
      KeyMarker = page.NextKeyMarker;
      UploadIdMarker = page.NextUploadIdMarker;
    }
    expect(shown).toEqual([
      ['a/1', ids.get('a/1')?.[0]],
      ['a/1', ids.get('a/1')?.[1]],
      ['a/2', ids.get('a/2')?.[0]],
      ['b', ids.get('b')?.[0]],
      ['c/1', ids.get('c/1')?.[0]],
    ]);
    const rolled = await fixture.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Delimiter: '/' }));
    expect(rolled.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['a/', 'c/']);
    expect(rolled.Uploads?.map(({ Key }) => Key)).toEqual(['b']);
    const under = await fixture.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: 'a/2' }));
    expect(under.Uploads?.map(({ Key }) => Key)).toEqual(['a/2']);
  });

  test('list their parts, page by page, as a resumed upload needs them', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const id = await create(fixture, { ChecksumAlgorithm: 'SHA256' });
    for (const number of [10, 2, 1]) {
      await upload(fixture, id, number, Buffer.from(`part ${number}`), { ChecksumAlgorithm: 'SHA256' });
    }
    const first = await fixture.client.send(new ListPartsCommand({ ...PLACE, UploadId: id, MaxParts: 2 }));
    expect(first.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([1, 2]);
    expect(first.Parts?.[0]).toMatchObject({
      Size: 6,
      ETag: `"${md5(Buffer.from('part 1')).toString('hex')}"`,
      ChecksumSHA256: sha256(Buffer.from('part 1')).toString('base64'),
    });
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2', ChecksumAlgorithm: 'SHA256' });
    const second = await fixture.client.send(
      new ListPartsCommand({ ...PLACE, UploadId: id, PartNumberMarker: first.NextPartNumberMarker }),
    );
    expect(second.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([10]);
    expect(second.IsTruncated).toBe(false);
  });
});
