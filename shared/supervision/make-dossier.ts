import { actorOf } from '../access/actor.ts';
import { demandClass } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import { packDossier } from './dossier.ts';
import type { DossierStore, DossierSubject } from './dossier-store.ts';

export interface DossierDependencies {
  dossiers: DossierStore;
  clock: Clock;
}

// A Lambda answers with 6 MB at most, and base64 takes a third more than the bytes.
const mostBytes = 4_400_000;
// Of so many the package has about 2.5 MB, and making it takes about ten seconds.
const mostLines = 5000;

function tooLarge(subject: DossierSubject, claimId: string | undefined, size: string): DomainError {
  if (claimId === undefined && subject.claims.length > 1) {
    return new DomainError(
      'payload-too-large',
      `该班级全部申请的台账${size}，超过一次下载的上限，请按申请逐个下载：在地址后加 ?claimId=申请编号。`,
      subject.claims.map(({ id, lines }) => ({ path: 'query.claimId', message: `${id}（${lines}人）` })),
    );
  }
  return new DomainError(
    'payload-too-large',
    `这份台账${size}，超过一次下载的上限。其审计记录可在“申请审计记录”中单独下载，明细可在申请中逐页查看。`,
  );
}

/**
 * Makes the dossier (台账) of a class, with all its claims or with one of them, as one ZIP. Who takes it is on record
 * before it goes out: it holds the files of everybody in the class.
 * @throws DomainError `payload-too-large` with the claims to ask for one by one
 */
export async function makeDossier(
  deps: DossierDependencies,
  principal: Principal,
  classId: string,
  claimId: string | undefined,
): Promise<{ bytes: Buffer; sha256: string }> {
  const subject = demandClass(principal, 'dossier.read', await deps.dossiers.find(classId));
  const claims = subject.claims.filter(({ id }) => claimId === undefined || id === claimId);
  if (claimId !== undefined && claims.length === 0) throw notFound();
  const lines = claims.reduce((sum, claim) => sum + claim.lines, 0);
  if (claims.length > 1 && lines > mostLines) throw tooLarge(subject, claimId, `有${lines}名学员的记录`);
  const claimIds = claims.map(({ id }) => id);
  const { files, changedAt } = await deps.dossiers.collect(classId, claimIds);
  const reader = principal.role === 'applicant' ? 'applicant' : 'authority';
  const name = claimId === undefined ? `CLASS#${classId}` : `CLASS#${classId}/CLAIM#${claimId}`;
  const { bytes, sha256 } = await packDossier(name, files, changedAt, reader);
  if (bytes.length > mostBytes) throw tooLarge(subject, claimId, `有${(bytes.length / 1e6).toFixed(1)}MB`);
  const taking = { sha256, sizeBytes: bytes.length, claimId };
  await deps.dossiers.recordTaking(classId, taking, actorOf(principal), deps.clock.now());
  return { bytes, sha256 };
}
