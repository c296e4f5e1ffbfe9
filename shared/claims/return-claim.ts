import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import { demandAsRead } from '../access/read-version.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import { materialKindSchema } from '../regulation/contract.ts';
import type { ClaimRecord } from './claim-record.ts';
import { mayMoveClaim } from './claim-states.ts';
import type { ClaimStore } from './claim-store.ts';
import { later, lookAgainAfterMs } from './due-times.ts';
import { findClaim } from './find-claim.ts';
import type { RosterStore } from './roster-store.ts';
import type { RosterEntry } from './sealed-line.ts';

/** A place that a reason names as a line or a material must be there: the applicant is to find what to mend. */
function demandPlaces(entries: readonly RosterEntry[], reasons: readonly Problem[]): void {
  const isLine = (place: string) => entries.some(({ lineId }) => place === lineId || place.startsWith(`${lineId}.`));
  const isMaterial = (place: string) => place === 'teaching-video' || materialKindSchema.safeParse(place).success;
  const problems = reasons.flatMap(({ path }, at): Problem[] => {
    const [, kind, place = ''] = /^(lines|materials)\.(.*)$/.exec(path) ?? [];
    if (kind === 'lines' && !isLine(place))
      return [{ path: `body.reasons[${at}].path`, message: `花名册中没有明细“${place}”，请核对明细编号` }];
    if (kind === 'materials' && !isMaterial(place))
      return [{ path: `body.reasons[${at}].path`, message: `没有材料“${place}”，请从材料种类中选择` }];
    return [];
  });
  if (problems.length > 0)
    throw new DomainError('validation-failed', '退回理由指向的明细或材料不存在，请按下列提示更正。', problems);
}

/**
 * Gives a claim back to its applicant for correction (退回补正, 二(一)), with the reasons by line and document. What its
 * lines hold is given back by the worker that follows; the applicant may start correcting at once.
 * @throws DomainError `changed-meanwhile` for a version that was read before the current one, `validation-failed` for a
 *   reason about a line or a material that there is not
 */
export async function returnClaim(
  deps: { claims: ClaimStore; rosters: Pick<RosterStore, 'entries'>; clock: Clock },
  principal: Principal,
  claimId: string,
  { version, reasons }: { version: number; reasons: Problem[] },
): Promise<ClaimRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.return', claimId);
  if (!mayMoveClaim('claim-returned', claim.st)) {
    throw new DomainError('state-not-permitted', '该申请当前不在审核中，不能退回补正，请刷新后查看最新状态。');
  }
  demandAsRead(claim, version);
  demandPlaces(await deps.rosters.entries(claim), reasons);
  const at = deps.clock.now();
  return deps.claims.move(claim, 'claim-returned', {
    by: actorOf(principal),
    at,
    attentionAt: later(at, lookAgainAfterMs),
    reason: reasons.map(({ path, message }) => `${path}：${message}`).join('；'),
    set: { round: claim.round + 1, lineWork: 'reopen', returnReasons: reasons },
    unset: ['endorsedBy', 'endorsedAt', 'proposedRefusal', 'reviewers'],
  });
}
