import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import { isPublished, type PublishedNotice } from './notice.ts';
import { type NoticeDocument, readDocument } from './notice-document.ts';
import type { ListedNotice, NoticeFilter } from './notice-list-page.ts';
import { atMoment, momentOf, type NoticeMoment, noticePage } from './notice-page.ts';
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

function unreadable(): DomainError {
  return new DomainError('temporarily-unavailable', '公示内容暂时无法读取，请稍后再试。');
}

/** The document's bytes as they are up; bytes of before a withdrawal are shown to nobody, even if nothing has replaced them yet. */
async function upText(deps: ReadDependencies, notice: PublishedNotice): Promise<string> {
  const text = await deps.bucket.get(notice.id, 'json');
  if (text === undefined) throw unreadable();
  if (notice.withdrawn !== undefined && textHash(text) !== notice.shownHash) throw unreadable();
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
  const text = await upText(deps, await published(deps, noticeId));
  return { text, sha256: textHash(text) };
}

/** The page as it is up, under the status of now and with the form to object while the notice runs. */
export async function noticeForPeople(deps: ReadDependencies, noticeId: string): Promise<string> {
  const notice = await published(deps, noticeId);
  const document = readDocument(await upText(deps, notice));
  const moment = await momentNow(deps, notice, document);
  if (notice.withdrawn !== undefined) return noticePage(document, moment);
  const page = await deps.bucket.get(noticeId, 'html');
  if (page === undefined) throw unreadable();
  return atMoment(page, document, moment);
}

/** The document with what is true of it now. */
export async function noticeForPrograms(
  deps: ReadDependencies,
  noticeId: string,
): Promise<{ status: NoticeMoment; sha256: string; document: NoticeDocument }> {
  const notice = await published(deps, noticeId);
  const text = await upText(deps, notice);
  const document = readDocument(text);
  return { status: await momentNow(deps, notice, document), sha256: textHash(text), document };
}

/** The units of a notice for a spreadsheet, from the bytes that are up. */
export async function noticeUnits(deps: ReadDependencies, noticeId: string): Promise<string> {
  return unitsCsv(readDocument(await upText(deps, await published(deps, noticeId))));
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
