import { businessDate, type Clock } from '../clock/clock.ts';
import type { Edition } from '../regulation/edition.ts';
import type { PublishedNotice } from './notice.ts';
import {
  composeDocument,
  documentText,
  type NoticeDocument,
  readDocument,
  withoutPersonalRows,
  withoutWithdrawnRows,
} from './notice-document.ts';
import { momentOf, noticePage } from './notice-page.ts';
import type { NoticeBucket, NoticeStore } from './notice-store.ts';
import { textHash } from './text-hash.ts';

export interface ProofDependencies {
  notices: Pick<NoticeStore, 'rows' | 'proof' | 'putProof' | 'corrections'>;
  bucket: NoticeBucket;
  findEdition: (id: string) => Edition | undefined;
  clock: Clock;
}

/**
 * The document of a notice as it should be up: the bytes that are, or where these are missing or not the sealed ones, the
 * document made again from the stored rows.
 * @throws Error when it cannot be made again byte for byte: then somebody has to look, and nothing is overwritten
 */
export async function documentOf(
  deps: Pick<ProofDependencies, 'bucket' | 'findEdition'> & { notices: Pick<NoticeStore, 'rows'> },
  notice: PublishedNotice,
): Promise<{ document: NoticeDocument; isUp: boolean }> {
  const up = await deps.bucket.get(notice.id, 'json');
  if (up !== undefined && textHash(up) === notice.shownHash) return { document: readDocument(up), isUp: true };
  const edition = deps.findEdition(notice.edition);
  if (edition === undefined) throw new Error(`no edition ${notice.edition}`);
  const sealed = composeDocument(notice, await deps.notices.rows(notice), notice.period, edition);
  const left = withoutWithdrawnRows(sealed, notice.withdrawn ?? []);
  const document = notice.annexRemovedOn === undefined ? left : withoutPersonalRows(left, notice.annexRemovedOn);
  if (textHash(documentText(document)) !== notice.shownHash)
    throw new Error(`notice ${notice.id} is altered and cannot be restored`);
  return { document, isUp: false };
}

/** The same, with bytes that are missing or altered put back. */
export async function shownDocument(
  deps: ProofDependencies,
  notice: PublishedNotice,
): Promise<{ document: NoticeDocument; restored: boolean }> {
  const { document, isUp } = await documentOf(deps, notice);
  if (!isUp) await deps.bucket.put(notice.id, 'json', documentText(document));
  return { document, restored: !isUp };
}

/** Puts up the page as it reads today (days left, ended, corrected rows); writes only what has changed. */
export async function refreshPage(
  deps: ProofDependencies,
  notice: PublishedNotice,
): Promise<{ restored: boolean; document: NoticeDocument }> {
  const { document, restored } = await shownDocument(deps, notice);
  const today = businessDate(deps.clock.now());
  const page = noticePage(document, momentOf(document, today, await deps.notices.corrections(notice.id)));
  if ((await deps.bucket.get(notice.id, 'html')) !== page) await deps.bucket.put(notice.id, 'html', page);
  return { restored, document };
}

/** Keeps the day's proof of a notice: the hashes of the bytes that are up, read back from where the public reads them. */
export async function proveNotice(deps: ProofDependencies, notice: PublishedNotice): Promise<void> {
  const at = deps.clock.now();
  const date = businessDate(at);
  if (date > notice.period.lastDay || (await deps.notices.proof(notice.id, date)) !== undefined) return;
  const { restored } = await refreshPage(deps, notice);
  const [json, html] = await Promise.all([deps.bucket.get(notice.id, 'json'), deps.bucket.get(notice.id, 'html')]);
  if (json === undefined || html === undefined) throw new Error(`notice ${notice.id} is not up`);
  const proof = { date, at: at.toISOString(), jsonHash: textHash(json), htmlHash: textHash(html), restored };
  await deps.notices.putProof(notice.id, proof);
}
