import type { Act } from './notice-store.ts';
import type { Objection, ObjectionDecision } from './objection.ts';

export type NewObjection = Omit<Objection, 'st' | 'version' | 'auditHead' | 'createdAt' | 'updatedAt' | 'decision'>;

/** What became of an attempt to lodge: stored; stored before by the same request; or which condition did not hold. */
type Lodging =
  | { kind: 'lodged' }
  | { kind: 'repeated'; objection: Objection }
  | { kind: 'row-moved' }
  | { kind: 'notice-over' };

/** Keeps objections; an open one keeps its claim from being cleared. */
export interface ObjectionStore {
  /** Stores it and counts it on its claim, in one piece: only while the notice runs and the claim is in it. */
  lodge(objection: NewObjection, at: Date): Promise<Lodging>;
  find(objectionId: string): Promise<Objection | undefined>;
  findByReceipt(receiptNumber: string): Promise<Objection | undefined>;
  list(
    authority: string,
    st: Objection['st'] | undefined,
    cursor: string | undefined,
  ): Promise<{ objections: Objection[]; next?: string }>;
  /** Every objection that is decided and not yet carried out. */
  deciding(): Promise<Objection[]>;
  /** open → deciding. @throws DomainError `changed-meanwhile` when another officer was faster */
  decide(objection: Objection, decision: ObjectionDecision): Promise<Objection>;
  /**
   * deciding → upheld or dismissed, one open objection less on the claim, and the claim → refused when nothing is left
   * of it, in one piece. Does nothing when it is done already.
   */
  finish(objection: Objection, nothingLeft: boolean, act: Act): Promise<void>;
  /** Records that an officer has looked at who objected. */
  recordUnmasking(objection: Objection, reason: string, act: Act): Promise<void>;
}

/** How often one source and one notice may be objected to. */
export interface ObjectionAllowance {
  /** @throws DomainError `too-many-requests` */
  take(source: string, noticeId: string, now: Date): Promise<void>;
}
