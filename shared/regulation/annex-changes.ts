import type { CalendarDate } from './calendar-date.ts';
import {
  type CatalogueData,
  catalogueOf,
  catalogueOn,
  type DatedCatalogue,
  entryKey,
  type OccupationClass,
} from './catalogue.ts';
import { LEVEL_TERMS, type Level } from './contract.ts';
import type { Edition } from './edition.ts';
import type { Fen } from './money.ts';
import { withoutWhiteSpace } from './white-space.ts';

/**
 * One change of the catalogue (附件1, 附件2 备注: 实施动态调整). Annex 1: an occupation is added to a class, taken out, or
 * put into another class; annex 2: an ability is added at a level with its standard, or taken out.
 */
export type AnnexChange =
  | { readonly annex: 1; readonly change: 'add' | 'reclassify'; readonly occupation: string; readonly class: string }
  | { readonly annex: 1; readonly change: 'remove'; readonly occupation: string }
  | {
      readonly annex: 2;
      readonly change: 'add';
      readonly occupation: string;
      readonly level: Level;
      readonly standard: Fen;
    }
  | { readonly annex: 2; readonly change: 'remove'; readonly occupation: string; readonly level: Level };

/** A paper by which the annexes change from a day on. */
export interface AnnexPublication {
  /** 文号 */
  readonly document: string;
  readonly title: string;
  /** the first day on which a certificate's issue falls under the change */
  readonly effectiveFrom: CalendarDate;
  readonly changes: readonly AnnexChange[];
}

/** What keeps a publication from being taken on: which change, and a Chinese sentence. */
export interface AnnexFault {
  /** index into the publication's changes */
  readonly change: number;
  readonly message: string;
}

/** The catalogue after one change; the change fits, as `annexFaults` has found. */
function changed(data: CatalogueData, change: AnnexChange, document: string): CatalogueData {
  const name = withoutWhiteSpace(change.occupation);
  const others = (names: readonly string[]) => names.filter((other) => withoutWhiteSpace(other) !== name);
  const changedBy = new Map(data.changedBy).set(entryKey(change), document);
  if (change.annex === 1) {
    const target = change.change === 'remove' ? undefined : change.class;
    // As the annex spells it, where it is known.
    const printed = data.occupationClasses.flatMap(({ occupations }) => occupations);
    const spelt = printed.find((other) => withoutWhiteSpace(other) === name) ?? change.occupation;
    const occupationClasses = data.occupationClasses.map((entry): OccupationClass => {
      const rest = others(entry.occupations);
      return { ...entry, occupations: entry.name === target ? [...rest, spelt] : rest };
    });
    const rest = others(data.withdrawn);
    return {
      ...data,
      occupationClasses,
      withdrawn: target === undefined ? [...rest, spelt] : rest,
      changedBy,
    };
  }
  const lists = data.abilityLists.map((list) =>
    list.level === change.level ? { ...list, occupations: others(list.occupations) } : list,
  );
  if (change.change === 'remove') return { ...data, abilityLists: lists, changedBy };
  const { level, occupation, standard } = change;
  const at = lists.findIndex((list) => list.level === level && list.standard === standard);
  const abilityLists =
    at === -1
      ? [...lists, { level, standard, occupations: [occupation] }]
      : lists.map((list, index) => (index === at ? { ...list, occupations: [...list.occupations, occupation] } : list));
  return { ...data, abilityLists, changedBy };
}

/**
 * An edition with its catalogue as publications have changed it: each counts for certificates issued from its first day
 * on, whatever the order in which they were published. The edition given stays as it is.
 */
