import { createHash } from 'node:crypto';

/** One part of a multipart upload; numbers count from 1. */
export interface PlannedPart {
  partNumber: number;
  /** Bytes. */
  sizeBytes: number;
  /** Hex. */
  sha256: string;
}

/** How many parts a file makes; every part but the last has the full size. */
export function partCount(sizeBytes: number, partSizeBytes: number): number {
  return Math.ceil(sizeBytes / partSizeBytes);
}

export function planParts(sizeBytes: number, partSizeBytes: number, partSha256: readonly string[]): PlannedPart[] {
  return partSha256.map((sha256, index) => ({
    partNumber: index + 1,
    sizeBytes: Math.min(partSizeBytes, sizeBytes - index * partSizeBytes),
    sha256,
  }));
}

/**
 * The checksum that the object store keeps of a multipart object: no hash of the file but of its parts' hashes, with
 * their number. It proves that each part is what was declared for it.
 */
export function compositeChecksum(partSha256: readonly string[]): string {
  const hash = createHash('sha256');
  for (const sha256 of partSha256) hash.update(Buffer.from(sha256, 'hex'));
  return `${hash.digest('base64')}-${partSha256.length}`;
}
