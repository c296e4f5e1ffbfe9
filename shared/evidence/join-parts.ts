import type { Problem } from '../errors/domain-error.ts';
import type { Evidence } from './evidence.ts';
import { evidenceKey } from './evidence-key.ts';
import type { IncomingObjects, ReceivedPart, UploadedObject } from './incoming-objects.ts';
import { planParts } from './part-plan.ts';
import { toBase64 } from './sha256.ts';

/** A part as the client holds it to be received. */
export interface ClaimedPart {
  partNumber: number;
  etag: string;
}

/**
 * What became of joining: `whole` the object is there (or was joined by another call) · `incomplete` parts are missing
 * or wrong, each with what to do · `changed` a part was sent again in the very moment.
 */
export type Joining =
  | { kind: 'whole'; object: UploadedObject }
  | { kind: 'incomplete'; problems: Problem[] }
  | { kind: 'changed' };

const bare = (etag: string) => etag.replaceAll('"', '');
const path = (partNumber: number) => `parts[${partNumber - 1}]`;

function planProblems(evidence: Evidence, there: ReadonlyMap<number, ReceivedPart>): Problem[] {
  const { multipart } = evidence;
  if (multipart === undefined) return [];
  const planned = planParts(evidence.sizeBytes, multipart.partSizeBytes, multipart.partSha256);
  return planned.flatMap(({ partNumber, sizeBytes, sha256 }): Problem[] => {
    const part = there.get(partNumber);
    if (part === undefined) return [{ path: path(partNumber), message: `第${partNumber}片尚未上传` }];
    if (part.sizeBytes === sizeBytes && part.checksum === toBase64(sha256)) return [];
    return [{ path: path(partNumber), message: `第${partNumber}片与申报的长度或 SHA-256 不符，请重新上传该片` }];
  });
}

function listProblems(count: number, there: ReadonlyMap<number, ReceivedPart>, claimed: readonly ClaimedPart[]) {
  return claimed.flatMap(({ partNumber, etag }): Problem[] => {
    const part = there.get(partNumber);
    if (partNumber > count) {
      return [{ path: path(partNumber), message: `该文件只有${count}片，没有第${partNumber}片` }];
    }
    if (part === undefined || bare(part.etag) === bare(etag)) return [];
    return [{ path: path(partNumber), message: `第${partNumber}片的 ETag 与收到的不符，请核对后重新上传该片` }];
  });
}

/**
 * Joins the parts of an upload into its object if all of them are there as declared. What the store lists decides;
 * the client's own list, where it gives one, is only held against it. Joining twice is harmless.
 */
export async function joinParts(
  incoming: Pick<IncomingObjects, 'receivedParts' | 'joinParts' | 'find'>,
  evidence: Evidence,
  claimed: readonly ClaimedPart[] = [],
): Promise<Joining> {
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  const uploadId = evidence.multipart?.uploadId;
  const received = uploadId === undefined ? undefined : await incoming.receivedParts(key, uploadId);
  if (uploadId !== undefined && received !== undefined) {
    const there = new Map(received.map((part) => [part.partNumber, part]));
    const count = evidence.multipart?.partSha256.length ?? 0;
    const problems = [...planProblems(evidence, there), ...listProblems(count, there, claimed)];
    if (problems.length > 0) return { kind: 'incomplete', problems };
    if ((await incoming.joinParts(key, uploadId, received)) === 'refused') return { kind: 'changed' };
  }
  // No such upload: another call has just joined it, or it was given up.
  const object = await incoming.find(key);
  return object === undefined ? { kind: 'incomplete', problems: [] } : { kind: 'whole', object };
}
