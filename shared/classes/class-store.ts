import type { Actor } from '../supervision/audit-chain.ts';
import type { AcceptedFiling, ClassContent, ClassRecord, FiledTrainee } from './class-filing.ts';

/** A person of a filed roster as replies show it. */
export interface ShownTrainee {
  name: string;
  idMasked: string;
  personHash: string;
}

/** Keeps class filings with every version of their content. All writes hold only for the record as it was read. */
export interface ClassStore {
  find(classId: string): Promise<ClassRecord | undefined>;
  /** Creates a draft; a record that is there under this id already is left and returned. */
  create(draft: NewClass, trainees: readonly FiledTrainee[], by: Actor, at: Date): Promise<ClassRecord>;
  /** Puts new content in place as the next version. */
  change(record: ClassRecord, change: ClassChange, by: Actor, at: Date): Promise<ClassRecord>;
  file(record: ClassRecord, filedOn: string, by: Actor, at: Date): Promise<ClassRecord>;
  /** `countBatch` makes the acceptance count as one more batch of its year for a master's studio. */
  accept(record: ClassRecord, accepted: AcceptedFiling, countBatch: boolean, reason: string): Promise<ClassRecord>;
  refuse(record: ClassRecord, reason: string, by: Actor, at: Date): Promise<ClassRecord>;
  listOf(
    owner: { tenant: string } | { authority: string },
    cursor?: string,
  ): Promise<{ classes: ClassRecord[]; next?: string }>;
  trainees(classId: string, rosterId: string): Promise<ShownTrainee[]>;
  versions(
    classId: string,
  ): Promise<{ contentVersion: number; content: ClassContent; enrolled: number; at: string; by: Actor }[]>;
}

export type NewClass = Pick<ClassRecord, 'id' | 'tenant' | 'applicantName' | 'authority' | 'content' | 'copiedFrom'>;
export interface ClassChange {
  content: ClassContent;
  authority: string;
  trainees: readonly FiledTrainee[];
  /** Where the class goes: a changed filing waits for acceptance again, a draft stays one. */
  to: 'draft' | 'filed';
  filedOn?: string;
}
