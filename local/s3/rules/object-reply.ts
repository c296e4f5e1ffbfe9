import { checksumHeader, type ObjectChecksum } from '../checksum/checksum.ts';
import type { Bucket } from '../store/buckets.ts';
import type { XmlElement } from '../xml.ts';

/** ETags travel in quotation marks. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function checksumHeaders(checksum: ObjectChecksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

export function checksumElements(checksum: ObjectChecksum | undefined): readonly XmlElement[] {
  if (checksum === undefined) return [];
  return [
    [`Checksum${checksum.algorithm}`, checksum.value],
    ['ChecksumType', checksum.type],
  ];
}

/** Buckets that never kept versions do not speak of them. */
export function versionIdHeader(bucket: Bucket, id: string | undefined): Record<string, string | undefined> {
  return { 'x-amz-version-id': bucket.versioning === 'off' ? undefined : id };
}

/** Listings show whole seconds. */
export function listedTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}.000Z`;
}
