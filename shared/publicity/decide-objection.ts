import * as z from 'zod';
import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { reasonText, recordedText } from '../access/reason-text.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import { isPublicLine } from './notice-row.ts';
import type { Act, NoticeClaims, NoticeStore } from './notice-store.ts';
import type { Objection, ObjectionDecision } from './objection.ts';
import type { ObjectionStore } from './objection-store.ts';
import { settleClaim } from './settle-claim.ts';

export interface DecideDependencies {
  notices: Pick<NoticeStore, 'find'>;
  claims: NoticeClaims;
  objections: ObjectionStore;
  clock: Clock;
}

/** An officer's decision of an objection (复核认定). */
export const decisionBodySchema = z
  .strictObject({
    result: z.enum(['upheld', 'dismissed']).describe('upheld 异议成立 · dismissed 异议不成立'),
    reason: reasonText({ least: 5, most: 1000, missing: '请写明认定理由，至少5个字' }),
    reply: recordedText(500).optional().describe('what the objector reads beside the result; names nobody'),
    lines: z
      .array(z.string().min(1).max(100))
      .min(1, '请列出取消资格的明细，或不填此项表示全部取消')
      .max(5000)
      .optional()
      .describe('ids of the lines whose entitlement is cancelled; all of the row when absent'),
  })
  .refine(({ result, lines }) => result === 'upheld' || lines === undefined, {
    path: ['lines'],
    message: '异议不成立时不取消任何明细，请删除此项',
  });
export type DecisionBody = z.infer<typeof decisionBodySchema>;

async function lineNumbers(deps: DecideDependencies, claimId: string, lineIds: readonly string[]): Promise<number[]> {
  const lines = new Map((await deps.claims.lines(claimId)).map((line) => [line.lineId, line]));
  const problems = lineIds.flatMap((lineId, index) => {
    const line = lines.get(lineId);
    if (line !== undefined && isPublicLine(line)) return [];
    return [
      {
        path: `body.lines[${index}]`,
        message: line === undefined ? '该申请没有这条明细' : '该明细不在公示中，无需取消',
      },
    ];
  });
  if (problems.length > 0) throw new DomainError('validation-failed', '所列明细有误，请核对后重新提交。', problems);
  return [...new Set(lineIds.flatMap((lineId) => lines.get(lineId)?.lineNo ?? []))].toSorted((a, b) => a - b);
}

function isSame(decided: ObjectionDecision, wanted: ObjectionDecision): boolean {
  const content = ({ result, reason, reply, lineNos, by }: ObjectionDecision) =>
    JSON.stringify([result, reason, reply ?? null, lineNos ?? null, by.subject, by.tenant]);
  return content(decided) === content(wanted);
}

/**
 * Carries a recorded decision out; whatever of it an earlier try has done stays done.
 * Upheld: the lines are released with all they held, and the claim is refused when nothing is left of it.
 * Dismissed: payment goes on. Either way the claim is cleared when its notice is over and no other objection is open.
 */
export async function carryOut(deps: DecideDependencies, objection: Objection, act: Act): Promise<void> {
  const { decision, claimId } = objection;
  if (decision === undefined) throw new Error(`objection ${objection.id} has no decision to carry out`);
  const claim = await deps.claims.find(claimId);
  if (claim === undefined) throw new Error(`claim of objection ${objection.id} is gone`);
  if (decision.result === 'upheld' && claim.st === 'publicised')
    await deps.claims.release(claim, decision.lineNos, decision.reason, act);
  const left = (await deps.claims.lines(claimId)).some(isPublicLine);
  await deps.objections.finish(objection, !left, act);
  await settleClaim(deps, claimId, act);
}

/**
 * Decides an objection of one's own authority, once. The same decision sent again by the same person finishes what a
 * crash left unfinished.
 * Whoever approved the claim may uphold an objection to it, but not dismiss it.
 * @throws DomainError `not-found`, `validation-failed`, `state-not-permitted` when it is decided already or not theirs,
 * `changed-meanwhile` when another officer is deciding it
 */
export async function decideObjection(
  deps: DecideDependencies,
  principal: Principal,
  objectionId: string,
  body: DecisionBody,
): Promise<Objection> {
  const found = demand(principal, 'objection.decide', await deps.objections.find(objectionId));
  const by = actorOf(principal);
  const act: Act = { by, at: deps.clock.now() };
  const lineNos =
    body.lines === undefined || found.st !== 'open' ? undefined : await lineNumbers(deps, found.claimId, body.lines);
  const wanted: ObjectionDecision = {
    result: body.result,
    reason: body.reason,
    ...(body.reply === undefined ? {} : { reply: body.reply }),
    ...(lineNos === undefined ? {} : { lineNos }),
    by,
    at: act.at.toISOString(),
  };
  const isResumed =
    found.st === 'deciding' &&
    found.decision !== undefined &&
    isSame(found.decision, {
      ...wanted,
      ...(found.decision.lineNos === undefined ? {} : { lineNos: found.decision.lineNos }),
    });
  if (found.st !== 'open' && !isResumed) {
    throw new DomainError('state-not-permitted', '该异议已作出复核认定，不能重复认定。请刷新查看结果。');
  }
  if (found.st === 'open' && body.result === 'dismissed') {
    const claim = await deps.claims.find(found.claimId);
    if (claim?.approvedBy?.subject === by.subject) {
      throw new DomainError(
        'state-not-permitted',
        '您是该申请的复核人，不能由您本人认定异议不成立，请由本单位其他人员复核认定（初核人员可以办理）。',
      );
    }
  }
  const decided = found.st === 'open' ? await deps.objections.decide(found, wanted) : found;
  await carryOut(deps, decided, act);
  const result = await deps.objections.find(objectionId);
  if (result === undefined) throw new Error(`objection ${objectionId} vanished`);
  return result;
}
