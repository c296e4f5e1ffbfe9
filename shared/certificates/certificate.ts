import type { FiledTrainee } from '../classes/class-filing.ts';
import type { Actor } from '../supervision/audit-chain.ts';

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
}

/** The class whose trainees are certified. */
export interface CertifiedClass {
  id: string;
  tenant: string;
  subject: string;
}

/** The letter of the place (市本级 or a district) in numbers, set by the city (附件4). */
export interface PlaceLetters {
  [district: string]: string;
}

export interface CertificateStore {
  letters(): Promise<PlaceLetters>;
  /** @throws DomainError `already-exists` when a letter that numbers were issued under would change. */
  setLetter(district: string, letter: string, by: Actor, at: Date): Promise<PlaceLetters>;
  /**
   * Issues the next numbers of a place and year to trainees who have none from this class, in one transaction per
   * group: no number is given twice and none is left out. Whoever has one keeps it.
   * @throws DomainError `numbers-exhausted` beyond 99,999.
   */
  issue(
    order: { class: CertifiedClass; letter: string; issuedOn: string; trainees: readonly FiledTrainee[] },
    by: Actor,
    at: Date,
  ): Promise<IssuedCertificate[]>;
  ofClass(classId: string): Promise<IssuedCertificate[]>;
  check(number: string): Promise<CertificateCheck | undefined>;
}
