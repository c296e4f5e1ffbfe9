import type { PublicityWatch } from './publicity-watch.ts';

/** A number of a person would have been published; nothing was written. */
export class UnmaskedIdentity extends Error {
  constructor(place: string) {
    super(`a personal number would be published: ${place}`);
    this.name = 'UnmaskedIdentity';
  }
}

/** What failed of a job so far. */
export interface Failures {
  count: number;
  guard<T>(place: { noticeId?: string; claimId?: string }, work: () => Promise<T>): Promise<T | undefined>;
}

/** One thing that fails is told of and passed over, so that it holds up nobody else. */
export function collectFailures(watch: PublicityWatch): Failures {
  const failures: Failures = {
    count: 0,
    guard: async (place, work) => {
      try {
        return await work();
      } catch (error) {
        failures.count += 1;
        if (error instanceof UnmaskedIdentity) watch.unmasked(place);
        watch.failed(error, place);
        return undefined;
      }
    },
  };
  return failures;
}
