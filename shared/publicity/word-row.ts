import * as z from 'zod';
import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { reasonText } from '../access/reason-text.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import { rowWordingSchema } from './notice.ts';
import { composeRow } from './notice-row.ts';
import type { NoticeClaims } from './notice-store.ts';
import { isPublishable, reworded, wordsShowNoNumber } from './row-words.ts';

/** The words of a claim's row before its notice (公示用语), where those on record must not be public. */
export const rowWordsBodySchema = z
  .strictObject({
    reason: reasonText({ least: 5, most: 200, missing: '请写明调整公示用语的原因，至少5个字' }),
    ...rowWordingSchema.shape,
  })
  .refine(({ unitName, subject, remark }) => (unitName ?? subject ?? remark) !== undefined, {
    path: ['unitName'],
    message: '请至少填写单位名称、培训项目、备注中的一项',
  })
  .refine(wordsShowNoNumber, '公示用语将公布，请勿写入身份证号、银行卡号或手机号');
export type RowWordsBody = z.infer<typeof rowWordsBodySchema>;

export interface WordRowDependencies {
  claims: Pick<NoticeClaims, 'find' | 'lines' | 'word'>;
  clock: Clock;
}

/**
 * Words the row of an approved claim that awaits its notice. Figures are never typed; they come from the claim.
 * @throws DomainError `not-found`, `state-not-permitted`, `validation-failed` when the row still shows a number,
 * `changed-meanwhile` when the claim has got its notice meanwhile
 */
export async function wordRow(
  deps: WordRowDependencies,
  principal: Principal,
  claimId: string,
  { reason, ...words }: RowWordsBody,
): Promise<ClaimRecord> {
  const claim = demand(principal, 'notice.correct', await deps.claims.find(claimId));
  if (claim.st !== 'approved') {
    throw new DomainError(
      'state-not-permitted',
      '只有已复核、尚未公示的申请可以调整公示用语；正在公示的，请办理公示更正。',
    );
  }
  const row = composeRow(claim, await deps.claims.lines(claimId), 'what-is-left');
  if (!isPublishable(reworded(row, words))) {
    throw new DomainError('validation-failed', '调整后该行仍含有个人号码，不能公示。', [
      { path: 'body', message: '请一并改写含有身份证号、银行卡号或手机号的单位名称、培训项目或备注' },
    ]);
  }
  return deps.claims.word(claim, words, reason, { by: actorOf(principal), at: deps.clock.now() });
}
