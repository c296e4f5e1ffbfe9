import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { PATIENTLY, refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const MIB = 1024 * 1024;

async function withSource(): Promise<{ fixture: S3Fixture; version: string }> {
  const fixture = await startFixture([
    { name: 'incoming', versioning: true },
    { name: 'evidence', versioning: true },
  ]);
  const { VersionId } = await fixture.client.send(
    new PutObjectCommand({
      Bucket: 'incoming',
      Key: '来源/a b+c.mp4',
      Body: 'bytes',
      ContentType: 'video/mp4',
      Metadata: { claim: 'c-1' },
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  return { fixture, version: VersionId ?? '' };
}

const SOURCE = `incoming/${encodeURIComponent('来源/a b+c.mp4')}`;

function copy(fixture: S3Fixture, input: Partial<CopyObjectCommandInput> = {}) {
  return fixture.client.send(new CopyObjectCommand({ Bucket: 'evidence', Key: 'copy', CopySource: SOURCE, ...input }));
}

describe('a copy', () => {
  test('keeps bytes, type, metadata, ETag and checksum, and moves no bytes', async () => {
    const { fixture, version } = await withSource();
    const copied = await copy(fixture);
    expect(copied.CopySourceVersionId).toBe(version);
    expect(copied.CopyObjectResult?.ETag).toBe(`"${createHash('md5').update('bytes').digest('hex')}"`);
    const got = await fixture.client.send(
      new GetObjectCommand({ Bucket: 'evidence', Key: 'copy', ChecksumMode: 'ENABLED' }),
    );
    expect(got).toMatchObject({
      ContentType: 'video/mp4',
      Metadata: { claim: 'c-1' },
      VersionId: copied.VersionId,
      ChecksumSHA256: createHash('sha256').update('bytes').digest('base64'),
    });
    expect(await got.Body?.transformToString()).toBe('bytes');
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('outlives its source', async () => {
    const { fixture, version } = await withSource();
    await copy(fixture);
    const source = { Bucket: 'incoming', Key: '来源/a b+c.mp4', VersionId: version };
    await fixture.client.send(new DeleteObjectCommand(source));
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: 'evidence', Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('bytes');
  });

  test('takes the pinned version, not what came after', async () => {
    const { fixture, version } = await withSource();
    await fixture.client.send(new PutObjectCommand({ Bucket: 'incoming', Key: '来源/a b+c.mp4', Body: 'overwritten' }));
    await copy(fixture, { CopySource: `/${SOURCE}?versionId=${version}` });
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: 'evidence', Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('bytes');
  });

  test('may replace the metadata, and get another checksum', async () => {
    const { fixture } = await withSource();
    await copy(fixture, {
      MetadataDirective: 'REPLACE',
      ContentType: 'application/pdf',
      Metadata: { other: '1' },
      ChecksumAlgorithm: 'CRC32C',
    });
    const head = await fixture.client.send(
      new HeadObjectCommand({ Bucket: 'evidence', Key: 'copy', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ContentType: 'application/pdf', Metadata: { other: '1' } });
    const direct = await fixture.client.send(
      new PutObjectCommand({ Bucket: 'incoming', Key: 'x', Body: 'bytes', ChecksumAlgorithm: 'CRC32C' }),
    );
    expect(head.ChecksumCRC32C).toBe(direct.ChecksumCRC32C);
    expect(head.ChecksumSHA256).toBeUndefined();
  });

  test('onto itself must change something', async () => {
    const { fixture } = await withSource();
    const place = { Bucket: 'incoming', Key: '来源/a b+c.mp4' };
    expect(await refusal(copy(fixture, place))).toEqual({ code: 'InvalidRequest', status: 400 });
    await copy(fixture, { ...place, MetadataDirective: 'REPLACE', ContentType: 'video/quicktime' });
    const head = await fixture.client.send(new HeadObjectCommand(place));
    expect(head.ContentType).toBe('video/quicktime');
  });

  test('onto itself works where no versions are kept', async () => {
    const fixture = await startFixture([{ name: 'plain' }]);
    const place = { Bucket: 'plain', Key: 'k' };
    await fixture.client.send(new PutObjectCommand({ ...place, Body: 'bytes' }));
    await copy(fixture, { ...place, CopySource: 'plain/k', MetadataDirective: 'REPLACE', Metadata: { a: 'b' } });
    const got = await fixture.client.send(new GetObjectCommand(place));
    expect(await got.Body?.transformToString()).toBe('bytes');
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('holds to conditions on its source and its target', async () => {
    const { fixture } = await withSource();
    const etag = `"${createHash('md5').update('bytes').digest('hex')}"`;
    const failed = { code: 'PreconditionFailed', status: 412 };
    expect(await refusal(copy(fixture, { CopySourceIfMatch: '"x"' }))).toEqual(failed);
    expect(await refusal(copy(fixture, { CopySourceIfNoneMatch: etag }))).toEqual(failed);
    expect(await refusal(copy(fixture, { CopySourceIfUnmodifiedSince: new Date(0) }))).toEqual(failed);
    await copy(fixture, { CopySourceIfMatch: etag, IfNoneMatch: '*' });
    expect(await refusal(copy(fixture, { IfNoneMatch: '*' }))).toEqual(failed);
  });

  test('of what is not there, or not named right, is refused', async () => {
    const { fixture, version } = await withSource();
    const marker = await fixture.client.send(new DeleteObjectCommand({ Bucket: 'incoming', Key: '来源/a b+c.mp4' }));
    const attempts: readonly [string, string][] = [
      ['incoming/absent', 'NoSuchKey'],
      ['absent/k', 'NoSuchBucket'],
      [SOURCE, 'NoSuchKey'],
      [`${SOURCE}?versionId=${marker.VersionId}`, 'MethodNotAllowed'],
      [`${SOURCE}?versionId=${version.replace(/^.{4}/, 'zzzz')}`, 'NoSuchVersion'],
      [`${SOURCE}?other=1`, 'InvalidArgument'],
      ['incoming', 'InvalidArgument'],
      ['incoming/%ff', 'InvalidArgument'],
    ];
    for (const [CopySource, code] of attempts) {
      expect(await refusal(copy(fixture, { CopySource }))).toMatchObject({ code });
    }
  });

  test('of an object in parts is in one piece: plain ETag, checksum of all bytes', async () => {
    const { fixture } = await withSource();
    const place = { Bucket: 'incoming', Key: 'parts' };
    const parts = [Buffer.alloc(5 * MIB, 'a'), Buffer.from('end')];
    const { UploadId } = await fixture.client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'SHA256' }),
    );
    const done: CompletedPart[] = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const { ETag, ChecksumSHA256 } = await fixture.client.send(
        new UploadPartCommand({ ...place, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' }),
      );
      done.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    await fixture.client.send(
      new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: done } }),
    );
    const copied = await copy(fixture, { CopySource: 'incoming/parts' });
    const whole = Buffer.concat(parts);
    expect(copied.CopyObjectResult).toMatchObject({
      ETag: `"${createHash('md5').update(whole).digest('hex')}"`,
      ChecksumSHA256: createHash('sha256').update(whole).digest('base64'),
      ChecksumType: 'FULL_OBJECT',
    });
  });
});

describe('a source that goes while it is copied', () => {
  test('makes the copy fail, or stays whole in it', async () => {
    const fixture = await startFixture([{ name: 'incoming' }, { name: 'evidence' }]);
    const source = { Bucket: 'incoming', Key: 'k' };
    const bytes = Buffer.alloc(30 * MIB, 'a');
    await fixture.client.send(new PutObjectCommand({ ...source, Body: bytes, ChecksumAlgorithm: 'SHA256' }));
    // Another checksum makes the copy read the bytes, which takes time.
    const copying = refusal(copy(fixture, { CopySource: 'incoming/k', ChecksumAlgorithm: 'CRC64NVME' }));
    await fixture.client.send(new DeleteObjectCommand(source));
    const { code } = await copying;
    expect(['NoSuchKey', 'accepted']).toContain(code);
    const kept = await fixture.client
      .send(new GetObjectCommand({ Bucket: 'evidence', Key: 'copy' }))
      .then(async ({ Body }) => (await buffer(Body as Readable)).equals(bytes))
      .catch((error: Error) => error.name);
    expect(kept).toBe(code === 'accepted' ? true : 'NoSuchKey');
    await expect.poll(() => fixture.blobs().length, PATIENTLY).toBe(code === 'accepted' ? 1 : 0);
  });
});

describe('a part copied', () => {
  test('shows a range of its source', async () => {
    const { fixture } = await withSource();
    const source = Buffer.alloc(6 * MIB, '0123456789');
    await fixture.client.send(new PutObjectCommand({ Bucket: 'incoming', Key: 'long', Body: source }));
    const place = { Bucket: 'evidence', Key: 'joined' };
    const { UploadId } = await fixture.client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC32' }),
    );
    const part = async (PartNumber: number, CopySourceRange?: string): Promise<CompletedPart> => {
      const { CopyPartResult } = await fixture.client.send(
        new UploadPartCopyCommand({ ...place, UploadId, PartNumber, CopySource: 'incoming/long', CopySourceRange }),
      );
      return { PartNumber, ETag: CopyPartResult?.ETag, ChecksumCRC32: CopyPartResult?.ChecksumCRC32 };
    };
    for (const range of [`bytes=0-${6 * MIB}`, 'bytes=5-4', 'bytes=0-', 'bytes=-5', '0-5']) {
      expect(await refusal(part(1, range))).toEqual({ code: 'InvalidArgument', status: 400 });
    }
    const done = [await part(1), await part(2, `bytes=${6 * MIB - 3}-${6 * MIB - 1}`)];
    await fixture.client.send(
      new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: done } }),
    );
    const tail = await fixture.client.send(new GetObjectCommand({ ...place, Range: `bytes=${6 * MIB - 2}-` }));
    const expected = Buffer.concat([source, source.subarray(-3)]).subarray(6 * MIB - 2);
    expect(await tail.Body?.transformToString()).toBe(expected.toString());
    expect(fixture.blobs()).toHaveLength(2);
  });
});
