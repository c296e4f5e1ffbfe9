import type { CalendarDate } from '../../../shared/regulation/calendar-date.ts';
import { addYears, completedYears, isWithinYears } from '../../../shared/regulation/calendar-date.ts';
import { claimFacts } from '../../../shared/regulation/claim-facts.ts';
import type { Assessment, AssessmentRequest, Finding } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 as edition } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { LineFacts } from '../../../shared/regulation/line-facts.ts';
import { rosterFault } from '../../../shared/regulation/provisions/4-2-real-names.ts';
import { qualificationStandard } from '../../../shared/regulation/standards/qualification.ts';

/** What a general rule engine is told of one trainee line: flat, as such engines want it. */
export type PeerFacts = Readonly<Record<string, string | number | boolean>>;

/**
 * The lines of a claim as facts, worked out before anything is timed. Much of the work is done here for the engines: the
 * identity number is read, ages are counted, districts, annexes and the shortage list are looked up, and what a line has
 * to know of the other lines and of history comes from our own findings.
 */
export function peerFacts(request: AssessmentRequest, ours: Assessment): PeerFacts[] {
  const claim = claimFacts(edition, request, new Set(qualificationStandard.counts));
  return request.claim.lines.map((line, index) => {
    const facts = new LineFacts(claim, line, index + 1);
    const findings = new Map(ours.lines[index]?.findings.map((finding) => [finding.rule, finding]));
    return { ...person(facts), ...standing(facts), ...certificate(facts), ...others(findings) };
  });
}

/** What is the same for every line: the edition's own figures. */
export const EDITION_FACTS: PeerFacts = {
  lowestAge: edition.figures.age.lower,
  appliesFrom: day(edition.appliesFrom),
  appliesTo: day(edition.appliesTo),
  perYear: edition.figures.subsidiesPerYear,
  shortageFactor: 1 + edition.figures.shortageUpliftPercent / 100,
};

/** Dates as numbers, 20200501: engines compare numbers. */
function day(date: CalendarDate | undefined): number {
  return date === undefined ? 0 : Number(date.replaceAll('-', ''));
}

function person(line: LineFacts): PeerFacts {
  const { identity, referenceDate, status } = line;
  const { age } = edition.figures;
  const domestic = status.domesticServiceWorker === true;
  const male = identity.valid && identity.sex === 'male';
  const upper = male ? age.upperMale : domestic ? age.upperFemaleDomestic : age.upperFemale;
  return {
    enrolled: rosterFault(line) === undefined,
    age: identity.valid ? completedYears(identity.birthDate, referenceDate) : 0,
    upper,
    beforeUpperBirthday: identity.valid && isWithinYears(referenceDate, identity.birthDate, upper),
    cardGiven: line.line.card !== undefined,
    cardActivated: line.line.card?.activated === true,
  };
}

function standing({ claim, line, status }: LineFacts): PeerFacts {
  const insurance = status.unemploymentInsurance;
  const { graduate } = status;
  const isUrban = (district: string | undefined) => district !== undefined && edition.isUrban(district);
  return {
    statusGiven: line.status !== undefined,
    statusVerified: line.statusVerified,
    insured: insurance !== undefined,
    insuredUrban: isUrban(insurance?.district),
    paidThrough: day(insurance?.paidThrough),
    enterpriseEmployee: insurance?.enterpriseEmployee === true,
    publicSectorStaff: status.publicSectorStaff === true,
    urbanHukou: isUrban(status.hukouDistrict),
    urbanPermit: isUrban(status.residencePermitDistrict),
    urbanUnemployed: isUrban(status.registeredUnemployedDistrict),
    graduate: graduate !== undefined,
    graduateEmployed: graduate?.employed === true,
    graduateOfWenzhou: graduate?.studiedInWenzhou === true || graduate?.originWenzhou === true,
    leftSchoolInTime:
      graduate !== undefined &&
      isWithinYears(claim.claim.submittedOn, graduate.leftSchoolOn, edition.figures.graduateWithinYears),
    urbanWorker: isUrban(status.workDistrict),
  };
}

function certificate({ claim, level, occupation, qualification }: LineFacts): PeerFacts {
  const kind = qualification?.kind ?? 'none';
  const catalogue = edition.catalogueOn(qualification?.issuedOn ?? '');
  const list = kind === 'special-ability' && level !== undefined ? catalogue.abilityListOf(level) : undefined;
  const entry = occupation === undefined ? undefined : catalogue.classOf(occupation);
  const annexFen = level === undefined ? undefined : entry?.standards[level];
  return {
    kind,
    named: occupation !== undefined && level !== undefined,
    inAnnex1: entry !== undefined,
    inAnnex2:
      list !== undefined && occupation !== undefined && catalogue.abilityOf(list.level, occupation) !== undefined,
    annexFen: (kind === 'special-ability' ? list?.standard : annexFen) ?? 0,
    shortage:
      kind !== 'special-ability' &&
      occupation !== undefined &&
      qualification !== undefined &&
      claim.shortage.holds(occupation, qualification.issuedOn),
    issuer: qualification?.issuer ?? 'none',
    registered: qualification?.registered === true,
    issuedOn: day(qualification?.issuedOn),
    claimBy: day(qualification && addYears(qualification.issuedOn, edition.figures.claimWithinYears)),
    submittedOn: day(claim.claim.submittedOn),
    obtainedVia: qualification?.obtainedVia ?? 'unsaid',
    assessedInWenzhou: qualification?.assessedInWenzhou === true,
  };
}

function others(findings: ReadonlyMap<string, Finding>): PeerFacts {
  return {
    doubled: findings.get('roster.duplicate')?.outcome === 'fail',
    counted: Number(findings.get('quota.annual')?.facts['counted']),
    hasSubject: findings.has('quota.repeat'),
    hadBefore: findings.get('quota.repeat')?.outcome === 'fail',
  };
}
