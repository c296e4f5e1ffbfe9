import * as z from 'zod';
import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { reasonText } from '../access/reason-text.ts';
import { DomainError } from '../errors/domain-error.ts';
import { isPublished, type NoticeRecord, type PublishedNotice } from './notice.ts';
import { documentText, withoutWithdrawnRows } from './notice-document.ts';
import { periodEnd } from './notice-period.ts';
import type { NoticeStore } from './notice-store.ts';
import { documentOf, type ProofDependencies, refreshPage } from './prove-notice.ts';
import { textHash } from './text-hash.ts';

/** Rows that must be shown no longer (撤下), at once: a leak of personal information (个人信息保护法 57), a name in error. */
export const withdrawalBodySchema = z.strictObject({
  reason: reasonText({ least: 5, most: 200, missing: '请写明撤下原因，至少5个字' }),
  rows: z
    .array(z.int().min(1))
    .min(1, '请列出要撤下的序号，或不填此项表示全部撤下')
    .max(1000)
    .optional()
    .describe('numbers of the rows; every row of the notice when absent'),
});
export type WithdrawalBody = z.infer<typeof withdrawalBodySchema>;

export interface WithdrawDependencies extends Omit<ProofDependencies, 'notices'> {
  notices: Pick<NoticeStore, 'find' | 'rows' | 'proof' | 'putProof' | 'corrections' | 'withdraw'>;
}

/**
 * Whether a claim's row was taken down before its notice had run its period: then the public has not had its time to
 * object (二(二)), and the claim is paid only after a correction has shown it anew.
 */
export function wasWithdrawnEarly(notice: NoticeRecord, claimId: string): boolean {
  if (!isPublished(notice)) return false;
  const end = periodEnd(notice.period).toISOString();
  return notice.withdrawn?.some((row) => row.claimId === claimId && row.at < end) ?? false;
}

/**
 * Takes rows of a published notice down, whatever its state. It is on record first: from that write on no reader gets the
 * old bytes, and whatever restores the notice restores it without the rows. Asked again, it finishes what a crash left.
 * @throws DomainError `not-found`, `validation-failed`, `state-not-permitted`, `changed-meanwhile`
 */
export async function withdrawRows(
  deps: WithdrawDependencies,
  principal: Principal,
  noticeId: string,
  { reason, rows: wanted }: WithdrawalBody,
): Promise<PublishedNotice> {
  const notice = demand(principal, 'notice.correct', await deps.notices.find(noticeId));
  if (!isPublished(notice)) throw new DomainError('state-not-permitted', '该公示尚未发布，没有可以撤下的内容。');
  const rows = await deps.notices.rows(notice);
  const problems = (wanted ?? []).flatMap((rowNo, index) =>
    rows.some((row) => row.rowNo === rowNo) ? [] : [{ path: `body.rows[${index}]`, message: `本公示没有第${rowNo}行` }],
  );
  if (problems.length > 0) throw new DomainError('validation-failed', '所列序号有误，请对照公示附件核对。', problems);
  const before = notice.withdrawn ?? [];
  const at = deps.clock.now();
  const added = rows
    .filter(({ rowNo }) => wanted?.includes(rowNo) ?? true)
    .filter(({ rowNo }) => !before.some((row) => row.rowNo === rowNo))
    .map(({ claimId, rowNo }) => ({ claimId, rowNo, at: at.toISOString() }));
  let current = notice;
  if (added.length > 0) {
    const withdrawn = [...before, ...added];
    const { document } = await documentOf(deps, notice);
    const shownHash = textHash(documentText(withoutWithdrawnRows(document, withdrawn)));
    const rowNos = added.map(({ rowNo }) => rowNo);
    current = await deps.notices.withdraw(
      notice,
      { withdrawn, shownHash, rowNos, reason },
      { by: actorOf(principal), at },
    );
  }
  await refreshPage(deps, current);
  return current;
}
