/** The reply that was given to a request, to be given again to its repetition. */
export interface StoredReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What the store knows of a request when it arrives. */
export type IdempotencyClaim =
  | { kind: 'first' }
  | { kind: 'replayed'; reply: StoredReply }
  | { kind: 'in-progress' }
  | { kind: 'other-body' };

/** Whose request, on which route, under which key: keys of different people never meet. */
export interface IdempotencyScope {
  tenant: string;
  subject: string;
  route: string;
  key: string;
}

/**
 * Remembers replies by Idempotency-Key. It spares the client a second effect after a lost answer; it is no guard for
 * money, since it forgets: that guard is the state of the claim and the ledger.
 */
export interface IdempotencyStore {
  /** Takes the key for `leaseMs`; a lease that ran out (the worker crashed) is taken over. */
  begin(scope: IdempotencyScope, bodyHash: string, now: Date): Promise<IdempotencyClaim>;
  finish(scope: IdempotencyScope, bodyHash: string, reply: StoredReply, now: Date): Promise<void>;
  /** Frees the key after a failure that left nothing behind, so that the client may try again. */
  abandon(scope: IdempotencyScope, bodyHash: string): Promise<void>;
}
