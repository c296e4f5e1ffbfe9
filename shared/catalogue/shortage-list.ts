import type { Clock } from '../clock/clock.ts';
import { addDays } from '../regulation/calendar-date.ts';
import type { CalendarDate, ShortageEntry } from '../regulation/contract.ts';
import type { Actor } from '../supervision/audit-chain.ts';

/**
 * A list of shortage occupations (紧缺职业（工种）目录) as the city bureau publishes it (一(一)1). A list replaces the
 * one before it from its first day on; an end of its own is optional.
 */
export interface ShortageList {
  /** The document number of the paper, which names the publication. */
  document: string;
  effectiveFrom: CalendarDate;
  effectiveTo?: CalendarDate | undefined;
  occupations: readonly string[];
}

/** Keeps every list ever published; a list is added, never edited. */
export interface ShortageListStore {
  lists(): Promise<ShortageList[]>;
  /** @returns false when this document was already published. */
  publish(list: ShortageList, by: Actor, at: Date): Promise<boolean>;
}

/** What was in force when, from all lists: each ends on the day before the next begins, or earlier by its own word. */
export function shortageEntries(lists: readonly ShortageList[]): ShortageEntry[] {
  const ordered = lists.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  return ordered.flatMap((list, index) => {
    const next = ordered[index + 1]?.effectiveFrom;
    const ends = [list.effectiveTo, next === undefined ? undefined : addDays(next, -1)].filter(
      (end) => end !== undefined,
    );
    const to = ends.toSorted()[0];
    return list.occupations.map((occupation) => ({
      occupation,
      from: list.effectiveFrom,
      ...(to === undefined ? {} : { to }),
    }));
  });
}

/** Publishes a list; the same document again changes nothing. */
export async function publishShortageList(
  deps: { shortage: ShortageListStore; clock: Clock },
  list: ShortageList,
  by: Actor,
): Promise<{ document: string; published: boolean }> {
  return { document: list.document, published: await deps.shortage.publish(list, by, deps.clock.now()) };
}
