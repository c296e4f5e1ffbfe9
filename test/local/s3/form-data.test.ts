import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUploadForm } from '../../../local/s3/body/form-data.ts';

const TYPE = 'multipart/form-data; boundary="the boundary"';

/** The bytes in pieces of the given sizes, over and over. */
async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let index = 0;
  for (let start = 0; start < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

function encode(fields: readonly (readonly [string, string])[], file: Uint8Array): Buffer {
  const parts = fields.map(
    ([name, value]) => `--the boundary\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return Buffer.concat([
    Buffer.from(parts.join('')),
    Buffer.from(
      '--the boundary\r\nContent-Disposition: form-data; name="file"; filename="f.mp4"\r\nContent-Type: x/y\r\n\r\n',
    ),
    file,
    Buffer.from('\r\n--the boundary--\r\n'),
  ]);
}

describe('an upload form', () => {
  test('is read the same however its bytes are cut', async () => {
    // Bytes that look like the beginning of a boundary are the hard ones.
    const piece = fc.constantFrom('\r\n--the boundar', '\r\n--', '\r', '\n', 'x', '--the boundary');
    const content = fc
      .array(fc.oneof(piece, fc.string()), { maxLength: 30 })
      .map((pieces) => Buffer.from(pieces.join('')))
      .filter((bytes) => !bytes.includes('\r\n--the boundary'));
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (file, sizes) => {
        const form = await readUploadForm(
          inPieces(
            encode(
              [
                ['Key', 'a\r\nb'],
                ['policy', ''],
              ],
              file,
            ),
            sizes,
          ),
          TYPE,
        );
        const received: Buffer[] = [];
        for await (const data of form.file) received.push(data);
        expect([...form.fields]).toEqual([
          ['key', 'a\r\nb'],
          ['policy', ''],
        ]);
        expect(form.fileName).toBe('f.mp4');
        expect(Buffer.concat(received).equals(file)).toBe(true);
      }),
      { seed: 20_260_302, numRuns: 300 },
    );
  });

  test('that ends before its boundary is incomplete', async () => {
    const whole = encode([['key', 'k']], Buffer.from('0123456789'));
    for (let length = 0; length < whole.length - 4; length += 1) {
      const read = async (): Promise<void> => {
        const form = await readUploadForm(inPieces(whole.subarray(0, length), [7]), TYPE);
        for await (const _ of form.file);
      };
      await expect(read(), `cut at ${length}`).rejects.toMatchObject({ code: 'IncompleteBody' });
    }
  });

  test('lets go of its source when closed', async () => {
    let released = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        yield encode([['key', 'k']], Buffer.from('0123456789'));
      } finally {
        released = true;
      }
    }
    const form = await readUploadForm(source(), TYPE);
    await form.close();
    expect(released).toBe(true);
  });
});
