import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Evidence } from './evidence.ts';
import { keptFileName } from './file-name.ts';
import { demandTakesEvidence } from './open-claim.ts';
import { instructUpload, type UploadDependencies, type UploadInstructions, urlSeconds } from './upload-instructions.ts';
import type { UploadRequest } from './upload-request.ts';

/** An upload without a sign of life for so long is given up, milliseconds. */
export const uploadPatienceMs = 24 * 60 * 60 * 1000;

// One claim of 5,000 trainees has a few dozen papers; this only stops a client that has lost its way.
const maxUploads = 300;

function demandSame(existing: Evidence, request: UploadRequest): void {
  if (existing.kind === request.kind && existing.sha256 === request.sha256) return;
  throw new DomainError('idempotency-key-reused', '这个 Idempotency-Key 已用于另一份文件。请为新的文件生成新的编号。');
}

/**
 * Opens an upload for one file of a claim: the row first, so that no byte can arrive that nobody knows of, then the
 * signed requests. Under the same id it gives the same upload again.
 * @throws DomainError `not-found`, `state-not-permitted`, `idempotency-key-reused`
 */
export async function requestUpload(
  deps: UploadDependencies,
  principal: Principal,
  claimId: string,
  evidenceId: string,
  request: UploadRequest,
): Promise<{ evidence: Evidence; upload?: UploadInstructions }> {
  const claim = demand(principal, 'evidence.write', await deps.evidence.claim(claimId));
  demandTakesEvidence(claim);
  if ((await deps.evidence.list(claimId)).length >= maxUploads) {
    throw new DomainError('state-not-permitted', `一份申请最多上传${maxUploads}个文件，请合并材料后再上传。`);
  }
  const now = deps.clock.now();
  const { subject, tenant, role, name } = principal;
  const { multipart, ...declared } = request;
  const evidence = await deps.evidence.create(
    {
      ...declared,
      id: evidenceId,
      claimId,
      fileName: keptFileName(request.fileName),
      ...(multipart === undefined ? {} : { multipart }),
      requestedBy: { subject, tenant, role, name },
      expiresAt: new Date(now.getTime() + uploadPatienceMs).toISOString(),
    },
    now,
    new Date(now.getTime() + urlSeconds * 1000),
  );
  if (evidence === undefined) {
    throw new DomainError('changed-meanwhile', '该申请刚刚已提交或撤回，请刷新后按最新状态办理。');
  }
  demandSame(evidence, request);
  if (evidence.st !== 'awaiting-upload') return { evidence };
  return { evidence, upload: await instructUpload(deps, evidence) };
}
