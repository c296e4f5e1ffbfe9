import { timingSafeEqual } from 'node:crypto';

/** Compares two hex signatures in constant time. */
export function sameSignature(expected: string, received: string): boolean {
  const left = Buffer.from(expected, 'utf8');
  const right = Buffer.from(received, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
