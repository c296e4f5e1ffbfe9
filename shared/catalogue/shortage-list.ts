import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import { addDays } from '../regulation/calendar-date.ts';
import type { CalendarDate, ShortageEntry } from '../regulation/contract.ts';

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

/** A list as it is kept: the how-manieth it is, from 1, and who put it in when. */
export interface PublishedShortageList extends ShortageList {
  version: number;
  publishedBy: Actor;
  /** ISO instant */
  publishedAt: string;
}

/** Keeps every list ever published; a list is added, never edited. */
export interface ShortageListStore {
  /** All of them in the order of their versions, as they are now. */
  lists(): Promise<PublishedShortageList[]>;
  /** @returns false when this version was put in meanwhile: the others must be read again. */
  add(list: PublishedShortageList): Promise<boolean>;
}

/** What was in force when, and by how many lists that is known. */
export interface ShortageLists {
  entries: ShortageEntry[];
  version: number;
}

/**
 * What was in force when, from all lists: each ends on the day before the next begins, or earlier by its own word. Of
 * two that begin on one day the later publication holds: it corrects the other.
 */
export function shortageLists(lists: readonly (ShortageList & { version: number })[]): ShortageLists {
  const ordered = lists.toSorted((a, b) =>
    a.effectiveFrom === b.effectiveFrom ? a.version - b.version : a.effectiveFrom < b.effectiveFrom ? -1 : 1,
  );
  const entries = ordered.flatMap((list, index) => {
    const next = ordered[index + 1]?.effectiveFrom;
    const ends = [list.effectiveTo, next === undefined ? undefined : addDays(next, -1)].filter(
      (end) => end !== undefined,
    );
    const to = ends.toSorted()[0];
    if (to !== undefined && to < list.effectiveFrom) return [];
    return list.occupations.map((occupation) => ({
      occupation,
      from: list.effectiveFrom,
      ...(to === undefined ? {} : { to }),
    }));
  });
  return { entries, version: lists.length };
}

// Two who publish at the same moment take the same version; more than a few at once are not people.
const tries = 5;

function isSame(one: ShortageList, other: ShortageList): boolean {
  const content = ({ effectiveFrom, effectiveTo, occupations }: ShortageList) => {
    return { effectiveFrom, effectiveTo, occupations: [...occupations] };
  };
  return isDeepStrictEqual(content(one), content(other));
}

/**
 * Publishes a list; the same paper again changes nothing.
 * @throws DomainError `already-exists` for a document number that stands for another list
 */
export async function publishShortageList(
  deps: { shortage: ShortageListStore; clock: Clock },
  list: ShortageList,
  by: Actor,
): Promise<{ document: string; version: number; published: boolean }> {
  const { document } = list;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const lists = await deps.shortage.lists();
    const before = lists.find((other) => other.document === document);
    if (before !== undefined) {
      if (isSame(before, list)) return { document, version: before.version, published: false };
      throw new DomainError(
        'already-exists',
        `${document}已公布过另一目录；公布后不能修改，如需更正请以新的文号公布。`,
      );
    }
    const version = lists.length + 1;
    const kept = { ...list, version, publishedBy: by, publishedAt: deps.clock.now().toISOString() };
    if (await deps.shortage.add(kept)) return { document, version, published: true };
  }
  throw new DomainError('changed-meanwhile', '目录正被他人公布，请稍后重试。');
}
