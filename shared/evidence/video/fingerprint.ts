import { createHash } from 'node:crypto';
import type { SampleEvidence } from './sample-evidence.ts';

/** Names a recording by its coded pictures, which survive re-wrapping and renaming. */
export interface Fingerprint {
  /** Equal for the same recording: from the frames at fixed times. */
  readonly fingerprint: string | null;
  /** Hashes of all key frames read, sorted, each once. */
  readonly keyFrames: readonly string[];
}

function sortedUnique(hashes: readonly (string | null)[]): string[] {
  return [...new Set(hashes.filter((hash) => hash !== null))].toSorted();
}

/** `isPlaced`: the frames at the fixed times are known. */
export function fingerprintOf(evidence: readonly SampleEvidence[], isPlaced: boolean): Fingerprint {
  const places = sortedUnique(evidence.filter(({ planned }) => planned.role === 'place').map(({ hash }) => hash));
  const keyFrames = sortedUnique(evidence.filter(({ planned }) => planned.frame.isKey).map(({ hash }) => hash));
  if (!isPlaced) return { fingerprint: null, keyFrames };
  if (places.length === 0) return { fingerprint: null, keyFrames };
  return { fingerprint: createHash('sha256').update(places.join()).digest('hex').slice(0, 32), keyFrames };
}

/**
 * How many key frames two clips have in common. One may be a title that both begin with; several mean that one recording,
 * or a part of it, is in both: coders do not write the same bytes for two takes.
 */
export function sharedKeyFrames(one: readonly string[], other: readonly string[]): number {
  const known = new Set(other);
  return one.filter((hash) => known.has(hash)).length;
}
