import type { CalendarDate } from '../calendar-date.ts';
import type { District } from '../contract.ts';
import type { Edition } from '../edition.ts';
import { wenzhou202058 } from './wenzhou-2020-58/edition.ts';

/** Editions by which claims are decided, side by side. A later one is added to the list; none is ever taken out. */
export interface EditionRegistry {
  readonly editions: readonly Edition[];
  /** the edition of an id, or undefined */
  find(id: string): Edition | undefined;
  /**
   * The edition that applies on a date, or undefined before the first, in a gap, and after the last: it never falls
   * forward or back to a neighbour. Where counties have editions of their own (五(四)), `district` says whose is meant;
   * without it the first one listed answers. A claim once opened keeps the edition it was given.
   */
  inForce(date: CalendarDate, district?: District): Edition | undefined;
}

/** @throws RangeError where two editions share an id, or a day and a district */
export function editionRegistry(editions: readonly Edition[]): EditionRegistry {
  const byId = new Map(editions.map((edition) => [edition.id, edition]));
  if (byId.size !== editions.length) throw new RangeError('Two editions share an id');
  for (const [index, edition] of editions.entries()) {
    const rival = editions.slice(index + 1).find((other) => clash(edition, other));
    if (rival !== undefined) throw new RangeError(`Editions ${edition.id} and ${rival.id} share a day and a district`);
  }
  return {
    editions,
    find: (id) => byId.get(id),
    inForce: (date, district) =>
      editions.find(
        (edition) =>
          edition.appliesFrom <= date &&
          date <= edition.appliesTo &&
          (district === undefined || edition.isUrban(district)),
      ),
  };
}

function clash(one: Edition, other: Edition): boolean {
  return (
    one.appliesFrom <= other.appliesTo &&
    other.appliesFrom <= one.appliesTo &&
    one.districts.some((district) => district.urban && other.isUrban(district.code))
  );
}

/** Every edition of the product. */
export const EDITIONS = editionRegistry([wenzhou202058]);

/** The edition of an id, or undefined. */
export function findEdition(id: string): Edition | undefined {
  return EDITIONS.find(id);
}

/** The edition that applies to a claim or a class on a date; see `EditionRegistry.inForce`. */
export function editionInForce(date: CalendarDate, district?: District): Edition | undefined {
  return EDITIONS.inForce(date, district);
}
