import type { Actor } from '../access/actor.ts';
import { showsIdentityNumber } from '../access/personal-numbers.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import type { Edition } from '../regulation/edition.ts';
import { collectFailures, type Failures, UnmaskedIdentity } from './collect-failures.ts';
import type { NoticeMember, NoticeRecord, PublishedNotice } from './notice.ts';
import { isPublished } from './notice.ts';
import { composeDocument, documentText, noticeTotals, type PlacedRow } from './notice-document.ts';
import { momentOf, noticePage } from './notice-page.ts';
import { noticePeriod, periodEnd } from './notice-period.ts';
import { composeRow, isPublicLine, type NoticeRow } from './notice-row.ts';
import { defaultNoticeSettings, type NoticeSettingsStore } from './notice-settings.ts';
import { cutIntoNotices, maxRowsOfNotice } from './notice-size.ts';
import type { Act, NoticeBucket, NoticeClaims, NoticeStore } from './notice-store.ts';
import { proveNotice } from './prove-notice.ts';
import type { PublicityWatch } from './publicity-watch.ts';
import { isPublishable, reworded, wordsOf } from './row-words.ts';
import { textHash } from './text-hash.ts';
import { isWorkingDay } from './working-days.ts';

export interface PublishDependencies {
  notices: NoticeStore;
  claims: NoticeClaims;
  bucket: NoticeBucket;
  settings: Pick<NoticeSettingsStore, 'find'>;
  /** The edition of an id: what a notice rests on and how long it runs. */
  findEdition: (id: string) => Edition | undefined;
  clock: Clock;
  watch: PublicityWatch;
  /** The job, as the audit chain names it. */
  by: Actor;
}

const claimsAtOnce = 4;
/** The notice and a proof of each claim left out travel in one transaction of 100 writes. */
const maxLeftOut = 90;

function editionOf(deps: PublishDependencies, id: string): Edition {
  const edition = deps.findEdition(id);
  if (edition === undefined) throw new Error(`no edition ${id}`);
  return edition;
}

function assertPublishable(claimId: string, row: NoticeRow): void {
  if (!isPublishable(row)) throw new UnmaskedIdentity(`row of claim ${claimId}`);
}

async function rowOf(
  deps: PublishDependencies,
  claim: ClaimRecord,
  check: Parameters<typeof composeRow>[2],
  wording: NoticeMember['wording'],
): Promise<NoticeRow> {
  const row = reworded(composeRow(claim, await deps.claims.lines(claim.id), check), wording);
  assertPublishable(claim.id, row);
  return row;
}

/** Makes a member's row and takes its claim into the notice. Undefined when the claim belongs elsewhere by now. */
async function takeIn(
  deps: PublishDependencies,
  notice: NoticeRecord,
  member: NoticeMember,
  rowNo: number,
  dueAt: Date,
  act: Act,
): Promise<string | undefined> {
  const { claimId, wording, originalRowNo } = member;
  const claim = await deps.claims.find(claimId);
  if (claim === undefined) return undefined;
  const isOurs = claim.st === 'publicised' && claim.noticeId === notice.id;
  if (claim.st !== 'approved' && !isOurs) return undefined;
  if (isOurs && !(await deps.claims.lines(claimId)).some(isPublicLine)) {
    // Two officers have each released a part, and together it was all: nothing of it is left to publish.
    if (claim.openObjections === 0) await deps.claims.clear(claimId, act);
    return undefined;
  }
  if (claim.st === 'approved' || notice.supersedes !== undefined) {
    const check = notice.supersedes === undefined ? 'approved-totals' : 'what-is-left';
    const words = wordsOf(claim, wording);
    const row = await rowOf(deps, claim, check, words);
    await deps.notices.putRow(notice.id, { claimId, rowNo, originalRowNo, wording: words, row });
  }
  if (claim.st === 'approved') await deps.claims.publicise(claim, notice.id, dueAt, act);
  return claimId;
}

/** Takes every member in; one that fails is passed over, so that it holds up none of the others. */
async function takeAllIn(
  deps: PublishDependencies,
  notice: NoticeRecord,
  dueAt: Date,
  act: Act,
  failures: Failures,
): Promise<Set<string>> {
  const members = notice.members ?? [];
  const taken = new Set<string>();
  for (let from = 0; from < members.length; from += claimsAtOnce) {
    const some = members.slice(from, from + claimsAtOnce).map((member, index) => ({ member, rowNo: from + index + 1 }));
    await Promise.all(
      some.map(async ({ member, rowNo }) => {
        const place = { noticeId: notice.id, claimId: member.claimId };
        const id = await failures.guard(place, () => takeIn(deps, notice, member, rowNo, dueAt, act));
        if (id !== undefined) taken.add(id);
      }),
    );
  }
  return taken;
}

/**
 * Brings a notice under preparation before the public: rows, claims, files, and only then the notice itself. Every step
 * may have been done by an earlier try; the period counts from the day on which the last one is. Where nothing is left
 * to publish (every claim of a correction cancelled meanwhile) the notice is dropped, so that the series goes on. A claim
 * whose row fails is left to a later notice, and the table proves that it is in none yet.
 */
