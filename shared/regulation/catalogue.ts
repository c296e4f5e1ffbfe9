import type { CalendarDate } from './calendar-date.ts';
import type { Level } from './contract.ts';
import type { Fen } from './money.ts';
import { withoutWhiteSpace } from './white-space.ts';

/** A class of occupations of annex 1 (A、B、C 类) and its standards by level. */
export interface OccupationClass {
  readonly name: string;
  /** the occupations that annex 1 prints; the class marked `others` also takes every occupation printed nowhere */
  readonly occupations: readonly string[];
  readonly others: boolean;
  readonly standards: Readonly<Record<Level, Fen>>;
}

/** Annex 2: special abilities (专项职业能力) of one level, and the standard of a certificate of each. */
export interface AbilityList {
  readonly level: Level;
  readonly occupations: readonly string[];
  readonly standard: Fen;
}

/** Annexes 1 and 2 as they stand on a day, as data. */
export interface CatalogueData {
  readonly occupationClasses: readonly OccupationClass[];
  /** the first list of a level is the level's own; further ones hold abilities whose standard is another */
  readonly abilityLists: readonly AbilityList[];
  /** taken out of annex 1 by publication: of no class, not even of the one that takes the others */
  readonly withdrawn: readonly string[];
  /** the publication that last changed an entry, by `entryKey` */
  readonly changedBy: ReadonlyMap<string, string>;
}

/** Annexes 1 and 2 (补贴目录) as they stand on a day, with look-ups; names compare without white space. */
export interface Catalogue extends CatalogueData {
  /** the class of an occupation */
  classOf(occupation: string): OccupationClass | undefined;
  /** the list of annex 2 that holds an ability at a level */
  abilityOf(level: Level, occupation: string): AbilityList | undefined;
  /** the own list of a level, or undefined where annex 2 knows no such level */
  abilityListOf(level: Level): AbilityList | undefined;
  /** the levels of annex 2, in its order */
  readonly abilityLevels: readonly Level[];
  /** document number of the publication by which an entry stands as it does; undefined where it is as first printed */
  documentOf(occupation: string, abilityLevel?: Level): string | undefined;
}

/** A catalogue from the day on which it takes force until the next one does. */
export interface DatedCatalogue {
  /** undefined: from the beginning */
  readonly from: CalendarDate | undefined;
  readonly catalogue: Catalogue;
}

/** What is changed in annexes 1 and 2; an entry of annex 2 is an ability at a level. */
export type EntryOfAnnex =
  | { readonly annex: 1; readonly occupation: string }
  | { readonly annex: 2; readonly occupation: string; readonly level: Level };

/** Names one entry of the annexes. */
export function entryKey(entry: EntryOfAnnex): string {
  const name = withoutWhiteSpace(entry.occupation);
  return entry.annex === 1 ? `1 ${name}` : `2 ${entry.level} ${name}`;
}

/** Makes the data of a day ready for look-ups. */
export function catalogueOf(data: CatalogueData): Catalogue {
  const classes = new Map(
    data.occupationClasses.flatMap((entry) =>
      entry.occupations.map((occupation) => [withoutWhiteSpace(occupation), entry] as const),
    ),
  );
  const otherwise = data.occupationClasses.find((entry) => entry.others);
  const withdrawn = new Set(data.withdrawn.map(withoutWhiteSpace));
  const lists = new Map<Level, AbilityList>();
  const abilities = new Map<string, AbilityList>();
  for (const list of data.abilityLists) {
    if (!lists.has(list.level)) lists.set(list.level, list);
    for (const occupation of list.occupations) abilities.set(`${list.level} ${withoutWhiteSpace(occupation)}`, list);
  }
  return {
    ...data,
    abilityLevels: [...lists.keys()],
    classOf: (occupation) => {
      const name = withoutWhiteSpace(occupation);
      return classes.get(name) ?? (withdrawn.has(name) ? undefined : otherwise);
    },
    abilityOf: (level, occupation) => abilities.get(`${level} ${withoutWhiteSpace(occupation)}`),
    abilityListOf: (level) => lists.get(level),
    documentOf: (occupation, level) => {
      // Asked for every line, and most catalogues are as first printed.
      if (data.changedBy.size === 0) return undefined;
      return data.changedBy.get(
        entryKey(level === undefined ? { annex: 1, occupation } : { annex: 2, occupation, level }),
      );
    },
  };
}

/** The catalogue in force on a date: the last one whose first day has come. `dated` is in the order of time. */
export function catalogueOn(dated: readonly [DatedCatalogue, ...DatedCatalogue[]], date: CalendarDate): Catalogue {
  let found = dated[0].catalogue;
  for (let at = 1; at < dated.length; at += 1) {
    const next = dated[at];
    if (next?.from === undefined || next.from > date) break;
    found = next.catalogue;
  }
  return found;
}
