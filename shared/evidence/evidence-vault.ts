import type { KeptCopy } from './evidence.ts';

/** Proven bytes to be kept: one version in the incoming bucket. */
export interface ProvenObject {
  key: string;
  sourceVersionId: string;
  /** Hex, of the whole. */
  sha256: string;
}

/** The bucket of proven evidence, under compliance lock. Nobody can take back what was put there. */
export interface EvidenceVault {
  /**
   * Copies that version under lock until `until` at least, and gives back where it lies. A copy of the same bytes that
   * an earlier try has left is taken instead of a second one.
   * @throws Error when the copy's hash is not the given one.
   */
  keep(object: ProvenObject, until: Date): Promise<KeptCopy>;
}
