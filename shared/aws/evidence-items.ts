import * as z from 'zod';
import type { Evidence } from '../evidence/evidence.ts';
import { rejectionCodes } from '../evidence/evidence.ts';
import type { EvidenceReference } from '../evidence/evidence-key.ts';
import { evidenceKinds } from '../evidence/evidence-kinds.ts';
import { evidenceStates } from '../evidence/evidence-states.ts';
import { VIDEO_FLAGS, VIDEO_VERDICTS } from '../evidence/video/video-proof.ts';
import type { Key } from './table.ts';

export const evidencePrefix = 'EVIDENCE#';

export function evidenceItemKey({ claimId, evidenceId }: EvidenceReference): Key {
  return { pk: `CLAIM#${claimId}`, sk: `${evidencePrefix}${evidenceId}` };
}

/** The upload that an item of the worklist names; undefined for items of other kinds. */
export function evidenceReferenceOf({ pk, sk }: Key): EvidenceReference | undefined {
  if (!pk.startsWith('CLAIM#') || !sk.startsWith(evidencePrefix)) return undefined;
  return { claimId: pk.slice('CLAIM#'.length), evidenceId: sk.slice(evidencePrefix.length) };
}

const count = z.int().min(0);

const videoFactsSchema = z.object({
  verdict: z.enum(VIDEO_VERDICTS),
  durationMs: z.number(),
  isAtLeast: z.boolean(),
  claimedMs: z.number().nullable(),
  container: z.string(),
  layout: z.enum(['index-first', 'index-last', 'fragmented']).nullable(),
  codec: z.string().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  frames: z.number(),
  frameRate: z.number().nullable(),
  createdAt: z.string().nullable(),
  flags: z.array(z.enum(VIDEO_FLAGS)),
  fingerprint: z.string().nullable(),
  keyFrames: z.array(z.string()),
  bytesRead: count,
  requests: count,
  message: z.string(),
});

const itemSchema = z.object({
  id: z.string(),
  claimId: z.string(),
  kind: z.enum(evidenceKinds),
  fileName: z.string(),
  contentType: z.string(),
  sizeBytes: count,
  sha256: z.string(),
  partSizeBytes: count.optional(),
  partSha256: z.array(z.string()).optional(),
  uploadId: z.string().optional(),
  st: z.enum(evidenceStates),
  version: z.number(),
  auditHead: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  requestedBy: z.object({ subject: z.string(), tenant: z.string(), role: z.string(), name: z.string() }),
  expiresAt: z.string(),
  sourceVersionId: z.string().optional(),
  video: videoFactsSchema.optional(),
  kept: z.object({ versionId: z.string(), lockedUntil: z.string() }).optional(),
  rejection: z.object({ code: z.enum(rejectionCodes), message: z.string() }).optional(),
});

/** Reads a stored item. The parts of an upload lie flat in it, so that single ones can be set and removed. */
export function readEvidenceItem(item: unknown): Evidence {
  const { partSizeBytes, partSha256, uploadId, ...rest } = itemSchema.parse(item);
  if (partSizeBytes === undefined || partSha256 === undefined) return rest as Evidence;
  return {
    ...rest,
    multipart: { partSizeBytes, partSha256, ...(uploadId === undefined ? {} : { uploadId }) },
  } as Evidence;
}

/** What other programs may know of a claim's META item to serve its evidence. */
export const claimFileSchema = z.object({
  tenant: z.string(),
  authority: z.string(),
  st: z.string(),
  submittedOn: z.string().exactOptional(),
  classId: z.string().exactOptional(),
});

const periodSchema = z.object({ startsOn: z.string(), endsOn: z.string() });

/** Of a class's META item only its period; the accepted version is the one in force. */
export const classPeriodSchema = z.object({
  content: periodSchema,
  accepted: z.object({ content: periodSchema }).optional(),
});
