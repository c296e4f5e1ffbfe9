import * as z from 'zod';
import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { reasonText } from '../access/reason-text.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { Clock } from '../clock/clock.ts';
import { idFromCause } from '../clock/ids.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import { isPublished, type NoticeMember, type NoticeRecord, rowWordingSchema } from './notice.ts';
import type { PlacedRow } from './notice-document.ts';
import { periodEnd } from './notice-period.ts';
import { composeRow, isPublicLine, type NoticeRow, noticeRowSchema } from './notice-row.ts';
import type { NoticeSettingsStore } from './notice-settings.ts';
import type { NoticeClaims, NoticeStore } from './notice-store.ts';
import { isPublishable, reworded, wordsShowNoNumber } from './row-words.ts';
import { wasWithdrawnEarly } from './withdraw-rows.ts';

/** The old notice, the new one and every claim travel in one transaction of 100 writes. */
const maxRowsOfCorrection = 40;

/** What an officer puts right in a running notice (更正). */
export const correctionBodySchema = z.strictObject({
  reason: reasonText({ least: 5, most: 200, missing: '请写明更正原因，至少5个字' }),
  rows: z
    .array(
      z
        .strictObject({ rowNo: z.int().min(1), ...rowWordingSchema.shape })
        .refine(wordsShowNoNumber, '更正内容将公布，请勿写入身份证号、银行卡号或手机号'),
    )
    .min(1)
    .max(maxRowsOfCorrection, `每次最多更正${maxRowsOfCorrection}行，其余请在本次更正公布后再办理`)
    .optional()
    .describe('rows and their new wording; without it every row whose figures have changed since is published anew'),
});
export type CorrectionBody = z.infer<typeof correctionBodySchema>;

export interface CorrectDependencies {
  notices: NoticeStore;
  claims: Pick<NoticeClaims, 'find' | 'lines'>;
  settings: Pick<NoticeSettingsStore, 'find'>;
  clock: Clock;
}

interface ChangedRow {
  claim: ClaimRecord;
  member: NoticeMember;
}

function rowText(row: NoticeRow): string {
  return JSON.stringify(noticeRowSchema.parse(row));
}

/** The row as it would be published now, beside what is up; undefined when they are the same. */
async function changeOf(
  deps: CorrectDependencies,
  notice: NoticeRecord,
  placed: PlacedRow,
  wording: NoticeMember['wording'],
): Promise<ChangedRow | 'settled' | 'unchanged' | 'shows-number'> {
  const claim = await deps.claims.find(placed.claimId);
  if (claim === undefined || claim.st !== 'publicised' || claim.noticeId !== notice.id) return 'settled';
  const isDown = wasWithdrawnEarly(notice, claim.id);
  if (notice.st !== 'running' && !isDown) return 'settled';
  const lines = await deps.claims.lines(claim.id);
  if (!lines.some(isPublicLine)) return 'settled';
  // What an earlier correction has put right stays right.
  const words = { ...placed.wording, ...wording };
  const row = reworded(composeRow(claim, lines, 'what-is-left'), words);
  if (!isDown && rowText(row) === rowText(placed.row)) return 'unchanged';
  if (!isPublishable(row)) return 'shows-number';
  const kept = Object.keys(words).length === 0 ? {} : { wording: words };
  return { claim, member: { claimId: claim.id, originalRowNo: placed.rowNo, ...kept } };
}

/**
 * Takes the changed rows of a running notice into a correction: a notice of its own, with a new period, that the next
 * publishing job puts up. From now on the old period clears these rows no more.
 * @throws DomainError `not-found`, `validation-failed`, `state-not-permitted`, `changed-meanwhile`
 */
export async function correctNotice(
  deps: CorrectDependencies,
  principal: Principal,
  noticeId: string,
  body: CorrectionBody,
  creationId: string,
): Promise<NoticeRecord> {
  const original = demand(principal, 'notice.correct', await deps.notices.find(noticeId));
  const correctionId = idFromCause('correction', noticeId, creationId);
  const begun = await deps.notices.find(correctionId);
  if (begun !== undefined) return begun;
  const at = deps.clock.now();
  // Rows that were taken down while the notice ran have not had their period: they are corrected after its end too.
  const isRunning = isPublished(original) && original.st === 'running' && at < periodEnd(original.period);
  if (!isPublished(original) || !(isRunning || (original.st === 'closed' && original.withdrawn !== undefined))) {
    throw new DomainError('state-not-permitted', '只能更正正在公示的公告；公示已结束的，请通过异议复核或追回办理。');
  }
  const rows = await deps.notices.rows(original);
  const wordings = new Map(body.rows?.map(({ rowNo, ...wording }) => [rowNo, wording]));
  const problems: Problem[] = [];
  const changed: ChangedRow[] = [];
  const known = new Set(rows.map(({ rowNo }) => rowNo));
  body.rows?.forEach(({ rowNo }, index) => {
    if (!known.has(rowNo)) problems.push({ path: `body.rows[${index}].rowNo`, message: `本公示没有第${rowNo}行` });
  });
  for (const placed of rows) {
    if (body.rows !== undefined && !wordings.has(placed.rowNo)) continue;
    const change = await changeOf(deps, original, placed, wordings.get(placed.rowNo));
    const index = body.rows?.findIndex(({ rowNo }) => rowNo === placed.rowNo);
    const path = index === undefined ? 'body' : `body.rows[${index}]`;
    if (typeof change === 'object') changed.push(change);
    else if (body.rows !== undefined && change === 'settled')
      problems.push({ path, message: `第${placed.rowNo}行已不在本公示中（已更正或已取消），不能再更正` });
    else if (change === 'shows-number')
      problems.push({ path, message: `第${placed.rowNo}行的文字中有个人号码，请改写单位名称、项目或备注后再更正` });
    else if (body.rows !== undefined)
      problems.push({ path, message: `第${placed.rowNo}行与公示内容相同，没有需要更正的地方` });
  }
  if (problems.length > 0) throw new DomainError('validation-failed', '更正内容有误，请核对后重新提交。', problems);
  if (changed.length === 0)
    throw new DomainError('state-not-permitted', '本公示各行与现有数据一致，没有需要更正的内容。');
  if (changed.length > maxRowsOfCorrection)
    throw new DomainError(
      'state-not-permitted',
      `有${changed.length}行需要更正，每次最多${maxRowsOfCorrection}行：请列明序号先办理一部分，公布后再办理其余。`,
    );
  return deps.notices.beginCorrection(
    original,
    {
      noticeId: correctionId,
      reason: body.reason,
      members: changed.map(({ member }) => member),
      claims: changed.map(({ claim }) => claim),
      settings: (await deps.settings.find(original.authority)) ?? original.settings,
    },
    { by: actorOf(principal), at },
  );
}
