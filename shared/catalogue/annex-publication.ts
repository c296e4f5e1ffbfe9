import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import { type AnnexPublication, annexFaults, withAnnexPublications } from '../regulation/annex-changes.ts';
import type { CalendarDate } from '../regulation/calendar-date.ts';
import type { Edition } from '../regulation/edition.ts';
import type { EditionRegistry } from '../regulation/editions/registry.ts';
import { type ShortageListStore, shortageLists } from './shortage-list.ts';

/** A publication as it is kept: which one of its edition it is, from 1, and who put it in when. */
export interface PublishedAnnexes extends AnnexPublication {
  version: number;
  publishedBy: Actor;
  /** ISO instant */
  publishedAt: string;
}

/** Keeps every publication that changes annexes 1 and 2 of an edition; one is added, never edited or taken back. */
export interface AnnexStore {
  /** All of an edition, in the order of their versions, as they are now. */
  publications(edition: string): Promise<PublishedAnnexes[]>;
  /** @returns false when this version was put in meanwhile: the others must be read again. */
  add(edition: string, publication: PublishedAnnexes): Promise<boolean>;
}

/** The annexes by which claims are decided, as far as they are published at the moment. */
export interface AnnexesInForce {
  publications(edition: string): Promise<readonly AnnexPublication[]>;
}

export interface AnnexDependencies {
  annexes: AnnexStore;
  editions: EditionRegistry;
  clock: Clock;
}

// Two who publish at the same moment take the same version; more than a few at once are not people.
const tries = 5;

/**
 * The edition that applies on a date.
 * @throws DomainError `not-eligible` where none does
 */
function editionAt(deps: Pick<AnnexDependencies, 'editions'>, date: CalendarDate): Edition {
  const edition = deps.editions.inForce(date);
  if (edition !== undefined) return edition;
  throw new DomainError('not-eligible', `${date}不在任何补贴办法的有效期内，请核对日期（五(四)）。`);
}

function isSame(one: AnnexPublication, other: AnnexPublication): boolean {
  const content = ({ title, effectiveFrom, changes }: AnnexPublication) => ({ title, effectiveFrom, changes });
  return isDeepStrictEqual(content(one), content(other));
}

function demandJoins(edition: Edition, published: readonly AnnexPublication[], next: AnnexPublication): void {
  const faults = annexFaults(edition, published, next);
  if (faults.length === 0) return;
  throw new DomainError(
    'validation-failed',
    '这次调整与目录现状或已公布的调整不符，请按下列提示更正。',
    faults.map(({ change, message }) => ({ path: `body.changes[${change}]`, message })),
  );
}

/**
 * Publishes a change of annexes 1 and 2 (附件1, 附件2 备注: 实施动态调整) for the edition that applies on its first day. The
 * same paper again changes nothing.
 * @throws DomainError `already-exists` for a document number that stands for something else, `validation-failed` for
 *   changes without an object or that overlap published ones, `not-eligible` for a day without an edition
 */
export async function publishAnnexChanges(
  deps: AnnexDependencies,
  publication: AnnexPublication,
  by: Actor,
): Promise<{ document: string; edition: string; version: number; published: boolean }> {
  const edition = editionAt(deps, publication.effectiveFrom);
  const { document } = publication;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const published = await deps.annexes.publications(edition.id);
    const before = published.find((other) => other.document === document);
    if (before !== undefined) {
      if (isSame(before, publication))
        return { document, edition: edition.id, version: before.version, published: false };
      throw new DomainError(
        'already-exists',
        `${document}已公布过另一内容；公布后不能修改，如需更正请以新的文号公布。`,
      );
    }
    demandJoins(edition, published, publication);
    const version = published.length + 1;
    const kept = { ...publication, version, publishedBy: by, publishedAt: deps.clock.now().toISOString() };
    if (await deps.annexes.add(edition.id, kept)) return { document, edition: edition.id, version, published: true };
  }
  throw new DomainError('changed-meanwhile', '目录正被他人调整，请稍后重试。');
}

/** The editions asked for: all, or the one that is named. */
function editionsNamed({ editions }: Pick<AnnexDependencies, 'editions'>, id: string | undefined): readonly Edition[] {
  if (id === undefined) return editions.editions;
  const edition = editions.find(id);
  if (edition !== undefined) return [edition];
  const known = editions.editions.map((each) => `${each.id}（${each.document}）`).join('、');
  throw new DomainError('validation-failed', '没有这个编号的补贴办法。', [
    { path: 'query.edition', message: `没有编号为${id}的补贴办法；现有：${known}` },
  ]);
}

/**
 * Every publication with the edition that it changes: of all editions, in their order, or of the one that is named; of
 * each by version.
 * @throws DomainError `validation-failed` for an edition that is not known, with those that are
 */
export async function listAnnexPublications(
  deps: Pick<AnnexDependencies, 'annexes' | 'editions'>,
  editionId: string | undefined,
): Promise<(PublishedAnnexes & { edition: string })[]> {
  const lists = editionsNamed(deps, editionId).map(async ({ id }) =>
    (await deps.annexes.publications(id)).map((publication) => ({ edition: id, ...publication })),
  );
  return (await Promise.all(lists)).flat();
}

/** The catalogue (补贴目录) as it stood on a date. */
export interface CatalogueAt {
  edition: string;
  on: CalendarDate;
  /** How many publications are known in all. */
  version: number;
  /** Document numbers of those in force on that day, in the order in which they took force. */
  documents: string[];
  annex1: {
    class: string;
    others: boolean;
    standards: Record<string, number>;
    occupations: string[];
  }[];
  /** Taken out of annex 1: of no class. */
  withdrawn: string[];
  annex2: { level: string; standard: number; occupations: string[] }[];
  /** 紧缺职业（工种）目录, as it stood that day. */
  shortage: string[];
}

/** @throws DomainError `not-eligible` for a day without an edition */
export async function readCatalogueAt(
  deps: Pick<AnnexDependencies, 'annexes' | 'editions'> & { shortage: Pick<ShortageListStore, 'lists'> },
  on: CalendarDate,
): Promise<CatalogueAt> {
  const edition = editionAt(deps, on);
  const [published, lists] = await Promise.all([deps.annexes.publications(edition.id), deps.shortage.lists()]);
  const { abilityLists, occupationClasses, withdrawn } = withAnnexPublications(edition, published).catalogueOn(on);
  const inForce = published.filter(({ effectiveFrom }) => effectiveFrom <= on);
  return {
    edition: edition.id,
    on,
    version: published.length,
    documents: inForce
      .toSorted((a, b) =>
        a.effectiveFrom < b.effectiveFrom ? -1 : a.effectiveFrom > b.effectiveFrom ? 1 : a.version - b.version,
      )
      .map(({ document }) => document),
    annex1: occupationClasses.map(({ name, others, standards, occupations }) => {
      return { class: name, others, standards: { ...standards }, occupations: [...occupations] };
    }),
    withdrawn: [...withdrawn],
    annex2: abilityLists.map(({ level, standard, occupations }) => ({
      level,
      standard,
      occupations: [...occupations],
    })),
    shortage: shortageLists(lists).entries.flatMap(({ occupation, from, to }) =>
      from <= on && (to === undefined || on <= to) ? [occupation] : [],
    ),
  };
}
