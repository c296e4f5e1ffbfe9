import { RowInconsistent } from './notice-row.ts';
import type { Place, PublicityWatch } from './publicity-watch.ts';

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
  /** The claims whose part of the work was not done, for whatever reason. */
  claimIds: Set<string>;
  guard<T>(place: Place, work: () => Promise<T>): Promise<T | undefined>;
}

/** Whether no job can ever publish a claim as it stands: a person has to look at its words or its figures. */
function needsPerson(error: unknown, place: Place): boolean {
  return place.claimId !== undefined && (error instanceof UnmaskedIdentity || error instanceof RowInconsistent);
}

/**
 * One thing that fails is told of and passed over, so that it holds up nobody else. A claim that waits for a person is
 * told apart from work that failed: it must not hide, day after day, that everything else got through.
 */
export function collectFailures(watch: PublicityWatch): Failures {
  const failures: Failures = {
    count: 0,
    claimIds: new Set(),
    guard: async (place, work) => {
      try {
        return await work();
      } catch (error) {
        if (place.claimId !== undefined) failures.claimIds.add(place.claimId);
        if (error instanceof UnmaskedIdentity) watch.unmasked(place);
        if (needsPerson(error, place)) {
          watch.leftOut(error, place);
          return undefined;
        }
        failures.count += 1;
        watch.failed(error, place);
        return undefined;
      }
    },
  };
  return failures;
}
