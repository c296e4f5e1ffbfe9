import { demandClaim } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { notFound } from '../errors/domain-error.ts';
import type { ClaimFile, Evidence } from './evidence.ts';
import type { EvidenceReference } from './evidence-key.ts';
import type { ClassPeriod, EvidenceStore } from './evidence-store.ts';
import { type EvidenceView, viewOf } from './evidence-view.ts';
import {
  type EvidenceFlag,
  measuredFlags,
  outsideClass,
  partlySame,
  recordedOnOneDay,
  usedElsewhere,
} from './flags.ts';
import { fingerprintsOf, repetitions } from './same-recording.ts';

/** A claim's uploads, oldest first, and what one of them says of another; for a reviewer also the class's period. */
interface Together {
  isReviewed: boolean;
  uploads: Evidence[];
  repeated: Map<string, Evidence>;
  period: ClassPeriod | undefined;
}

async function together(store: EvidenceStore, principal: Principal, claim: ClaimFile): Promise<Together> {
  const isReviewed = principal.role !== 'applicant';
  const { classId } = claim;
  const [uploads, period] = await Promise.all([
    store.list(claim.id),
    isReviewed && classId !== undefined ? store.classPeriod(classId) : undefined,
  ]);
  return { isReviewed, uploads, repeated: repetitions(uploads), period };
}

/** What reviewers should look at: the measurement's flags, and those that the class and other uploads raise. */
async function flagsOf(
  store: EvidenceStore,
  { uploads, repeated, period }: Together,
  upload: Evidence,
): Promise<EvidenceFlag[]> {
  if (upload.st !== 'verified') return [];
  const counted = uploads.filter(
    ({ id, kind, st }) => kind === 'teaching-video' && st === 'verified' && !repeated.has(id),
  );
  const others = await store.elsewhere(fingerprintsOf(upload), upload.claimId);
  return [
    ...measuredFlags(upload.video?.flags ?? []),
    ...outsideClass(upload, period),
    ...(counted.includes(upload) ? [...recordedOnOneDay(counted), ...partlySame(upload, counted)] : []),
    ...usedElsewhere(upload, others),
  ];
}

async function show(store: EvidenceStore, all: Together, upload: Evidence): Promise<EvidenceView> {
  const flags = all.isReviewed ? await flagsOf(store, all, upload) : [];
  return viewOf(upload, all.repeated.get(upload.id), flags);
}

/**
 * Every upload of a claim, oldest first.
 * @throws DomainError `not-found`
 */
export async function listEvidence(
  { evidence }: { evidence: EvidenceStore },
  principal: Principal,
  claimId: string,
): Promise<EvidenceView[]> {
  const claim = demandClaim(principal, 'evidence.read', await evidence.claim(claimId));
  const all = await together(evidence, principal, claim);
  return Promise.all(all.uploads.map((upload) => show(evidence, all, upload)));
}

/** @throws DomainError `not-found` */
export async function readEvidence(
  { evidence }: { evidence: EvidenceStore },
  principal: Principal,
  { claimId, evidenceId }: EvidenceReference,
): Promise<EvidenceView> {
  const claim = demandClaim(principal, 'evidence.read', await evidence.claim(claimId));
  const all = await together(evidence, principal, claim);
  const upload = all.uploads.find(({ id }) => id === evidenceId);
  if (upload === undefined) throw notFound();
  return show(evidence, all, upload);
}
