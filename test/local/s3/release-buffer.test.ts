import { expect, test } from 'vitest';
import { releaseBuffer } from '../../../local/s3/body/release-buffer.ts';

test('a piece that owns its memory gives it back', () => {
  const piece = Buffer.from(new ArrayBuffer(10));
  releaseBuffer(piece);
  expect(piece.length).toBe(0);
});

test('a piece that shares its memory is left alone', () => {
  const memory = Buffer.from(new ArrayBuffer(10)).fill('x');
  for (const piece of [memory.subarray(0, 9), memory.subarray(1), memory.subarray(5, 5)]) {
    releaseBuffer(piece);
    expect(memory.toString()).toBe('xxxxxxxxxx');
  }
});
