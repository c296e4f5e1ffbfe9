import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAwsChunked } from '../../../local/s3/body/aws-chunked.ts';

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let index = 0;
  for (let start = 0; start < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

async function decode(
  bytes: Buffer,
  sizes: readonly number[] = [bytes.length],
): Promise<{ data: Buffer; trailers: [string, string][] }> {
  const trailers: [string, string][] = [];
  const data: Buffer[] = [];
  for await (const piece of decodeAwsChunked(inPieces(bytes, sizes), (name, value) => trailers.push([name, value]))) {
    data.push(piece);
  }
  return { data: Buffer.concat(data), trailers };
}

function encode(chunks: readonly Uint8Array[], trailer = 'x-amz-checksum-crc32:AAAAAA==\r\n'): Buffer {
  return Buffer.concat([
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from(`0\r\n${trailer}\r\n`),
  ]);
}

describe('an aws-chunked body', () => {
  test('is unwrapped the same however its bytes are cut', async () => {
    const big = fc.integer({ min: 8192, max: 9000 }).map((size) => Buffer.alloc(size, '\r\n0'));
    const last = fc.uint8Array({ minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(big, { maxLength: 3 }),
        last,
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }),
        async (chunks, end, sizes) => {
          const { data, trailers } = await decode(encode([...chunks, end]), sizes);
          expect(data.equals(Buffer.concat([...chunks, end]))).toBe(true);
          expect(trailers).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
        },
      ),
      { seed: 20_260_302, numRuns: 60 },
    );
  });

  test('may be empty, and end without a trailer', async () => {
    expect(await decode(encode([], ''))).toEqual({ data: Buffer.alloc(0), trailers: [] });
  });

  test('cut off anywhere is incomplete', async () => {
    const whole = encode([Buffer.alloc(8192, 'a'), Buffer.from('end')]);
    const cuts = [
      0,
      1,
      5,
      6,
      100,
      8197,
      8198,
      8199,
      8200,
      8205,
      ...Array.from({ length: 30 }, (_, index) => index),
    ].map((cut, index) => (index < 10 ? cut : whole.length - 1 - cut));
    for (const cut of cuts) {
      await expect(decode(whole.subarray(0, cut)), `cut at ${cut}`).rejects.toMatchObject({ code: 'IncompleteBody' });
    }
  });

  test('takes small chunks at its end only', async () => {
    const decodeFirstOf = (size: number): Promise<{ data: Buffer }> =>
      decode(encode([Buffer.alloc(size), Buffer.of(1)]));
    await expect(decodeFirstOf(8191)).rejects.toMatchObject({ code: 'InvalidChunkSizeError', status: 403 });
    for (const size of [8192, 8193]) expect((await decodeFirstOf(size)).data).toHaveLength(size + 1);
  });

  test.each([
    ['a size that is no number', 'zz\r\n'],
    ['a negative size', '-1\r\n'],
    ['a size beyond reason', 'fffffffffffff\r\n'],
    ['a chunk longer than its size', '1\r\nab\r\n0\r\n\r\n'],
    ['a size line without end', 'a'.repeat(200)],
    ['a trailer that is none', '0\r\nnonsense\r\n\r\n'],
    ['trailers without end', `0\r\n${'a:b\r\n'.repeat(2000)}`],
  ])('with %s is refused', async (_, text) => {
    await expect(decode(Buffer.from(text))).rejects.toMatchObject({ code: 'InvalidRequest', status: 400 });
  });

  test('lets go of its source when its reader stops early', async () => {
    let released = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        yield encode([Buffer.alloc(9000), Buffer.alloc(10)]);
      } finally {
        released = true;
      }
    }
    for await (const _ of decodeAwsChunked(source(), () => undefined)) break;
    expect(released).toBe(true);
  });
});
