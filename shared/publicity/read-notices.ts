import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import { isPublished, type PublishedNotice } from './notice.ts';
import { type NoticeDocument, readDocument } from './notice-document.ts';
import type { ListedNotice, NoticeFilter } from './notice-list-page.ts';
import { atMoment, momentOf, type NoticeMoment } from './notice-page.ts';
import { periodEnd } from './notice-period.ts';
import type { NoticeBucket, NoticeStore } from './notice-store.ts';
import { textHash } from './text-hash.ts';
import { unitsCsv } from './units-csv.ts';

export interface ReadDependencies {
  notices: Pick<NoticeStore, 'find' | 'list' | 'corrections'>;
  bucket: Pick<NoticeBucket, 'get'>;
  clock: Clock;
}

async function published(deps: ReadDependencies, noticeId: string): Promise<PublishedNotice> {
  const notice = await deps.notices.find(noticeId);
  if (notice === undefined || !isPublished(notice)) throw notFound();
  return notice;
}

async function upText(deps: ReadDependencies, noticeId: string, file: 'json' | 'html'): Promise<string> {
  const text = await deps.bucket.get(noticeId, file);
  if (text === undefined) throw new DomainError('temporarily-unavailable', '公示内容暂时无法读取，请稍后再试。');
  return text;
}

async function momentNow(
  deps: ReadDependencies,
  notice: PublishedNotice,
  document: NoticeDocument,
): Promise<NoticeMoment> {
  const now = deps.clock.now();
  const moment = momentOf(document, businessDate(now), await deps.notices.corrections(notice.id));
  return { ...moment, takesObjections: notice.st === 'running' && now < periodEnd(notice.period) };
}

/** The sealed bytes, as they are up, and their hash. */
export async function noticeData(deps: ReadDependencies, noticeId: string): Promise<{ text: string; sha256: string }> {
  await published(deps, noticeId);
  const text = await upText(deps, noticeId, 'json');
  return { text, sha256: textHash(text) };
}

/** The page as it is up, under the status of now and with the form to object while the notice runs. */
export async function noticeForPeople(deps: ReadDependencies, noticeId: string): Promise<string> {
  const notice = await published(deps, noticeId);
  const [json, page] = await Promise.all([upText(deps, noticeId, 'json'), upText(deps, noticeId, 'html')]);
  const document = readDocument(json);
  return atMoment(page, document, await momentNow(deps, notice, document));
}

/** The document with what is true of it now. */
export async function noticeForPrograms(
  deps: ReadDependencies,
  noticeId: string,
): Promise<{ status: NoticeMoment; sha256: string; document: NoticeDocument }> {
  const notice = await published(deps, noticeId);
  const text = await upText(deps, noticeId, 'json');
  const document = readDocument(text);
  return { status: await momentNow(deps, notice, document), sha256: textHash(text), document };
}

/** The units of a notice for a spreadsheet, from the bytes that are up. */
export async function noticeUnits(deps: ReadDependencies, noticeId: string): Promise<string> {
  await published(deps, noticeId);
  return unitsCsv(readDocument(await upText(deps, noticeId, 'json')));
}

/** Published notices, newest first, a page at a time. */
export async function listNotices(
  deps: ReadDependencies,
  filter: NoticeFilter,
  cursor: string | undefined,
): Promise<{ notices: ListedNotice[]; next?: string }> {
  const today = businessDate(deps.clock.now());
  const { notices, next } = await deps.notices.list(filter, cursor);
  const listed = notices.map((notice): ListedNotice => {
    const { state, left } = momentOf(notice, today, []);
    return {
      noticeId: notice.id,
      title: notice.title,
      authority: notice.authority,
      authorityName: notice.settings.authorityName,
      programme: notice.programme,
      publishedOn: notice.period.publishedOn,
      lastDay: notice.period.lastDay,
      state,
      daysLeft: left,
      unit: notice.period.unit,
      totals: notice.totals,
    };
  });
  return next === undefined ? { notices: listed } : { notices: listed, next };
}
