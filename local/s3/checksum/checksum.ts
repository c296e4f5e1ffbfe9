import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { combineCrc } from './combine-crc.ts';
import { CRC32, CRC32C, CRC64NVME, type CrcParameters, ReflectedCrc } from './reflected-crc.ts';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** FULL_OBJECT covers all bytes; COMPOSITE is a checksum over the checksums of the parts, followed by `-<parts>`. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64, as in the `x-amz-checksum-*` header. */
  readonly value: string;
}

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

const CRC_PARAMETERS: Readonly<Partial<Record<ChecksumAlgorithm, CrcParameters>>> = { CRC32, CRC32C, CRC64NVME };

/** `x-amz-checksum-crc32` and its sisters. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

export function checksumAlgorithmOf(text: string): ChecksumAlgorithm | undefined {
  return CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase());
}

/** Whether the text is the base64 of a digest of this algorithm's length. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === DIGEST_BYTES[algorithm] && bytes.toString('base64') === value;
}

/** A running checksum. */
export interface RunningChecksum {
  update(data: Uint8Array): void;
  digest(): Buffer;
}

class RunningCrc32 implements RunningChecksum {
  #value = 0;

  update(data: Uint8Array): void {
    this.#value = crc32(data, this.#value);
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes;
  }
}

const START: Readonly<Record<ChecksumAlgorithm, () => RunningChecksum>> = {
  CRC32: () => new RunningCrc32(),
  CRC32C: () => new ReflectedCrc(CRC32C),
  CRC64NVME: () => new ReflectedCrc(CRC64NVME),
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
};

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  return START[algorithm]();
}

/** The checksum types that S3 allows a multipart upload to have, the default first. */
export function checksumTypesOf(algorithm: ChecksumAlgorithm): readonly ChecksumType[] {
  if (algorithm === 'CRC64NVME') return ['FULL_OBJECT'];
  return CRC_PARAMETERS[algorithm] === undefined ? ['COMPOSITE'] : ['COMPOSITE', 'FULL_OBJECT'];
}

/** The checksum of an object made of parts, from the parts' own checksums. */
export function multipartChecksum(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly { readonly checksum: string; readonly size: number }[],
): ObjectChecksum {
  if (type === 'COMPOSITE') {
    const composite = startChecksum(algorithm);
    for (const part of parts) composite.update(Buffer.from(part.checksum, 'base64'));
    return { algorithm, type, value: `${composite.digest().toString('base64')}-${parts.length}` };
  }
  const parameters = CRC_PARAMETERS[algorithm];
  if (parameters === undefined) throw new TypeError(`${algorithm} has no full-object checksum for parts`);
  const whole = parts.reduce(
    (sofar, part) => combineCrc(sofar, Buffer.from(part.checksum, 'base64'), part.size, parameters),
    // The checksum of no bytes at all.
    startChecksum(algorithm).digest(),
  );
  return { algorithm, type, value: whole.toString('base64') };
}
