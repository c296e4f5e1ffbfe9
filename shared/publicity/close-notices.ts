import type { Actor } from '../access/actor.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { collectFailures, type Failures } from './collect-failures.ts';
import { carryOut, type DecideDependencies } from './decide-objection.ts';
import { isPublished, type PublishedNotice } from './notice.ts';
import { documentText, withoutPersonalRows } from './notice-document.ts';
import { periodEnd } from './notice-period.ts';
import type { Act, NoticeStore } from './notice-store.ts';
import { type ProofDependencies, refreshPage, shownDocument } from './prove-notice.ts';
import type { PublicityWatch } from './publicity-watch.ts';
import { settleClaim } from './settle-claim.ts';
import { textHash } from './text-hash.ts';
import { dayAfter } from './working-days.ts';

export interface CloseDependencies extends Omit<DecideDependencies, 'notices'>, Omit<ProofDependencies, 'notices'> {
  notices: NoticeStore;
  clock: Clock;
  watch: PublicityWatch;
  by: Actor;
}

const claimsAtOnce = 4;

/** Settles every row, whichever of them fails; tells whether none waits for an objection's decision or another try. */
async function settleRows(
  deps: CloseDependencies,
  notice: PublishedNotice,
  act: Act,
  failures: Failures,
): Promise<boolean> {
  const rows = await deps.notices.rows(notice);
  let settled = true;
  for (let from = 0; from < rows.length; from += claimsAtOnce) {
    const results = await Promise.all(
      rows
        .slice(from, from + claimsAtOnce)
        .map(({ claimId }) =>
          failures.guard({ noticeId: notice.id, claimId }, () => settleClaim(deps, claimId, act, notice.id)),
        ),
    );
    if (results.some((isSettled) => isSettled !== true)) settled = false;
  }
  return settled;
}

async function takeAnnexDown(deps: CloseDependencies, notice: PublishedNotice, act: Act): Promise<PublishedNotice> {
  const today = businessDate(act.at);
  if (notice.annexRemovedOn !== undefined || notice.totals.persons === 0) return notice;
  if (notice.annexVisibleUntil === undefined || today <= notice.annexVisibleUntil) return notice;
  const { document } = await shownDocument(deps, notice);
  const text = documentText(withoutPersonalRows(document, today));
  // Recorded before the bytes change: after a crash between the two, the next run finds bytes that are not the shown
  // ones and makes these again.
  const removed = await deps.notices.removeAnnex(notice, textHash(text), today, act);
  await deps.bucket.put(notice.id, 'json', text);
  return removed;
}

/** Goes on with a closed notice for as long as a row, an objection or the personal annex needs it. */
async function attend(deps: CloseDependencies, notice: PublishedNotice, act: Act, failures: Failures): Promise<void> {
  const settled = await failures.guard({ noticeId: notice.id }, () => settleRows(deps, notice, act, failures));
  const current = await takeAnnexDown(deps, notice, act);
  await refreshPage(deps, current);
  const annexDone = current.totals.persons === 0 || current.annexRemovedOn !== undefined;
  if (settled === true && annexDone) await deps.notices.archive(current, act);
}

/**
 * The nightly job: closes every notice whose last day is over and clears what nobody objected to (二(四)); rows with an
 * open objection are held. Finishes decisions that a crash left unfinished and takes personal annexes down in time.
 * The notice is closed before anything is cleared: from then on the table itself takes no objection any more.
 */
export async function closeNotices(deps: CloseDependencies): Promise<{ count: number; failed: number }> {
  const failures = collectFailures(deps.watch);
  const act: Act = { by: deps.by, at: deps.clock.now() };
  const closed = new Map<string, PublishedNotice>();
  let count = 0;
  for (const notice of (await deps.notices.inState('running')).filter(isPublished)) {
    if (act.at < periodEnd(notice.period)) continue;
    await failures.guard({ noticeId: notice.id }, async () => {
      const visibleUntil = dayAfter(notice.period.lastDay, notice.settings.annexVisibleDays);
      closed.set(notice.id, await deps.notices.close(notice, visibleUntil, act));
      count += 1;
      deps.watch.closed(notice.id);
    });
  }
  for (const notice of (await deps.notices.inState('closed')).filter(isPublished))
    if (!closed.has(notice.id)) closed.set(notice.id, notice);
  for (const objection of await deps.objections.deciding())
    await failures.guard({ objectionId: objection.id }, () => carryOut(deps, objection, act));
  for (const notice of closed.values())
    await failures.guard({ noticeId: notice.id }, () => attend(deps, notice, act, failures));
  return { count, failed: failures.count };
}
