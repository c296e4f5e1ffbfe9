import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { DomainError, notFound, type Problem } from '../errors/domain-error.ts';
import type { Evidence } from './evidence.ts';
import { type EvidenceReference, evidenceKey } from './evidence-key.ts';
import { isSettled } from './evidence-states.ts';
import { type ClaimedPart, joinParts } from './join-parts.ts';
import type { UploadDependencies } from './upload-instructions.ts';
import type { VerificationQueue } from './verification-queue.ts';

export interface CompletionDependencies extends UploadDependencies {
  queue: VerificationQueue;
}

// A list of all 820 parts of 4 GiB helps nobody.
const maxProblems = 50;

function notThere(problems: readonly Problem[] = []): DomainError {
  const sentence = '文件还没有完整到达，请继续上传；上传地址过期时请重新获取，传完后再确认完成。';
  return new DomainError('state-not-permitted', sentence, problems.slice(0, maxProblems));
}

async function demandObject(deps: CompletionDependencies, evidence: Evidence, claimed: readonly ClaimedPart[]) {
  const key = evidenceKey({ claimId: evidence.claimId, evidenceId: evidence.id });
  if ((await deps.incoming.find(key)) !== undefined) return;
  const joining = await joinParts(deps.incoming, evidence, claimed);
  if (joining.kind === 'incomplete') throw notThere(joining.problems);
  if (joining.kind === 'changed') {
    throw new DomainError('changed-meanwhile', '有分片刚刚被重新上传，请稍候再次确认完成。');
  }
}

/**
 * Takes the client's word that a file is there, after looking: joins the parts of a large one, then has it verified.
 * Saying it twice is harmless, and so is saying it after the object's own event, or never.
 * @throws DomainError `not-found`, `state-not-permitted` with the parts that are missing, `changed-meanwhile`
 */
export async function completeUpload(
  deps: CompletionDependencies,
  principal: Principal,
  reference: EvidenceReference,
  claimed: readonly ClaimedPart[],
): Promise<Evidence> {
  demand(principal, 'evidence.write', await deps.evidence.claim(reference.claimId));
  const evidence = await deps.evidence.find(reference);
  if (evidence === undefined) throw notFound();
  if (isSettled(evidence.st)) return evidence;
  if (evidence.st === 'awaiting-upload') {
    await demandObject(deps, evidence, claimed);
    const { subject, tenant, role, name } = principal;
    const at = deps.clock.now();
    const by = { subject, tenant, role, name };
    // A refused move means that the verdict, or another completion, came first: what is stored now is the answer.
    await deps.evidence.move(evidence, { move: 'upload-completed', by, at, lookAgainAt: at });
  }
  const current = (await deps.evidence.find(reference)) ?? evidence;
  if (current.st === 'uploaded') await deps.queue.send(reference);
  return current;
}
