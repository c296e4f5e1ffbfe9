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

/** Where what is known of persons is kept, found by identity number. */
export interface PersonStore {
  /** Writes records; the newer `verifiedOn` wins, so that an old file imported late changes nothing. */
  saveRecords(
    records: readonly { idNumber: string; record: SharedRecord }[],
    at: Date,
  ): Promise<{ saved: number; older: number }>;
  saveSubsidies(subsidies: readonly InsuranceSubsidy[]): Promise<{ saved: number; known: number }>;
  /** By keyed hash of the canonical identity number; persons without a record are absent. */
  recordsOf(personHashes: readonly string[]): Promise<ReadonlyMap<string, SharedRecord>>;
}
