import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compositeChecksum, planParts } from '../../shared/evidence/part-plan.ts';
import { sha256Schema, toBase64 } from '../../shared/evidence/sha256.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));

test('every spelling of a hash comes to the same lower-case hex, and back to Base64', () => {
  fc.assert(
    fc.property(bytes32, (bytes) => {
      const hex = bytes.toString('hex');
      for (const spelling of [hex, hex.toUpperCase(), bytes.toString('base64')]) {
        expect(sha256Schema.parse(spelling)).toBe(hex);
      }
      expect(toBase64(hex)).toBe(bytes.toString('base64'));
    }),
    { seed: 20_200_058, numRuns: 200 },
  );
});

test.each([
  ['one character short', 'a'.repeat(63)],
  ['one character long', 'a'.repeat(65)],
  ['no hex', 'g'.repeat(64)],
  ['31 bytes', Buffer.alloc(31).toString('base64')],
  ['33 bytes', Buffer.alloc(33).toString('base64')],
  ['bits beyond 32 bytes', `${'A'.repeat(42)}B=`],
  ['the URL alphabet', `${'_'.repeat(42)}A=`],
  ['nothing', ''],
])('%s is no hash', (_, text) => {
  expect(sha256Schema.safeParse(text).success).toBe(false);
});

// As S3 documents it: the hash of the parts' hashes, and their number.
test("a multipart object's checksum is the hash of its parts' binary hashes with their count", () => {
  const parts = [Buffer.from('one'), Buffer.from('two')].map((part) => createHash('sha256').update(part).digest());
  const expected = createHash('sha256').update(Buffer.concat(parts)).digest('base64');
  expect(compositeChecksum(parts.map((hash) => hash.toString('hex')))).toBe(`${expected}-2`);
});

test('parts cover the file exactly: full ones, then what is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 3000 }), (size, partSize) => {
      const count = Math.ceil(size / partSize);
      const parts = planParts(size, partSize, Array(count).fill('00'));
      expect(parts.map(({ partNumber }) => partNumber)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
      expect(parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(size);
      expect(parts.slice(0, -1).every(({ sizeBytes }) => sizeBytes === partSize)).toBe(true);
      expect(parts.at(-1)?.sizeBytes).toBeGreaterThan(0);
    }),
    { seed: 20_200_058, numRuns: 300 },
  );
});
