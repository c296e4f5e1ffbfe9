import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import type { Evidence } from './evidence.ts';
import { type EvidenceReference, evidenceKey } from './evidence-key.ts';
import { demandTakesEvidence } from './open-claim.ts';
import { uploadPatienceMs } from './request-upload.ts';
import { instructUpload, type UploadDependencies, type UploadInstructions } from './upload-instructions.ts';

/**
 * Signs anew what is still missing of a file, so that an upload can go on where it broke off, and gives it more time.
 * @throws DomainError `not-found`, `state-not-permitted` when the file is there already
 */
export async function renewUpload(
  deps: UploadDependencies,
  principal: Principal,
  reference: EvidenceReference,
): Promise<{ evidence: Evidence; upload: UploadInstructions }> {
  const claim = demand(principal, 'evidence.write', await deps.evidence.claim(reference.claimId));
  const evidence = await deps.evidence.find(reference);
  if (evidence === undefined) throw notFound();
  demandTakesEvidence(claim);
  if (evidence.st !== 'awaiting-upload') {
    throw new DomainError('state-not-permitted', '该文件已上传完毕，不需要新的上传地址。请查看核验结果。');
  }
  if ((await deps.incoming.find(evidenceKey(reference))) !== undefined) {
    throw new DomainError('state-not-permitted', '该文件已经到达，不需要新的上传地址。请确认上传完成。');
  }
  const upload = await instructUpload(deps, evidence);
  await deps.evidence.prolong(evidence, new Date(deps.clock.now().getTime() + uploadPatienceMs));
  return { evidence, upload };
}
