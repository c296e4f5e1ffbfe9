import type { Actor } from '../access/actor.ts';
import type { DossierFile } from './dossier.ts';

/** A class as access rules see it, and what its claims will take to pack. */
export interface DossierSubject {
  tenant: string;
  authority: string;
  /** Calendar date; absent for a filing that was never filed. */
  filedOn?: string | undefined;
  /** Its claims, oldest first. */
  claims: { id: string; lines: number }[];
}

/** Everything that is kept about a class and what followed from it. */
export interface ClassFiles {
  files: DossierFile[];
  /** The newest change among them: equal contents give equal bytes. */
  changedAt: Date;
}

/** Which dossier somebody took. */
export interface DossierTaking {
  /** Hex, of the whole package. */
  sha256: string;
  sizeBytes: number;
  /** The one claim that was asked for; absent when it was all of them. */
  claimId?: string | undefined;
}

export interface DossierStore {
  find(classId: string): Promise<DossierSubject | undefined>;
  /** The files of the class and of these claims. */
  collect(classId: string, claimIds: readonly string[]): Promise<ClassFiles>;
  /** Puts on record that somebody takes a dossier: a chain of its own, so that the dossier does not change by it. */
  recordTaking(classId: string, taking: DossierTaking, by: Actor, at: Date): Promise<void>;
}
