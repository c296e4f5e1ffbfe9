import type { Actor } from '../access/actor.ts';
import type { AcceptedFiling, ClassContent, ClassRecord, FiledTrainee } from './class-filing.ts';
import type { ClassState } from './class-states.ts';

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
  file(record: ClassRecord, filing: FilingStep, by: Actor, at: Date): Promise<ClassRecord>;
  /**
   * Puts the version that waits in force, with its roster. `countBatch` makes the acceptance count as one more batch of
   * its year for a master's studio.
   */
  accept(
    record: ClassRecord,
    accepted: Omit<AcceptedFiling, 'rosterId'>,
    countBatch: boolean,
    reason: string,
  ): Promise<ClassRecord>;
  /** Refuses the filing; of a change, the version that was accepted before stands again. */
  refuse(record: ClassRecord, reason: string, by: Actor, at: Date): Promise<ClassRecord>;
  /**
   * An applicant's classes by their creation, or those that were filed with an authority: the ones that wait for
   * acceptance by the time of filing, the others by their first day. With a state, those alone; an applicant's page may
   * be shorter then.
   */
  listOf(
    owner: { tenant: string } | { authority: string },
    state?: ClassState,
    cursor?: string,
  ): Promise<{ classes: ClassRecord[]; next?: string }>;
  trainees(classId: string, rosterId: string): Promise<ShownTrainee[]>;
  versions(
    classId: string,
  ): Promise<
    { contentVersion: number; content: ClassContent; enrolled: number; rosterId: string; at: string; by: Actor }[]
  >;
}

export type NewClass = Pick<ClassRecord, 'id' | 'tenant' | 'applicantName' | 'authority' | 'content' | 'copiedFrom'>;
export interface ClassChange {
  content: ClassContent;
  authority: string;
  trainees: readonly FiledTrainee[];
  /** A changed filing waits for acceptance again; a draft, which has none of this, stays one. */
  filing?: Omit<FilingStep, 'authority'>;
}

/** What a class has from its filing on. */
export interface FilingStep {
  authority: string;
  /** The date that counts for "5 days ahead". */
  filedOn: string;
  /** By when its authority should have accepted or refused it. */
  dueAt: Date;
}
