import type { EvidenceReference } from './evidence-key.ts';

/** Where uploads wait to be verified. A message only cuts the wait: the sweep finds every upload without one. */
export interface VerificationQueue {
  send(reference: EvidenceReference): Promise<void>;
}