async function publishPrepared(
  deps: PublishDependencies,
  notice: NoticeRecord,
  failures: Failures,
): Promise<PublishedNotice | undefined> {
  const act: Act = { by: deps.by, at: deps.clock.now() };
  const today = businessDate(act.at);
  const period = noticePeriod(today, notice.settings.period);
  const members = notice.members ?? [];
  const taken = await takeAllIn(deps, notice, periodEnd(period), act, failures);
  const leftOut = members.flatMap(({ claimId }) => (failures.claimIds.has(claimId) ? [claimId] : []));
  const rows = (await deps.notices.rows(notice)).filter(({ claimId }) => taken.has(claimId));
  // A correction has taken its claims out of the notice before: without their rows they would be in none.
  const mayLeaveOut = notice.supersedes === undefined && rows.length > 0 && leftOut.length <= maxLeftOut;
  if (leftOut.length > 0 && !mayLeaveOut)
    throw new Error(`notice ${notice.id} waits for ${leftOut.length} of its rows`);
  if (rows.length === 0) {
    await deps.notices.drop(notice, act);
    return undefined;
  }
  const document = composeDocument(notice, rows, period, editionOf(deps, notice.edition));
  const text = documentText(document);
  const page = noticePage(document, momentOf(document, today, []));
  if (showsIdentityNumber(text) || showsIdentityNumber(page)) throw new UnmaskedIdentity(`notice ${notice.id}`);
  await deps.bucket.put(notice.id, 'json', text);
  await deps.bucket.put(notice.id, 'html', page);
  const unpublishedRows = members.flatMap(({ claimId }, index) => (taken.has(claimId) ? [] : [index + 1]));
  const publication = { period, totals: noticeTotals(rows), snapshotHash: textHash(text), unpublishedRows, leftOut };
  const published = await deps.notices.publish(notice, publication, act);
  deps.watch.published(notice.id);
  return published;
}

interface Group {
  authority: string;
  programme: ClaimRecord['programme'];
  edition: string;
  rows: Pick<PlacedRow, 'claimId' | 'row'>[];
}

/** Units in order of their names, then persons in order of their claim numbers, which say nothing of them. */
function compareRows(a: Group['rows'][number], b: Group['rows'][number]): number {
  const rank = ({ row, claimId }: Group['rows'][number]) =>
    row.kind === 'unit' ? `0${row.unitName}\u0000${claimId}` : `1${claimId}`;
  return rank(a) < rank(b) ? -1 : 1;
}

/** Everything that waits for a notice, by authority, programme and edition; a claim whose figures disagree stays out. */
async function awaitingGroups(deps: PublishDependencies, fail: Failures): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for await (const claim of deps.claims.awaitingNotice()) {
    await fail.guard({ claimId: claim.id }, async () => {
      const row = await rowOf(deps, claim, 'approved-totals', claim.rowWording);
      const { authority, programme, edition } = claim;
      const key = JSON.stringify([authority, programme, edition]);
      const group = groups.get(key) ?? { authority, programme, edition, rows: [] };
      group.rows.push({ claimId: claim.id, row });
      groups.set(key, group);
    });
  }
  return [...groups.values()];
}

async function publishGroup(deps: PublishDependencies, group: Group, failures: Failures): Promise<PublishedNotice[]> {
  const { authority, programme, edition } = group;
  const { noticeWorkingDays } = editionOf(deps, edition).parameters;
  const settings = (await deps.settings.find(authority)) ?? defaultNoticeSettings(authority, noticeWorkingDays);
  const act: Act = { by: deps.by, at: deps.clock.now() };
  const today = businessDate(act.at);
  // A period that reaches into a year without a holiday paper cannot be promised: no number is taken for it.
  noticePeriod(today, settings.period);
  const year = Number(today.slice(0, 4));
  const draft = { series: { authority, programme }, year, edition, settings, mostRows: maxRowsOfNotice };
  const published: PublishedNotice[] = [];
  for (const rows of cutIntoNotices(group.rows.toSorted(compareRows))) {
    for (;;) {
      const candidates = rows.map(({ claimId }) => claimId).filter((claimId) => !failures.claimIds.has(claimId));
      const notice = await deps.notices.begin({ ...draft, candidates }, act);
      if (notice === undefined) break;
      const up = await publishPrepared(deps, notice, failures);
      if (up !== undefined) published.push(up);
    }
  }
  return published;
}

/**
 * The daily job: finishes what was begun, publishes everything that is approved (二(二)), and keeps a proof of what is
 * up today. Publishes on working days only, when the receiving office can be reached; proofs are kept on all days.
 * Running it again, or twice at once, changes nothing.
 */
export async function publishNotices(deps: PublishDependencies): Promise<{ count: number; failed: number }> {
  const failures = collectFailures(deps.watch);
  const today = businessDate(deps.clock.now());
  const published = new Map<string, PublishedNotice>();
  const note = (notices: readonly PublishedNotice[] | undefined) => {
    for (const notice of notices ?? []) published.set(notice.id, notice);
  };
  await failures.guard({}, async () => {
    if (!isWorkingDay(today)) return;
    for (const notice of await deps.notices.inState('preparing'))
      note(
        await failures.guard({ noticeId: notice.id }, async () => {
          const up = await publishPrepared(deps, notice, failures);
          return up === undefined ? [] : [up];
        }),
      );
    for (const group of await awaitingGroups(deps, failures))
      note(await failures.guard({}, () => publishGroup(deps, group, failures)));
  });
  const running = (await deps.notices.inState('running')).filter(isPublished);
  for (const notice of new Map([...running.map((each) => [each.id, each] as const), ...published]).values())
    await failures.guard({ noticeId: notice.id }, () => proveNotice(deps, notice));
  return { count: published.size, failed: failures.count };
}
