import { S3Error } from '../s3-error.ts';

/** The conditional headers of a request, or of the source of a copy. */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

interface Subject {
  readonly etag: string;
  readonly modifiedAt: Date;
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

function listsEtag(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .some((entry) => entry === '*' || entry === etag);
}

/** HTTP dates count in whole seconds; one that cannot be read is as if absent. */
function isLater(modifiedAt: Date, header: string): boolean | undefined {
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.floor(modifiedAt.getTime() / 1000) > Math.floor(date / 1000);
}

/**
 * Evaluates the conditions of a read in the order of RFC 9110: If-Match outranks If-Unmodified-Since, If-None-Match
 * outranks If-Modified-Since.
 * @returns `not-modified` where a 304 (for a copy: a 412) is due
 * @throws S3Error PreconditionFailed
 */
export function checkReadPreconditions(conditions: Preconditions, subject: Subject): 'proceed' | 'not-modified' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!listsEtag(ifMatch, subject.etag)) throw failed('If-Match');
  } else if (ifUnmodifiedSince !== undefined && isLater(subject.modifiedAt, ifUnmodifiedSince) === true) {
    throw failed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) return listsEtag(ifNoneMatch, subject.etag) ? 'not-modified' : 'proceed';
  if (ifModifiedSince !== undefined && isLater(subject.modifiedAt, ifModifiedSince) === false) return 'not-modified';
  return 'proceed';
}

/**
 * Evaluates the conditions of a write against the current object, undefined where there is none (or a delete marker).
 * @throws S3Error PreconditionFailed, NoSuchKey, NotImplemented for If-None-Match with anything but `*`
 */
export function checkWritePreconditions(conditions: Preconditions, current: Subject | undefined, key: string): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch.trim() !== '*') {
      throw new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
        Header: 'If-None-Match',
      });
    }
    if (current !== undefined) throw failed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (current === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', { Key: key });
    if (!listsEtag(ifMatch, current.etag)) throw failed('If-Match');
  }
}
