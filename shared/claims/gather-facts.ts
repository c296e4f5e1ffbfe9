import type { ClassRecord } from '../classes/class-filing.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { VerifiedEvidence } from '../evidence/evidence.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { withAnnexPublications } from '../regulation/annex-changes.ts';
import type { Applicant, MaterialKind, TrainingClass } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import type { ClaimSources, JudgingSources } from './claim-context.ts';
import type { ClaimDeclaration, ClaimRecord, SubmittedFacts } from './claim-record.ts';

/** Forms that the product prints from what was filed: nobody is asked to upload them (二(二)). */
const printedForms: readonly MaterialKind[] = ['application-form-unit', 'application-form-individual', 'roster'];

/** The applicant as the rules see it: the register's word, and what this class and this claim add to it. */
export function applicantFacts(
  organisation: Organisation,
  filed: ClassRecord | undefined,
  declaration: ClaimDeclaration,
): Applicant {
  const { tenant, name, kind, insuredDistrict, independentLegalPerson, traits, selfEvaluation, approval, studio } =
    organisation;
  const accepted = filed?.accepted;
  const entrustedBy = accepted?.content.entrustedBy;
  const consent = accepted?.crossDistrictConsent;
  return {
    id: tenant,
    name,
    kind,
    ...(insuredDistrict === undefined ? {} : { insuredDistrict }),
    ...(independentLegalPerson === undefined ? {} : { independentLegalPerson }),
    ...(traits === undefined ? {} : { traits }),
    ...(selfEvaluation === undefined ? {} : { selfEvaluation }),
    ...(entrustedBy === undefined ? {} : { entrustedBy }),
    ...(approval === undefined
      ? {}
      : { approval: { ...approval, ...(consent === undefined ? {} : { crossDistrictConsent: consent }) } }),
    ...(studio === undefined ? {} : { studio: { ...studio, batchOfYear: accepted?.batchOfYear ?? 1 } }),
    ...declaration,
  };
}

/** The class as the rules see it: the accepted version of the filing, not a change that still waits. */
export function classFacts(filed: ClassRecord): TrainingClass {
  const { accepted } = filed;
  const content = accepted?.content ?? filed.content;
  const filedOn = accepted?.filedOn ?? filed.filedOn;
  return {
    id: filed.id,
    district: content.district,
    startsOn: content.startsOn,
    endsOn: content.endsOn,
    hours: content.hours,
    enrolled: accepted?.enrolled ?? filed.enrolled,
    filingAccepted: accepted !== undefined,
    ...(filedOn === undefined ? {} : { filedOn }),
    ...(content.subject === undefined ? {} : { subject: content.subject }),
  };
}

/** The edition of a claim; it was given when the claim was opened and stays. */
export function editionOf(sources: Pick<ClaimSources, 'editions'>, claim: Pick<ClaimRecord, 'edition'>): Edition {
  const edition = sources.editions.find(claim.edition);
  if (edition === undefined) throw new Error(`no edition ${claim.edition}`);
  return edition;
}

/**
 * The edition of a claim with annexes 1 and 2 as they are published now, read anew for each decision: what a worker has
 * seen before may be older than the last publication.
 */
export async function editionAsPublished(
  sources: Pick<ClaimSources, 'editions'> & Pick<JudgingSources, 'annexes'>,
  claim: Pick<ClaimRecord, 'edition'>,
): Promise<Edition> {
  const edition = editionOf(sources, claim);
  return withAnnexPublications(edition, await sources.annexes.publications(edition.id));
}

/** @throws DomainError `not-eligible` when the bureau has not registered the applicant */
export async function registeredApplicant(
  sources: Pick<ClaimSources, 'applicants'>,
  tenant: string,
): Promise<Organisation> {
  const organisation = await sources.applicants.find(tenant);
  if (organisation === undefined) {
    throw new DomainError('not-eligible', '申请人尚未在人力社保部门登记，请先办理登记，再提出申请。');
  }
  return organisation;
}

/** Everything but the lines by which a claim would be judged now, and its class as it was read for that. */
export async function gatherFacts(
  sources: ClaimSources,
  claim: ClaimRecord,
): Promise<{ facts: SubmittedFacts; pending: VerifiedEvidence['pending']; filed: ClassRecord | undefined }> {
  const [organisation, filed, evidence] = await Promise.all([
    registeredApplicant(sources, claim.tenant),
    claim.classId === undefined ? undefined : sources.classes.find(claim.classId),
    sources.evidence.verifiedEvidence(claim.id),
  ]);
  const materials: MaterialKind[] = [...printedForms, ...evidence.materials];
  if (filed !== undefined) materials.push('class-filing-form');
  const facts: SubmittedFacts = {
    applicant: applicantFacts(organisation, filed, claim.declaration),
    ...(filed === undefined ? {} : { class: classFacts(filed) }),
    materials: materials.toSorted(),
    videos: evidence.videos,
  };
  return { facts, pending: evidence.pending, filed };
}
