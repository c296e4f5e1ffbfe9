import type { Actor } from '../access/actor.ts';
import type { FiledTrainee } from '../classes/class-filing.ts';

/** A completion certificate as issued: one per person and class. */
export interface IssuedCertificate {
  number: string;
  classId: string;
  subject: string;
  /** Calendar date, Asia/Shanghai. */
  issuedOn: string;
  name: string;
  idMasked: string;
}

/** What anybody may learn by a certificate's number: that it is one, and enough to tell whose. */
export interface CertificateCheck {
  number: string;
  subject: string;
  issuedOn: string;
  holder: string;
  /** Calendar date from which it holds no more (作废); absent while it does. */
  cancelledOn?: string;
}

/** A certificate as it is kept, to be cancelled. */
export interface CertificateRecord extends IssuedCertificate {
  st: 'issued' | 'cancelled';
  version: number;
  auditHead: string;
  personHash: string;
  cancelledOn?: string | undefined;
}

/** The class whose trainees are certified. */
export interface CertifiedClass {
  id: string;
  tenant: string;
  subject: string;
  /** 培训所在地, whose letter stands in the numbers. */
  district: string;
}

/** The letter of the place (市本级 or a district) in numbers, set by the city (附件4). */
export interface PlaceLetters {
  [district: string]: string;
}

export interface CertificateStore {
  letters(): Promise<PlaceLetters>;
  /** @throws DomainError `already-exists` when the letter is another place's, or numbers were issued under the old one. */
  setLetter(district: string, letter: string, by: Actor, at: Date): Promise<PlaceLetters>;
  /**
   * Issues the next numbers of a place and year to trainees who have none from this class, in one transaction per
   * group: no number is given twice and none is left out. Whoever has one keeps it.
   * @returns the certificates of these trainees, by number
   * @throws DomainError `numbers-exhausted` when fewer numbers are left than these trainees need: none is issued
   */
  issue(
    order: { class: CertifiedClass; letter: string; issuedOn: string; trainees: readonly FiledTrainee[] },
    by: Actor,
    at: Date,
  ): Promise<IssuedCertificate[]>;
  ofClass(classId: string): Promise<IssuedCertificate[]>;
  find(number: string): Promise<CertificateRecord | undefined>;
  /**
   * Takes a certificate out of force (作废). Its number stays on record with the reason and is never given again; the
   * person may be issued another.
   * @throws DomainError `changed-meanwhile`
   */
  cancel(certificate: CertificateRecord, reason: string, by: Actor, at: Date): Promise<CertificateCheck>;
  check(number: string): Promise<CertificateCheck | undefined>;
}
