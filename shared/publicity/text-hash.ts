import { createHash } from 'node:crypto';

/** SHA-256 of a text's UTF-8 bytes, hex: what a sealed notice is known by. */
export function textHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
