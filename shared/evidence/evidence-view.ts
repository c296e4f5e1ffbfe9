import * as z from 'zod';
import type { Evidence } from './evidence.ts';
import { rejectionCodes } from './evidence.ts';
import { evidenceKinds, rulesOf } from './evidence-kinds.ts';
import { evidenceStates } from './evidence-states.ts';
import type { EvidenceFlag } from './flags.ts';
import { VIDEO_VERDICTS } from './video/video-proof.ts';

const instant = z.iso.datetime();

/** An upload as people see it. */
export const evidenceViewSchema = z.strictObject({
  id: z.string(),
  claimId: z.string(),
  kind: z.enum(evidenceKinds),
  /** Chinese. */
  kindName: z.string(),
  fileName: z.string(),
  contentType: z.string(),
  sizeBytes: z.int(),
  /** Hex. */
  sha256: z.string(),
  state: z.enum(evidenceStates),
  /** Where it stands and what to do, Chinese. */
  message: z.string(),
  createdAt: instant,
  updatedAt: instant,
  /** An upload that is not there by then is given up. */
  expiresAt: instant.optional(),
  rejection: z.enum(rejectionCodes).optional(),
  video: z
    .strictObject({
      verdict: z.enum(VIDEO_VERDICTS),
      durationMs: z.int(),
      /** Counting stopped when enough was proven. */
      isAtLeast: z.boolean(),
      /** What the file's headers say. */
      claimedMs: z.number().nullable(),
      container: z.string(),
      layout: z.enum(['index-first', 'index-last', 'fragmented']).nullable(),
      codec: z.string().nullable(),
      width: z.int().nullable(),
      height: z.int().nullable(),
      frames: z.int(),
      frameRate: z.number().nullable(),
      /** By the recorder's clock. */
      createdAt: z.string().nullable(),
      /** Names the recording; the same in another wrapping. */
      fingerprint: z.string().nullable(),
      bytesRead: z.int(),
      requests: z.int(),
    })
    .optional(),
  /** Proof of what is kept: the version under lock in the evidence bucket. */
  kept: z.strictObject({ versionId: z.string(), lockedUntil: instant }).optional(),
  /** It repeats this upload of the same claim and does not count. */
  repeats: z.string().optional(),
  /** For reviewers only. */
  flags: z.array(z.strictObject({ code: z.string(), message: z.string() })),
});
export type EvidenceView = z.infer<typeof evidenceViewSchema>;

function messageOf(evidence: Evidence, repeated: Evidence | undefined): string {
  const { st, video, rejection, kind } = evidence;
  if (st === 'awaiting-upload') return '等待上传：请用上传地址传完文件，再确认完成。地址过期时可重新获取。';
  if (st === 'uploaded') return '已收到文件，正在核验，一般几分钟内有结果，无需重复上传。';
  if (st === 'rejected') return rejection?.message ?? '核验未通过，请重新上传。';
  if (repeated !== undefined) {
    return `核验通过，但与先前上传的“${repeated.fileName}”内容相同，只计一次；请另行上传不同的${rulesOf(kind).name}。`;
  }
  return video?.message ?? '核验通过。';
}

/** @param repeated the earlier upload of the same claim that this one repeats */
export function viewOf(evidence: Evidence, repeated?: Evidence, flags: readonly EvidenceFlag[] = []): EvidenceView {
  const { id, claimId, kind, fileName, contentType, sizeBytes, sha256, st, createdAt, updatedAt } = evidence;
  const { video, kept, rejection, expiresAt } = evidence;
  const shown = { id, claimId, kind, fileName, contentType, sizeBytes, sha256, state: st, createdAt, updatedAt };
  const view: EvidenceView = {
    ...shown,
    kindName: rulesOf(kind).name,
    message: messageOf(evidence, repeated),
    flags: [...flags],
  };
  if (st === 'awaiting-upload') view.expiresAt = expiresAt;
  if (rejection !== undefined) view.rejection = rejection.code;
  if (kept !== undefined) view.kept = kept;
  if (repeated !== undefined) view.repeats = repeated.id;
  if (video !== undefined) {
    const { flags: _flags, keyFrames: _keyFrames, message: _message, ...measured } = video;
    view.video = measured;
  }
  return view;
}
