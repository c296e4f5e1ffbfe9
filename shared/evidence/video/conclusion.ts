import type { VideoProof } from './video-proof.ts';

/** What the prover concluded about a file, before costs and words are added. */
export interface Conclusion extends Omit<VideoProof, 'requiredMs' | 'bytesRead' | 'requests' | 'message'> {
  /** Chinese, for the message: what the file is instead, or what is wrong with it. */
  readonly subject: string;
}

const NOTHING_MEASURED: Conclusion = {
  verdict: 'unreadable',
  durationMs: 0,
  isAtLeast: false,
  claimedMs: null,
  container: 'unknown',
  layout: null,
  codec: null,
  width: null,
  height: null,
  frames: 0,
  frameRate: null,
  createdAt: null,
  flags: [],
  fingerprint: null,
  keyFrames: [],
  subject: '',
  detail: '',
};

/** A conclusion that needs no more than its reason. */
export function conclude(facts: Pick<Conclusion, 'verdict' | 'detail'> & Partial<Conclusion>): Conclusion {
  return { ...NOTHING_MEASURED, ...facts };
}
