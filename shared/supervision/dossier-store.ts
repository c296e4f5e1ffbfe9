import type { DossierFile } from './dossier.ts';

/** Everything that is kept about a class and what followed from it. */
export interface ClassFiles {
  files: DossierFile[];
  /** The newest change among them: equal contents give equal bytes. */
  changedAt: Date;
}

export interface DossierStore {
  /** A class as access rules see it; undefined when there is none. */
  owner(classId: string): Promise<{ tenant: string; authority: string } | undefined>;
  /** The files of a class that exists. Claims that were never handed in are their applicant's alone, and in no dossier. */
  collect(classId: string): Promise<ClassFiles>;
}
