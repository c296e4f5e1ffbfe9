import type { Principal } from './principal.ts';

/** So many answers with personal data may one person take in an hour before somebody is told to ask why. */
export const mostDisclosuresAnHour = 30;

/** Counts, by person and hour, the answers that hold numbers of people in the clear or the files of many. */
export interface DisclosureCount {
  /** Counts one more, and gives how many it makes in this hour. */
  add(who: Pick<Principal, 'tenant' | 'subject'>, now: Date): Promise<number>;
}
