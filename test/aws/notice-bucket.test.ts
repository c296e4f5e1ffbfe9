import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createNoticeBucket } from '../../shared/aws/notice-bucket.ts';
import { startFixture } from '../local/s3/s3-fixture.ts';

describe('notice bucket', () => {
  test('what is put is read back to the byte, typed for browsers, the newest wins, the absent is undefined', async () => {
    const { client } = await startFixture([{ name: 'notices' }]);
    const bucket = createNoticeBucket(client, 'notices');
    const page = '<p>公示：𠮷野家“甲”公司</p>\n';
    await bucket.put('N1', 'html', 'older');
    await bucket.put('N1', 'html', page);
    await bucket.put('N1', 'json', '{}\n');
    expect(await bucket.get('N1', 'html')).toBe(page);
    expect(await bucket.get('N1', 'json')).toBe('{}\n');
    expect(await bucket.get('N2', 'json')).toBeUndefined();
    const typeOf = async (Key: string) =>
      (await client.send(new HeadObjectCommand({ Bucket: 'notices', Key }))).ContentType;
    expect(await typeOf('notices/N1.html')).toBe('text/html; charset=utf-8');
    expect(await typeOf('notices/N1.json')).toBe('application/json; charset=utf-8');
  });

  test('a refusal is an error, never an absent notice; bytes travel with their hash', async () => {
    const s3 = mockClient(S3Client);
    onTestFinished(() => s3.restore());
    const bucket = createNoticeBucket(new S3Client({ region: 'cn-north-1' }), 'notices');
    const refusal = new S3ServiceException({
      name: 'AccessDenied',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    });
    s3.on(GetObjectCommand).rejects(refusal);
    await expect(bucket.get('N1', 'json')).rejects.toThrow(refusal);
    s3.on(PutObjectCommand).resolves({});
    await bucket.put('N1', 'json', 'abc');
    expect(s3).toHaveReceivedCommandWith(PutObjectCommand, {
      Key: 'notices/N1.json',
      ChecksumSHA256: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
    });
  });
});
