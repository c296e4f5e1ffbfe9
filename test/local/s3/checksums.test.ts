import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isChecksumValue, multipartChecksum, startChecksum } from '../../../local/s3/checksum/checksum.ts';
import { combineCrc } from '../../../local/s3/checksum/combine-crc.ts';
import { CRC32, CRC32C, CRC64NVME, ReflectedCrc } from '../../../local/s3/checksum/reflected-crc.ts';
import { refusal, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const CHECK = Buffer.from('123456789');

describe('the checksum algorithms', () => {
  // The check values of the catalogue of parametrised CRC algorithms, and digests of node:crypto.
  test.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['SHA1', createHash('sha1').update(CHECK).digest('hex')],
    ['SHA256', createHash('sha256').update(CHECK).digest('hex')],
  ] as const)('%s gives its check value, in one piece or in many', (algorithm, expected) => {
    const whole = startChecksum(algorithm);
    whole.update(CHECK);
    expect(whole.digest().toString('hex')).toBe(expected);
    const pieces = startChecksum(algorithm);
    for (const byte of CHECK) pieces.update(Buffer.of(byte));
    expect(pieces.digest().toString('hex')).toBe(expected);
  });

  test('agree with zlib on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const crc = new ReflectedCrc(CRC32);
        crc.update(bytes);
        expect(crc.digest().readUInt32BE()).toBe(crc32(bytes));
      }),
      { seed: 20_260_302 },
    );
  });

  test.each([
    ['CRC32', CRC32],
    ['CRC32C', CRC32C],
    ['CRC64NVME', CRC64NVME],
  ])('%s of two pieces joined follows from that of each', (_, parameters) => {
    const of = (bytes: Uint8Array): Buffer => {
      const crc = new ReflectedCrc(parameters);
      crc.update(bytes);
      return crc.digest();
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        const joined = of(Buffer.concat([first, second]));
        expect(combineCrc(of(first), of(second), second.length, parameters).toString('hex')).toBe(
          joined.toString('hex'),
        );
      }),
      { seed: 20_260_302 },
    );
  });

  test('SHA-256 of parts is composite only', () => {
    const checksum = createHash('sha256').update('x').digest('base64');
    expect(() => multipartChecksum('SHA256', 'FULL_OBJECT', [{ checksum, size: 1 }])).toThrow(
      /no full-object checksum/,
    );
  });

  test('know the form of their values', () => {
    expect(isChecksumValue('CRC32', 'AAAAAA==')).toBe(true);
    expect(isChecksumValue('CRC32', 'AAAAAAA=')).toBe(false);
    expect(isChecksumValue('CRC32', 'AAAAAA')).toBe(false);
    expect(isChecksumValue('SHA256', 'not base64!')).toBe(false);
  });
});

describe('an object', () => {
  test.each(
    Object.values(ChecksumAlgorithm).filter((name) =>
      ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'].includes(name),
    ),
  )('put with %s, whole or streamed, keeps it and shows it when asked', async (algorithm) => {
    const { client } = await startFixture([{ name: BUCKET }]);
    const name = `Checksum${algorithm}` as 'ChecksumSHA256';
    const body = Buffer.from('some bytes');
    const whole = await client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'whole', Body: body, ChecksumAlgorithm: algorithm }),
    );
    const streamed = await client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'streamed',
        Body: Readable.from([body]),
        ContentLength: body.length,
        ChecksumAlgorithm: algorithm,
      }),
    );
    expect(whole[name]).toBeDefined();
    expect(streamed[name]).toBe(whole[name]);
    // The SDK holds what it reads against this checksum of its own making.
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'streamed', ChecksumMode: 'ENABLED' }));
    expect(got[name]).toBe(whole[name]);
    expect(got.ChecksumType).toBe('FULL_OBJECT');
    expect(await got.Body?.transformToString()).toBe('some bytes');
  });

  test('put without any gets CRC64NVME', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const client = fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: CHECK }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(head.ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
  });

  test('read in part, or without asking, shows none', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: CHECK }));
    const ranged = await fixture.client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'k', Range: 'bytes=0-1', ChecksumMode: 'ENABLED' }),
    );
    expect(ranged.ChecksumCRC32).toBeUndefined();
    const lax = fixture.connect({ responseChecksumValidation: 'WHEN_REQUIRED' });
    const unasked = await lax.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(unasked.ChecksumCRC32).toBeUndefined();
  });

  test.each([
    ['ChecksumSHA256', createHash('sha256').update('other').digest('base64')],
    ['ChecksumSHA1', createHash('sha1').update('other').digest('base64')],
    ['ChecksumCRC32', 'AAAAAA=='],
    ['ChecksumCRC32C', 'AAAAAA=='],
    ['ChecksumCRC64NVME', 'AAAAAAAAAAA='],
    ['ContentMD5', createHash('md5').update('other').digest('base64')],
  ])('put with a wrong %s is refused, and nothing is stored', async (name, value) => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'some bytes', [name]: value });
    expect(await refusal(fixture.client.send(put))).toEqual({ code: 'BadDigest', status: 400 });
    expect(fixture.blobs()).toEqual([]);
    expect(fixture.incoming()).toEqual([]);
  });

  test('put with two checksums, or one of no possible form, is refused', async () => {
    const { client } = await startFixture([{ name: BUCKET }]);
    const place = { Bucket: BUCKET, Key: 'k', Body: 'x' };
    const two = new PutObjectCommand({ ...place, ChecksumCRC32: 'AAAAAA==', ChecksumCRC32C: 'AAAAAA==' });
    expect(await refusal(client.send(two))).toEqual({ code: 'InvalidRequest', status: 400 });
    const long = new PutObjectCommand({ ...place, ChecksumCRC32: 'AAAAAAAA' });
    expect(await refusal(client.send(long))).toEqual({ code: 'InvalidRequest', status: 400 });
  });
});
