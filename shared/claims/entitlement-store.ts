/** A lock that somebody's line holds. */
export interface HeldLock {
  /** `<claimId>#<nnnn>` */
  line: string;
  /** The natural year whose subsidies that line counts towards. */
  year: number;
}

export interface OccupationLock {
  personHash: string;
  occupation: string;
  /** `-` for none */
  level: string;
}

/** The training of one class, as it pays one person. */
export interface ClassLock {
  personHash: string;
  classId: string;
}

/** What persons and certificates have already been granted, read as it is now. */
export interface EntitlementStore {
  /** The names of everything that counts towards a person's year: `<claimId>#<nnnn>`, `insurance#<reference>`. */
  quotas(personHashes: readonly string[], year: number): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The locks that are held, under `occupationLockName`. */
  occupationLocks(locks: readonly OccupationLock[]): Promise<ReadonlyMap<string, HeldLock>>;
  /** The claims that hold a person's place in a class, under `classLockName`. */
  classLocks(locks: readonly ClassLock[]): Promise<ReadonlyMap<string, string>>;
  /** The certificates that are used, by hash. */
  certificateLocks(hashes: readonly string[]): Promise<ReadonlyMap<string, HeldLock>>;
}

export function occupationLockName({ personHash, occupation, level }: OccupationLock): string {
  return `${personHash}#${occupation}#${level}`;
}

export function classLockName({ personHash, classId }: ClassLock): string {
  return `${personHash}#${classId}`;
}

/** The claim that a name in a quota or lock belongs to; `insurance` for a subsidy of the insurance. */
export function claimOfReference(reference: string): string {
  return reference.slice(0, reference.indexOf('#'));
}

/** A line's name in quotas and locks. */
export function lineReference(claimId: string, lineNo: number): string {
  return `${claimId}#${String(lineNo).padStart(4, '0')}`;
}
