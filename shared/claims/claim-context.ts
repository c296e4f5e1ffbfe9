import type { PersonalData } from '../access/personal-data.ts';
import type { AnnexesInForce } from '../catalogue/annex-publication.ts';
import type { ClassRecord } from '../classes/class-filing.ts';
import type { Clock } from '../clock/clock.ts';
import type { VerifiedEvidence } from '../evidence/evidence.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { SharedRecord } from '../people/shared-record.ts';
import type { ShortageEntry } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';

/** The register of applicants (单位登记), as claims need it. */
export interface ApplicantRegister {
  find(tenant: string): Promise<Organisation | undefined>;
}

/** Filed classes (开班备案), as claims need them. */
export interface FiledClasses {
  find(classId: string): Promise<ClassRecord | undefined>;
  /** The people of a filed roster, by hash of their identity number. */
  trainees(classId: string, rosterId: string): Promise<{ personHash: string }[]>;
}

/** Evidence whose verdict is in, and how much is still out. */
export interface ProvenEvidence {
  verifiedEvidence(claimId: string): Promise<VerifiedEvidence>;
}

/** What shared records say of persons, by hash of the identity number. */
export interface SharedRecords {
  recordsOf(personHashes: readonly string[]): Promise<ReadonlyMap<string, SharedRecord>>;
}

/**
 * The lists of shortage occupations (紧缺职业（工种）目录) as published now: the days on which each was in force, and how
 * many there are.
 */
export interface ShortageOccupations {
  inForce(): Promise<{ entries: readonly ShortageEntry[]; version: number }>;
}

/** To whom a completion certificate was issued, and of which class. */
export interface CertificateHolder {
  personHash: string;
  classId: string;
}

/** The register of completion certificates (培训合格证书, 附件4). */
export interface CertificateRegister {
  /** By number; those that were never issued are absent. */
  holdersOf(numbers: readonly string[]): Promise<ReadonlyMap<string, CertificateHolder>>;
}

/** Where the facts of a claim come from that its applicant does not state. */
export interface ClaimSources {
  applicants: ApplicantRegister;
  classes: FiledClasses;
  evidence: ProvenEvidence;
  editions: {
    find(id: string): Edition | undefined;
    inForce(date: string): Edition | undefined;
  };
  clock: Clock;
}

/** What judging a claim needs besides its own facts. */
export interface JudgingSources {
  personal: PersonalData;
  people: SharedRecords;
  certificates: CertificateRegister;
  shortage: ShortageOccupations;
  annexes: AnnexesInForce;
}
