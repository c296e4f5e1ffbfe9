import type { Actor } from '../access/actor.ts';
import type { EvidenceKind } from './evidence-kinds.ts';
import type { EvidenceState } from './evidence-states.ts';
import type { VideoProof } from './video/video-proof.ts';

/** What was measured of a teaching video, on the stored bytes. */
export type VideoFacts = Omit<VideoProof, 'requiredMs' | 'detail'>;

/** Where proven bytes are kept: a version of an object in the evidence bucket, under compliance lock. */
export interface KeptCopy {
  versionId: string;
  /** ISO instant. */
  lockedUntil: string;
}

/** One upload (佐证材料) of a claim. */
export interface Evidence {
  id: string;
  claimId: string;
  kind: EvidenceKind;
  /** Shortened, and without numbers of people. */
  fileName: string;
  contentType: string;
  sizeBytes: number;
  /** Hex. Declared by the client, then bound by signature or found equal; of verified evidence it is the bytes' own. */
  sha256: string;
  /** How a large file is sent. */
  multipart?: {
    partSizeBytes: number;
    /** Hex, in the order of the parts. */
    partSha256: readonly string[];
    /** The object store's name for the upload in progress. */
    uploadId?: string;
  };
  st: EvidenceState;
  version: number;
  auditHead: string;
  createdAt: string;
  updatedAt: string;
  requestedBy: Actor;
  /** An upload that is not there by then is given up, ISO instant; asking for fresh addresses moves it. */
  expiresAt: string;
  /** The version of the uploaded object that was examined, and no other. */
  sourceVersionId?: string;
  video?: VideoFacts;
  kept?: KeptCopy;
  /** Why it was rejected: a code for programs, a Chinese sentence for people. */
  rejection?: Rejection;
}

export const rejectionCodes = [
  'upload-not-finished',
  'object-missing',
  'differs-from-declared',
  'video-not-proven',
  'document-not-readable',
] as const;

export interface Rejection {
  code: (typeof rejectionCodes)[number];
  message: string;
}

/** What evidence needs to know of the claim it belongs to. */
export interface ClaimFile {
  id: string;
  tenant: string;
  authority: string;
  /** State of the claim. */
  st: string;
  /** The day on which it was first handed in; absent before. */
  submittedOn?: string;
  classId?: string;
}

/** Evidence as assessment needs it: only what is verified counts, and one recording counts once. */
export interface VerifiedEvidence {
  videos: { id: string; durationMs: number; sha256: string }[];
  materials: Exclude<EvidenceKind, 'teaching-video'>[];
  /** Uploads whose verdict is still out. */
  pending: { id: string; kind: EvidenceKind }[];
}
