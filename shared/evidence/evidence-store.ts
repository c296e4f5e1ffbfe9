import type { Actor } from '../access/actor.ts';
import type { ClaimFile, Evidence } from './evidence.ts';
import type { EvidenceReference } from './evidence-key.ts';
import type { EvidenceMove } from './evidence-states.ts';

export type NewEvidence = Pick<
  Evidence,
  | 'id'
  | 'claimId'
  | 'kind'
  | 'fileName'
  | 'contentType'
  | 'sizeBytes'
  | 'sha256'
  | 'multipart'
  | 'requestedBy'
  | 'expiresAt'
>;

/** A move of one upload, as it was read, into its next state. */
export interface EvidenceChange {
  move: EvidenceMove;
  by: Actor;
  at: Date;
  set?: Partial<Pick<Evidence, 'sourceVersionId' | 'video' | 'kept' | 'rejection'>>;
  /** When the sweep should look at it again; left out, it waits for nobody. */
  lookAgainAt?: Date;
  reason?: string;
  /** Holds only if the upload's time is up at `at`, whatever was granted since it was read. */
  onlyIfExpired?: true;
  /** Hashes under which other claims find it. */
  fingerprints?: readonly string[];
}

/** Where the period of a claim's class lies, calendar dates in Asia/Shanghai. */
export interface ClassPeriod {
  startsOn: string;
  endsOn: string;
}

/** An upload of another claim, and the hashes that it shares with this one. */
export interface SimilarEvidence extends EvidenceReference {
  shared: readonly string[];
}

/** Keeps uploads. Every write holds only for the record as it was read; false means that somebody was faster. */
export interface EvidenceStore {
  claim(claimId: string): Promise<ClaimFile | undefined>;
  classPeriod(classId: string): Promise<ClassPeriod | undefined>;
  find(reference: EvidenceReference): Promise<Evidence | undefined>;
  list(claimId: string): Promise<Evidence[]>;
  /**
   * Puts a new upload, `awaiting-upload`, while the claim takes evidence; the one that is there under this id already
   * is left and returned; undefined when the claim no longer takes any.
   */
  create(evidence: NewEvidence, at: Date, lookAgainAt: Date): Promise<Evidence | undefined>;
  /** Names the upload in progress, in place of the one read with it. */
  keepUploadId(evidence: Evidence, uploadId: string): Promise<boolean>;
  /** Gives an upload that has not arrived more time. */
  prolong(evidence: Evidence, expiresAt: Date): Promise<void>;
  /** Tells the sweep when to look again at an upload that has not arrived. */
  lookAgain(evidence: Evidence, at: Date): Promise<void>;
  /** Takes an upload in hand until then, unless somebody has it; a verdict ends it, and so does the time. */
  takeInHand(evidence: Evidence, at: Date, until: Date): Promise<boolean>;
  /** Lets go of an upload that was taken until then, for the next try. */
  letGo(evidence: Evidence, until: Date): Promise<void>;
  move(evidence: Evidence, change: EvidenceChange): Promise<boolean>;
  /** Verified uploads of other claims that share one of these hashes. */
  elsewhere(fingerprints: readonly string[], claimId: string): Promise<SimilarEvidence[]>;
}
