import type { CalendarDate } from './calendar-date.ts';
import type { ClaimFacts } from './claim-facts.ts';
import type { Apprentice, Certificate, Level, TraineeLine, TraineeStatus } from './contract.ts';
import type { IdentityReading } from './identity-number.ts';
import { personOf, readIdentityNumber } from './identity-number.ts';
import type { OccupationLevel, PersonRecord } from './roll.ts';
import { statedName } from './white-space.ts';

const NO_CERTIFICATES: readonly Certificate[] = [];
const NO_STATUS: TraineeStatus = {};
/** An apprenticeship line that does not say counts as an employee's. */
const NO_FIGURES: Apprentice = { kind: 'employee' };

/** A certificate of one of the three kinds that are 职业资格证书 in the sense of 一(一). */
export type QualificationCertificate = Certificate & {
  readonly kind: 'national-qualification' | 'skill-level' | 'special-ability';
};

/** What the rules read of one trainee line, worked out once for all of them. */
export class LineFacts {
  readonly claim: ClaimFacts;
  readonly line: TraineeLine;
  /** which line of the claim it is, the first being 1 */
  readonly position: number;
  /** the status facts; empty where none were given */
  readonly status: TraineeStatus;
  /** 学徒类型 in an apprenticeship; undefined in other programmes */
  readonly apprentice: 'employee' | 'student' | undefined;
  /** the figures of the training year; none where none were given */
  readonly trainingYear: Apprentice;
  /** the qualification certificate (职业资格证书): the first of its three kinds */
  readonly qualification: QualificationCertificate | undefined;
  /** the first certificate of a kind that counts in the programme */
  readonly counting: Certificate | undefined;
  /** the occupation that the qualification certificate states, without white space */
  readonly occupation: string | undefined;
  readonly level: Level | undefined;
  /** the date on which the line is judged (基准日): the class's start, the certificate's issue, or the submission */
  readonly referenceDate: CalendarDate;
  readonly identity: IdentityReading;
  /** identity number, a final `x` as `X` */
  readonly person: string;
  readonly record: PersonRecord;

  constructor(claim: ClaimFacts, line: TraineeLine, position: number) {
    this.claim = claim;
    this.line = line;
    this.position = position;
    this.status = line.status ?? NO_STATUS;
    this.trainingYear = line.apprentice ?? NO_FIGURES;
    this.apprentice = claim.route.programme === 'apprenticeship' ? this.trainingYear.kind : undefined;
    const certificates = this.apprentice === 'student' ? NO_CERTIFICATES : line.certificates;
    let qualification: QualificationCertificate | undefined;
    let counting: Certificate | undefined;
    for (const certificate of certificates) {
      if (qualification === undefined && isQualification(certificate)) qualification = certificate;
      if (counting === undefined && claim.counts.has(certificate.kind)) counting = certificate;
    }
    this.qualification = qualification;
    this.counting = counting;
    this.occupation = statedName(qualification?.occupation);
    this.level = qualification?.level;
    this.referenceDate = claim.class?.startsOn ?? qualification?.issuedOn ?? claim.claim.submittedOn;
    this.identity = readIdentityNumber(line.idNumber);
    this.person = personOf(line.idNumber);
    this.record = claim.roll.of(this.person);
  }

  /** Occupation and level, where the qualification certificate states both. */
  get statedPair(): OccupationLevel | undefined {
    const { level, occupation } = this;
    return occupation === undefined || level === undefined ? undefined : { occupation, level };
  }
}

/** 职业资格证书 in the sense of 一(一): national qualification, skill level, or special ability. */
export function isQualification(certificate: Certificate): certificate is QualificationCertificate {
  return (
    certificate.kind === 'national-qualification' ||
    certificate.kind === 'skill-level' ||
    certificate.kind === 'special-ability'
  );
}
