import { actorOf } from '../access/actor.ts';
import { authorityId } from '../access/authority.ts';
import type { Principal } from '../access/principal.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import { assessWith } from '../regulation/assess.ts';
import type { ClaimRecord } from './claim-record.ts';
import { dueAfterMs, later, lookAgainAfterMs } from './due-times.ts';
import { findClaim } from './find-claim.ts';
import { editionOf, gatherFacts, registeredApplicant } from './gather-facts.ts';
import { declaredLine, demandWellFormed, requestFor } from './judge-claim.ts';
import { missingItems } from './missing-items.ts';
import { demandAcceptedFor, demandNotBlocked } from './open-claim.ts';
import { openRoster, type PreCheckDependencies, withoutRoster } from './pre-check-claim.ts';

/**
 * Hands a claim in (材料受理, 二(一)): looks whether it is complete, freezes the facts it will be judged by, and leaves
 * it to the assessment. The day of the first hand-in counts for every later one.
 * @throws DomainError `claim-incomplete` with everything that is missing; what is there stays as it is;
 *   `validation-failed` when its class is accepted for another programme or route by now
 */
export async function submitClaim(
  deps: PreCheckDependencies,
  principal: Principal,
  claimId: string,
): Promise<ClaimRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.write', claimId);
  if (claim.st !== 'draft' && claim.st !== 'returned') {
    throw new DomainError('state-not-permitted', '该申请已提交过，无需重复提交；请在申请详情中查看进度。');
  }
  const now = deps.clock.now();
  const today = businessDate(now);
  const submittedOn = claim.submittedOn ?? today;
  if (claim.submittedOn === undefined) demandNotBlocked(await registeredApplicant(deps, claim.tenant), today);
  const [{ facts, pending, filed }, lines] = await Promise.all([gatherFacts(deps, claim), openRoster(deps, claim)]);
  if (filed !== undefined) demandAcceptedFor(filed, claim);
  if (lines.length === 0 || claim.rosterId === undefined) throw withoutRoster();
  const edition = editionOf(deps, claim);
  const request = requestFor(
    claim,
    facts,
    submittedOn,
    lines.map(({ line }) => declaredLine(line)),
  );
  demandWellFormed(request);
  const { findings, authority, fundAccount, payee } = assessWith(edition, request);
  const missing = missingItems(findings, pending);
  if (missing.length > 0) {
    throw new DomainError(
      'claim-incomplete',
      '申请还不完整，已填写和上传的内容都已保存，请按下列提示补充后再提交。',
      missing.map(({ kind, message }) => ({ path: kind, message })),
    );
  }
  const by = actorOf(principal);
  const subject = facts.class?.subject;
  return deps.claims.move(claim, 'claim-submitted', {
    by,
    at: now,
    attentionAt: later(now, lookAgainAfterMs),
    dueAt: later(now, dueAfterMs.assessment),
    facts: { submittedOn, rosterId: claim.rosterId, lines: claim.lineCount, videos: facts.videos.length },
    set: {
      facts,
      submittedOn,
      applicantName: facts.applicant.name,
      authority: authorityId(authority),
      fundAccount,
      payee,
      ...(subject === undefined ? {} : { subject }),
      submissions: [...claim.submissions, { rosterId: claim.rosterId, by, at: now.toISOString() }],
    },
    unset: ['returnReasons', 'lineWork'],
  });
}
