import type { DossierFile } from './dossier.ts';

/** A class as access rules see it, and everything that is kept about it and what followed from it. */
export interface ClassFiles {
  tenant: string;
  authority: string;
  files: DossierFile[];
  /** The newest change among them: equal contents give equal bytes. */
  changedAt: Date;
}

export interface DossierStore {
  collect(classId: string): Promise<ClassFiles | undefined>;
}
