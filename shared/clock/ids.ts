import { createHash, randomBytes } from 'node:crypto';

/** Fresh identifiers, as a port: 26 characters of Crockford base 32, unguessable. */
export interface Ids {
  next(): string;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function encode(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31];
    }
    value &= 0xff;
  }
  return text.slice(0, 26);
}

export const randomIds: Ids = { next: () => encode(randomBytes(17)) };

/**
 * The identifier that a given cause always yields. A request that is repeated after a crash creates the same record
 * again instead of a second one.
 */
export function idFromCause(...parts: readonly string[]): string {
  return encode(createHash('sha256').update(JSON.stringify(parts)).digest());
}
