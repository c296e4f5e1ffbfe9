import { createHash } from 'node:crypto';
import type { SampleEvidence } from './sample-evidence.ts';

/** Names a recording by its coded pictures, which survive re-wrapping and renaming. */
export interface Fingerprint {
  /** Equal for the same recording: from the frames at fixed times. */
  readonly fingerprint: string | null;
  /** Hashes of all key frames read, each once, in the order of time: the first is the opening's. */
  readonly keyFrames: readonly string[];
}

function unique(hashes: readonly (string | null)[]): string[] {
  return [...new Set(hashes.filter((hash) => hash !== null))];
}

/** `evidence` in the order of time. `isPlaced`: the frames at the fixed times are known. */
export function fingerprintOf(evidence: readonly SampleEvidence[], isPlaced: boolean): Fingerprint {
  const places = unique(evidence.filter(({ planned }) => planned.role === 'place').map(({ hash }) => hash)).toSorted();
  const keyFrames = unique(evidence.filter(({ planned }) => planned.frame.isKey).map(({ hash }) => hash));
  if (!isPlaced) return { fingerprint: null, keyFrames };
  if (places.length === 0) return { fingerprint: null, keyFrames };
  return { fingerprint: createHash('sha256').update(places.join()).digest('hex').slice(0, 32), keyFrames };
}

/**
 * How many key frames two clips have in common, an opening that both begin with left out: providers put one title before
 * all their clips. A part cut out of a recording begins elsewhere than the recording.
 */
export function sharedKeyFrames(one: readonly string[], other: readonly string[]): number {
  const known = new Set(other);
  return one.filter((hash, index) => known.has(hash) && !(index === 0 && hash === other[0])).length;
}

/**
 * So many mean that one recording, or a part of it, is in both: coders do not write the same bytes for two takes. One
 * more may come from a title that lasts longer than its first key frame.
 */
export const fewestSharedKeyFrames = 2;
