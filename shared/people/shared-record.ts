import type { Actor } from '../access/actor.ts';
import type { TraineeStatus } from '../regulation/contract.ts';

/**
 * What shared records (信息共享) say of a person: employment, insurance, residence, schooling. Imported by officers;
 * facts from here count as verified, a roster's own statement does not (二(二)).
 */
export interface SharedRecord {
  status: TraineeStatus;
  /** Calendar date (Asia/Shanghai) on which the records were read. */
  verifiedOn: string;
  /** Which register they came from, for the audit. */
  source: string;
}

/** A subsidy of the unemployment insurance (失业保险技能提升补贴); it counts towards the three of a year (四(二)). */
export interface InsuranceSubsidy {
  idNumber: string;
  /** The natural year in which it was received. */
  year: number;
  /** The insurance's own number of the payment: the same payment is never counted twice. */
  reference: string;
}

/** An import as it goes on record: whoever changes what lines are decided by leaves his name (留痕). */
export interface RecordImport {
  /** The same for every repetition of one request. */
  id: string;
  kind: 'shared-records' | 'insurance-subsidies';
  /** SHA-256 of the rows as they were taken in, hex; of the file where one was handed in. */
  sha256: string;
  rows: number;
  source?: string;
  /** Calendar date, Asia/Shanghai */
  verifiedOn?: string;
  by: Actor;
  at: Date;
}

/** Where what is known of persons is kept, found by identity number. */
export interface PersonStore {
  /** Writes records; the newer `verifiedOn` wins, so that an old file imported late changes nothing. */
  saveRecords(
    records: readonly { idNumber: string; record: SharedRecord }[],
    origin: RecordImport,
  ): Promise<{ saved: number; older: number }>;
  /**
   * Counts subsidies, each reference once for ever, for one person and year.
   * @throws DomainError `already-exists` when a reference is kept for another person or year: nothing is imported
   */
  saveSubsidies(
    subsidies: readonly InsuranceSubsidy[],
    origin: RecordImport,
  ): Promise<{ saved: number; known: number }>;
  /**
   * Takes a mistaken subsidy out of its person's year; its reference never counts again.
   * @returns false when there is no such reference
   * @throws DomainError `state-not-permitted` when it was taken out before
   */
  reverseSubsidy(reference: string, reason: string, by: Actor, at: Date): Promise<boolean>;
  /** By keyed hash of the canonical identity number; persons without a record are absent. */
  recordsOf(personHashes: readonly string[]): Promise<ReadonlyMap<string, SharedRecord>>;
}
