import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { createIncomingObjects } from '../../shared/aws/s3-incoming.ts';

const s3 = mockClient(S3Client);
const incoming = createIncomingObjects(openS3(), 'incoming');
const hash = '00'.repeat(31).concat('ff');
const base64 = Buffer.from(hash, 'hex').toString('base64');
const now = new Date('2021-03-20T01:00:00Z');

const refusal = (name: string, status: number) =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode: status } });

beforeEach(() => s3.reset());

describe('signed addresses', () => {
  const signedHeaders = (url: string) => new URL(url).searchParams.get('X-Amz-SignedHeaders')?.split(';');

  test('one request binds type, length and hash, as headers that must be sent, for 15 minutes from the given time', async () => {
    const upload = { contentType: 'video/mp4', sizeBytes: 1000, sha256: hash };
    const { url, headers } = await incoming.signSingle('claims/c/e', upload, now, 900);
    expect(signedHeaders(url)).toEqual(['content-length', 'content-type', 'host', 'x-amz-checksum-sha256']);
    expect(headers).toEqual({ 'content-type': 'video/mp4', 'x-amz-checksum-sha256': base64 });
    const { searchParams } = new URL(url);
    expect([searchParams.get('X-Amz-Date'), searchParams.get('X-Amz-Expires')]).toEqual(['20210320T010000Z', '900']);
  });

  test('a part binds length and hash, its number and its upload', async () => {
    const part = { partNumber: 2, sizeBytes: 1000, sha256: hash };
    const { url, headers } = await incoming.signPart('claims/c/e', 'upload-1', part, now, 900);
    expect(signedHeaders(url)).toEqual(['content-length', 'host', 'x-amz-checksum-sha256']);
    expect(headers).toEqual({ 'x-amz-checksum-sha256': base64 });
    const { searchParams } = new URL(url);
    expect([searchParams.get('partNumber'), searchParams.get('uploadId')]).toEqual(['2', 'upload-1']);
  });

  test("no checksum of an empty body slips in: the SDK's own would refuse every upload", async () => {
    const { url } = await incoming.signSingle('k', { contentType: 'image/png', sizeBytes: 1, sha256: hash }, now, 900);
    const part = await incoming.signPart('k', 'u', { partNumber: 1, sizeBytes: 1, sha256: hash }, now, 900);
    expect(`${url} ${part.url}`).not.toMatch(/crc32|sdk-checksum/i);
  });
});

describe('uploads in parts', () => {
  test('begin with a type, and demand the hash of every part', async () => {
    s3.on(CreateMultipartUploadCommand).resolves({ UploadId: 'u1' });
    expect(await incoming.beginMultipart('k', 'video/mp4')).toBe('u1');
    expect(s3).toHaveReceivedCommandWith(CreateMultipartUploadCommand, {
      Bucket: 'incoming',
      Key: 'k',
      ContentType: 'video/mp4',
      ChecksumAlgorithm: 'SHA256',
      ChecksumType: 'COMPOSITE',
    });
  });

  test('are listed page after page, and no further than the last', async () => {
    const part = (PartNumber: number) => ({ PartNumber, ETag: `"${PartNumber}"`, Size: 5, ChecksumSHA256: base64 });
    s3.on(ListPartsCommand)
      .resolvesOnce({ Parts: [part(1)], IsTruncated: true, NextPartNumberMarker: '1' })
      .resolvesOnce({ Parts: [part(2)], IsTruncated: false, NextPartNumberMarker: '2' })
      .rejects(new Error('asked beyond the end'));
    expect((await incoming.receivedParts('k', 'u'))?.map(({ partNumber }) => partNumber)).toEqual([1, 2]);
    expect(s3).toHaveReceivedNthCommandWith(ListPartsCommand, 2, { PartNumberMarker: '1' });
  });

  test('are joined with the hash of each part', async () => {
    s3.on(CompleteMultipartUploadCommand).resolves({});
    const parts = [{ partNumber: 1, etag: '"a"', sizeBytes: 5, checksum: base64 }];
    expect(await incoming.joinParts('k', 'u', parts)).toBe('joined');
    expect(s3).toHaveReceivedCommandWith(CompleteMultipartUploadCommand, {
      UploadId: 'u',
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"a"', ChecksumSHA256: base64 }] },
    });
  });

  test('that are gone or changed are told apart from what failed', async () => {
    s3.on(CompleteMultipartUploadCommand).rejects(refusal('NoSuchUpload', 404));
    expect(await incoming.joinParts('k', 'u', [])).toBe('gone');
    s3.on(CompleteMultipartUploadCommand).rejects(refusal('InvalidPart', 400));
    expect(await incoming.joinParts('k', 'u', [])).toBe('refused');
    s3.on(CompleteMultipartUploadCommand).rejects(refusal('SlowDown', 503));
    await expect(incoming.joinParts('k', 'u', [])).rejects.toThrow('SlowDown');
    s3.on(ListPartsCommand).rejects(refusal('NoSuchUpload', 404));
    expect(await incoming.receivedParts('k', 'u')).toBeUndefined();
    s3.on(ListPartsCommand).rejects(refusal('AccessDenied', 403));
    await expect(incoming.receivedParts('k', 'u')).rejects.toThrow('AccessDenied');
  });
});

describe('finding an object', () => {
  test('asks for its checksum, and for the version named', async () => {
    s3.on(HeadObjectCommand).resolves({ VersionId: 'v2', ContentLength: 7, ContentType: 'a/b', ChecksumSHA256: 'x-2' });
    expect(await incoming.find('k', 'v2')).toEqual({
      versionId: 'v2',
      sizeBytes: 7,
      contentType: 'a/b',
      checksum: 'x-2',
    });
    expect(s3).toHaveReceivedCommandWith(HeadObjectCommand, { Key: 'k', VersionId: 'v2', ChecksumMode: 'ENABLED' });
  });

  test('absent is absent, forbidden is an error, and without versions nothing is pinned', async () => {
    s3.on(HeadObjectCommand).rejects(refusal('NotFound', 404));
    expect(await incoming.find('k')).toBeUndefined();
    s3.on(HeadObjectCommand).rejects(refusal('Forbidden', 403));
    await expect(incoming.find('k')).rejects.toThrow('Forbidden');
    s3.on(HeadObjectCommand).resolves({ ContentLength: 7 });
    await expect(incoming.find('k')).rejects.toThrow('keeps no versions');
  });
});