export function withAnnexPublications(edition: Edition, publications: readonly AnnexPublication[]): Edition {
  if (publications.length === 0) return edition;
  const ordered = publications.toSorted((a, b) =>
    a.effectiveFrom === b.effectiveFrom ? 0 : a.effectiveFrom < b.effectiveFrom ? -1 : 1,
  );
  const [first] = edition.catalogues;
  const dated: [DatedCatalogue, ...DatedCatalogue[]] = [first];
  let data: CatalogueData = first.catalogue;
  for (const [at, { changes, document, effectiveFrom }] of ordered.entries()) {
    for (const change of changes) data = changed(data, change, document);
    // Two that begin on one day make one catalogue.
    if (ordered[at + 1]?.effectiveFrom === effectiveFrom) continue;
    dated.push({ from: effectiveFrom, catalogue: catalogueOf(data) });
  }
  return {
    ...edition,
    catalogues: dated,
    catalogueVersion: publications.length,
    catalogueOn: (date) => catalogueOn(dated, date),
  };
}

function faultOfAnnex1(edition: Edition, from: CalendarDate, change: AnnexChange & { annex: 1 }): string | undefined {
  const catalogue = edition.catalogueOn(from);
  const { occupation } = change;
  const name = withoutWhiteSpace(occupation);
  const printed = catalogue.occupationClasses.find((entry) =>
    entry.occupations.some((other) => withoutWhiteSpace(other) === name),
  );
  if (change.change === 'remove') {
    return catalogue.classOf(name) === undefined ? `“${occupation}”在${from}已不在附件1内，无须再取消` : undefined;
  }
  const known = catalogue.occupationClasses.map((entry) => entry.name);
  if (!known.includes(change.class)) return `附件1没有“${change.class}”类，只有${known.join('、')}`;
  if (change.change === 'add') {
    return printed === undefined
      ? undefined
      : `“${occupation}”在${from}已列入${printed.name}类，如需改类请用“调整类别”`;
  }
  if (printed === undefined) return `“${occupation}”在${from}没有列入附件1的任何一类，如需列入请用“新增”`;
  return printed.name === change.class ? `“${occupation}”在${from}已是${printed.name}类，无须调整` : undefined;
}

function faultOfAnnex2(edition: Edition, from: CalendarDate, change: AnnexChange & { annex: 2 }): string | undefined {
  const { level, occupation } = change;
  const isListed = edition.catalogueOn(from).abilityOf(level, occupation) !== undefined;
  const place = `“${occupation}”${LEVEL_TERMS[level]}在${from}`;
  if (change.change === 'add') return isListed ? `${place}已在附件2内，无须再列入` : undefined;
  return isListed ? undefined : `${place}不在附件2内，不能取消`;
}

/**
 * What keeps a publication from joining those that are there: a change that has no object, and changes that overlap, so
 * that nobody could say which of two papers holds. An entry may be changed again only from a later day on.
 */
export function annexFaults(
  edition: Edition,
  publications: readonly AnnexPublication[],
  next: AnnexPublication,
): AnnexFault[] {
  const known = withAnnexPublications(edition, publications);
  const rivals = new Map<string, AnnexPublication>();
  for (const other of publications) {
    if (other.effectiveFrom < next.effectiveFrom) continue;
    for (const change of other.changes) rivals.set(entryKey(change), other);
  }
  const seen = new Map<string, number>();
  return next.changes.flatMap((change, index): AnnexFault[] => {
    const key = entryKey(change);
    const earlier = seen.get(key);
    if (earlier !== undefined)
      return [{ change: index, message: `与第${earlier + 1}项是同一条目，一次公布只能调整一次` }];
    seen.set(key, index);
    const rival = rivals.get(key);
    if (rival !== undefined) {
      const message = `“${change.occupation}”已由${rival.document}自${rival.effectiveFrom}起调整，再次调整须自更晚的日期起执行`;
      return [{ change: index, message }];
    }
    const fault =
      change.annex === 1
        ? faultOfAnnex1(known, next.effectiveFrom, change)
        : faultOfAnnex2(known, next.effectiveFrom, change);
    return fault === undefined ? [] : [{ change: index, message: fault }];
  });
}
