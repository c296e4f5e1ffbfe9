import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock/clock.ts';
import type { Evidence, Rejection } from './evidence.ts';
import { type EvidenceReference, evidenceKey } from './evidence-key.ts';
import { isSettled } from './evidence-states.ts';
import type { EvidenceChange, EvidenceStore } from './evidence-store.ts';
import type { EvidenceVault } from './evidence-vault.ts';
import { examine, type Verdict, type VideoProver } from './examine.ts';
import type { IncomingObjects, UploadedObject } from './incoming-objects.ts';
import { joinParts } from './join-parts.ts';
import { retainUntil } from './retention.ts';
import { fingerprintsOf } from './same-recording.ts';

/** How long to wait before an upload that has not arrived is looked for again, milliseconds. */
const lookAgainMs = 15 * 60 * 1000;

/**
 * How long one run has an upload to itself, milliseconds: longer than a run may take. The object's event and the
 * client's word come almost at once, and two copies under lock would cost twice for years.
 */
const inHandMs = 6 * 60 * 1000;

export interface VerificationDependencies {
  evidence: EvidenceStore;
  incoming: IncomingObjects;
  vault: EvidenceVault;
  proveVideo: VideoProver;
  clock: Clock;
  /** Whole years that proven evidence stays locked (三(二): at least five). */
  retentionYears: number;
  /** The job, for the audit record. */
  by: Actor;
}

/**
 * What a run came to: `unknown` no such upload · `settled` its verdict is known · `not-arrived` its bytes are not there
 * yet · `in-hand` another run is at it · `verified`, `rejected` this run's verdict.
 */
export type VerificationOutcome = 'unknown' | 'settled' | 'not-arrived' | 'in-hand' | 'verified' | 'rejected';

/** Records a verdict. It holds for the bytes, whichever state the row has come to meanwhile. */
async function settle(
  deps: VerificationDependencies,
  evidence: Evidence,
  change: Omit<EvidenceChange, 'by' | 'at'>,
  outcome: 'verified' | 'rejected',
): Promise<VerificationOutcome> {
  let current: Evidence | undefined = evidence;
  for (let attempt = 0; attempt < 3 && current !== undefined; attempt += 1) {
    if (isSettled(current.st)) return 'settled';
    if (await deps.evidence.move(current, { by: deps.by, at: deps.clock.now(), ...change })) return outcome;
    // The applicant's word that it is complete came in between, or another run's verdict.
    current = await deps.evidence.find({ claimId: evidence.claimId, evidenceId: evidence.id });
  }
  throw new Error('upload keeps changing while its verdict is recorded');
}

function reject(
  deps: VerificationDependencies,
  evidence: Evidence,
  rejection: Rejection,
  set: EvidenceChange['set'] = {},
) {
  const change = { move: 'evidence-rejected', set: { ...set, rejection }, reason: rejection.message } as const;
  return settle(deps, evidence, change, 'rejected');
}

/** The bytes are not there: waits on, until the upload's time is up. */
async function awaitArrival(deps: VerificationDependencies, evidence: Evidence): Promise<VerificationOutcome> {
  if (evidence.st === 'uploaded') {
    return reject(deps, evidence, { code: 'object-missing', message: '文件在核验前丢失，请重新上传。' });
  }
  const now = deps.clock.now();
  if (now.getTime() < Date.parse(evidence.expiresAt)) {
    await deps.evidence.lookAgain(evidence, new Date(now.getTime() + lookAgainMs));
    return 'not-arrived';
  }
  const message = '上传未完成：超过24小时没有收到完整的文件，请重新上传。';
  const rejection = { code: 'upload-not-finished', message } as const;
  const change = { move: 'evidence-rejected', set: { rejection }, reason: message, onlyIfExpired: true } as const;
  const moved = await deps.evidence.move(evidence, { by: deps.by, at: now, ...change });
  // Not moved: it was given more time, or it arrived. Either has its own next look.
  if (!moved) return 'not-arrived';
  const uploadId = evidence.multipart?.uploadId;
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  // After the verdict: a crash in between leaves parts that the bucket's lifecycle drops after a day.
  if (uploadId !== undefined) await deps.incoming.abortMultipart(key, uploadId);
  return 'rejected';
}

/** The version to examine: the one named if it is still there, else the newest, joined from its parts if need be. */
async function pin(deps: VerificationDependencies, evidence: Evidence, versionId: string | undefined) {
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  const named = versionId === undefined ? undefined : await deps.incoming.find(key, versionId);
  const found = named ?? (await deps.incoming.find(key));
  if (found !== undefined || evidence.st !== 'awaiting-upload' || evidence.multipart === undefined) return found;
  // Every part has arrived and nobody said so.
  const joining = await joinParts(deps.incoming, evidence);
  return joining.kind === 'whole' ? joining.object : undefined;
}

async function promote(
  deps: VerificationDependencies,
  evidence: Evidence,
  object: UploadedObject,
  verdict: Extract<Verdict, { kind: 'proven' }>,
): Promise<VerificationOutcome> {
  const sourceVersionId = object.versionId;
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  const until = retainUntil(deps.clock.now(), deps.retentionYears);
  const kept = await deps.vault.keep({ key, sourceVersionId, sha256: evidence.sha256 }, until);
  const { video } = verdict;
  return settle(
    deps,
    evidence,
    {
      move: 'evidence-verified',
      set: { sourceVersionId, kept, ...(video === undefined ? {} : { video }) },
      fingerprints: fingerprintsOf({ sha256: evidence.sha256, ...(video === undefined ? {} : { video }) }),
    },
    'verified',
  );
}

/** Examines the pinned version and acts on what it turned out to be. */
async function decide(
  deps: VerificationDependencies,
  evidence: Evidence,
  object: UploadedObject,
): Promise<VerificationOutcome> {
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  const verdict = await examine(deps, evidence, key, object);
  if (verdict.kind === 'proven') return promote(deps, evidence, object, verdict);
  const { rejection, video } = verdict;
  const set = { sourceVersionId: object.versionId, ...(video === undefined ? {} : { video }) };
  return reject(deps, evidence, rejection, set);
}

/**
 * Verifies one upload: pins a version of its object, holds it against what was declared, examines those bytes, keeps
 * them under lock, and records the verdict. What leads here (the object's event, the client's word, the sweep) may come
 * twice, late, out of order or at once: the upload's state decides, and one verdict is all there ever is. A crash
 * leaves nothing that the next run does not find or repeat. Only a verdict is recorded; a failure to read is thrown.
 * @param versionId the version that the event names; without one, the newest
 */
export async function verifyEvidence(
  deps: VerificationDependencies,
  reference: EvidenceReference,
  versionId?: string,
): Promise<VerificationOutcome> {
  const evidence = await deps.evidence.find(reference);
  // The row is written before any address is given out, so an object without one is nobody's.
  if (evidence === undefined) return 'unknown';
  if (isSettled(evidence.st)) return 'settled';
  const object = await pin(deps, evidence, versionId);
  if (object === undefined) return awaitArrival(deps, evidence);
  const now = deps.clock.now();
  const until = new Date(now.getTime() + inHandMs);
  // Should the other run die, its own message and the sweep come back after its time.
  if (!(await deps.evidence.takeInHand(evidence, now, until))) return 'in-hand';
  try {
    return await decide(deps, evidence, object);
  } catch (error) {
    await deps.evidence.letGo(evidence, until);
    throw error;
  }
}
