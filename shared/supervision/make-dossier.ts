import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { DomainError } from '../errors/domain-error.ts';
import { packDossier } from './dossier.ts';
import type { DossierStore } from './dossier-store.ts';

// A Lambda answers with 6 MB at most, and base64 takes a third more than the bytes.
const mostBytes = 4_400_000;

/** Makes the dossier (台账) of a class as one ZIP. */
export async function makeDossier(
  deps: { dossiers: DossierStore },
  principal: Principal,
  classId: string,
): Promise<{ bytes: Buffer; sha256: string }> {
  demand(principal, 'dossier.read', await deps.dossiers.owner(classId));
  const { files, changedAt } = await deps.dossiers.collect(classId);
  const { bytes, sha256 } = await packDossier(`CLASS#${classId}`, files, changedAt);
  if (bytes.length > mostBytes) {
    throw new DomainError(
      'payload-too-large',
      `该班级的台账有${(bytes.length / 1e6).toFixed(1)}MB，超过一次下载的上限，请联系管理员导出。`,
    );
  }
  return { bytes, sha256 };
}
