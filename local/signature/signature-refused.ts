/** Why a request's signature is not accepted. Each service answers these with error codes of its own. */
export type RefusalReason =
  | 'anonymous'
  | 'malformed'
  | 'unknown-access-key'
  | 'does-not-match'
  | 'headers-not-signed'
  | 'clock-skew'
  | 'not-yet-valid'
  | 'expired';

export class SignatureRefused extends Error {
  readonly reason: RefusalReason;
  /** Further facts for the error body, for example the names of the headers that were not signed. */
  readonly details: Readonly<Record<string, string>>;

  constructor(reason: RefusalReason, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'SignatureRefused';
    this.reason = reason;
    this.details = details;
  }
}
