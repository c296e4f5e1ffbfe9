import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { type ManifestEntry, packDossier } from './dossier.ts';
import type { DossierShelf, DossierStore } from './dossier-store.ts';

export interface DossierDependencies {
  dossiers: DossierStore;
  shelf: DossierShelf;
}

/** Makes the dossier (台账) of a class as one ZIP; the reply says what is in it and what each file hashes to. */
export async function makeDossier(
  deps: DossierDependencies,
  principal: Principal,
  classId: string,
): Promise<{ url: string; expiresInSeconds: number; sha256: string; sizeBytes: number; manifest: ManifestEntry[] }> {
  const found = await deps.dossiers.collect(classId);
  demand(principal, 'dossier.read', found);
  const { files, changedAt } = found ?? { files: [], changedAt: new Date(0) };
  const { bytes, sha256, manifest } = await packDossier(`CLASS#${classId}`, files, changedAt);
  const { url, expiresInSeconds } = await deps.shelf.put(classId, sha256, bytes);
  return { url, expiresInSeconds, sha256, sizeBytes: bytes.length, manifest };
}
