import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Evidence } from './evidence.ts';
import { evidenceKey } from './evidence-key.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { IncomingObjects, SignedRequest } from './incoming-objects.ts';
import { type PlannedPart, planParts } from './part-plan.ts';

/** How long a signed request lasts, seconds. */
export const urlSeconds = 15 * 60;

// A signed address with a session token takes up to 2 KB; the reply has to fit into one item beside its Idempotency-Key.
const partsPerReply = 100;

/** A part still to be sent. */
interface PartInstruction extends SignedRequest {
  partNumber: number;
  sizeBytes: number;
}

/** How to send what is still missing of a file. */
export type UploadInstructions =
  | { mode: 'single'; expiresAt: string; put: SignedRequest }
  | {
      mode: 'multipart';
      expiresAt: string;
      partSizeBytes: number;
      /** The next parts; ask for addresses again when they are sent. */
      parts: PartInstruction[];
      /** Missing parts in all, these among them. */
      missingParts: number;
    };

export interface UploadDependencies {
  evidence: EvidenceStore;
  incoming: IncomingObjects;
  clock: Clock;
}

type Multipart = NonNullable<Evidence['multipart']>;

/** Begins the upload that the parts belong to, and remembers it; of two that begin at once, one gives way. */
async function begin(deps: UploadDependencies, evidence: Evidence): Promise<string> {
  const reference = { claimId: evidence.claimId, evidenceId: evidence.id };
  const key = evidenceKey(reference);
  const uploadId = await deps.incoming.beginMultipart(key, evidence.contentType);
  if (await deps.evidence.keepUploadId(evidence, uploadId)) return uploadId;
  const current = await deps.evidence.find(reference);
  const kept = current?.st === 'awaiting-upload' ? current.multipart?.uploadId : undefined;
  // The same one: it was written, and only the answer was lost.
  if (kept !== uploadId) await deps.incoming.abortMultipart(key, uploadId);
  if (kept !== undefined) return kept;
  throw new DomainError('changed-meanwhile', '该文件的上传状态刚刚有变化，请刷新后重试。');
}

/** The upload in progress, and the parts it still lacks. An upload that the object store gave up is begun anew. */
async function missing(
  deps: UploadDependencies,
  evidence: Evidence,
  multipart: Multipart,
): Promise<{ uploadId: string; parts: PlannedPart[] }> {
  const planned = planParts(evidence.sizeBytes, multipart.partSizeBytes, multipart.partSha256);
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  const { uploadId } = multipart;
  const received = uploadId === undefined ? undefined : await deps.incoming.receivedParts(key, uploadId);
  if (uploadId === undefined || received === undefined) {
    return { uploadId: await begin(deps, evidence), parts: planned };
  }
  const there = new Set(received.map((part) => part.partNumber));
  return { uploadId, parts: planned.filter((part) => !there.has(part.partNumber)) };
}

/** Signs the requests for whatever is still missing of a file. */
export async function instructUpload(deps: UploadDependencies, evidence: Evidence): Promise<UploadInstructions> {
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  const now = deps.clock.now();
  const expiresAt = new Date(now.getTime() + urlSeconds * 1000).toISOString();
  const { multipart } = evidence;
  if (multipart === undefined) {
    return { mode: 'single', expiresAt, put: await deps.incoming.signSingle(key, evidence, now, urlSeconds) };
  }
  const { uploadId, parts } = await missing(deps, evidence, multipart);
  const signed = parts.slice(0, partsPerReply).map(async (part) => {
    const request = await deps.incoming.signPart(key, uploadId, part, now, urlSeconds);
    return { partNumber: part.partNumber, sizeBytes: part.sizeBytes, ...request };
  });
  return {
    mode: 'multipart',
    expiresAt,
    partSizeBytes: multipart.partSizeBytes,
    parts: await Promise.all(signed),
    missingParts: parts.length,
  };
}
