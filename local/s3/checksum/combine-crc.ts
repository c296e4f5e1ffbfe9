import type { CrcParameters } from './reflected-crc.ts';

/** Multiplies two polynomials modulo the generator; all reflected, so that the highest bit stands for x⁰. */
function multiply(left: bigint, right: bigint, { width, polynomial }: CrcParameters): bigint {
  let product = 0n;
  let factor = right;
  for (let mask = 1n << BigInt(width - 1); mask > 0n; mask >>= 1n) {
    if ((left & mask) !== 0n) product ^= factor;
    factor = (factor & 1n) === 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

/** x to the power of 8 × bytes, modulo the generator. */
function shiftBy(bytes: number, parameters: CrcParameters): bigint {
  const one = 1n << BigInt(parameters.width - 1);
  let square = one >> 8n;
  let result = one;
  for (let rest = BigInt(bytes); rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = multiply(result, square, parameters);
    square = multiply(square, square, parameters);
  }
  return result;
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/**
 * The CRC of two pieces joined, from the CRC of each and the length of the second: how the checksum of a whole multipart
 * object follows from its parts without reading them again.
 */
export function combineCrc(first: Buffer, second: Buffer, secondLength: number, parameters: CrcParameters): Buffer {
  const combined = multiply(shiftBy(secondLength, parameters), toBigInt(first), parameters) ^ toBigInt(second);
  return Buffer.from(combined.toString(16).padStart(parameters.width / 4, '0'), 'hex');
}
