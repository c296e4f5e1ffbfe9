/**
 * The closed list of reasons for which the product says no, with the HTTP status each has at the edge (RFC 9457).
 * A new reason is added here first: clients switch on the code, never on the sentence.
 */
export const errorStatuses = {
  'malformed-json': 400,
  'validation-failed': 400,
  'idempotency-key-missing': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'state-not-permitted': 409,
  'changed-meanwhile': 409,
  'same-person': 409,
  'request-in-progress': 409,
  'already-exists': 409,
  gone: 410,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'claim-incomplete': 422,
  'not-eligible': 422,
  'funds-insufficient': 422,
  'provider-blocked': 422,
  'numbers-exhausted': 422,
  'too-many-requests': 429,
  'temporarily-unavailable': 503,
} as const;

export type ErrorCode = keyof typeof errorStatuses;

/** One thing at fault: where (a path such as `lines[3].idNumber`, or empty) and what to do about it, in Chinese. */
export interface Problem {
  path: string;
  message: string;
}

/** A refusal that its reader can act on: an English code for programs, a Chinese sentence for people. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.problems = problems;
  }
}

/** The one answer to "absent" and "not yours", so that nobody can learn which ids exist. */
export function notFound(): DomainError {
  return new DomainError('not-found', '没有找到该记录，或您无权查看。请核对编号。');
}
