import { S3Error } from '../s3-error.ts';

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/**
 * Reads `bytes=a-b`, `bytes=a-` or `bytes=-n` against an object's size. Anything else (other units, several ranges, a
 * backward range) means the whole object, as RFC 9110 has it and S3 does.
 * @throws S3Error InvalidRange when no byte of the object lies in the range
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null || header === undefined) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) {
    throw new S3Error(
      'InvalidRange',
      'The requested range is not satisfiable',
      { ActualObjectSize: String(size), RangeRequested: header },
      { 'content-range': `bytes */${size}` },
    );
  }
  return { start, length: end - start + 1 };
}

/**
 * Reads `x-amz-copy-source-range`, which must be `bytes=a-b` and lie wholly inside the source.
 * @throws S3Error InvalidArgument
 */
export function parseCopyRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const match = /^bytes=(\d+)-(\d+)$/.exec(header.trim());
  if (match === null || Number(match[2]) < Number(match[1])) {
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  }
  if (Number(match[2]) >= size) {
    throw new S3Error('InvalidArgument', `Range specified is not valid for source object of size: ${size}`);
  }
  return { start: Number(match[1]), length: Number(match[2]) - Number(match[1]) + 1 };
}
