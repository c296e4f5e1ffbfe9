import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import { demandAsRead } from '../access/read-version.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import { digestOfLines, totalsOfLines } from './assess-claim.ts';
import type { ClaimRecord, RefusalGrounds } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { dueAfterMs, later } from './due-times.ts';
import { findClaim } from './find-claim.ts';
import type { LineRecord } from './line-record.ts';
import type { LineStore } from './line-store.ts';

export interface ReviewDependencies {
  claims: ClaimStore;
  lines: LineStore;
  clock: Clock;
}

const mostShown = 50;

function problemsOf(lines: readonly LineRecord[], message: (line: LineRecord) => string): Problem[] {
  return lines.slice(0, mostShown).map((line) => ({ path: `lines.${line.lineId}`, message: message(line) }));
}

/**
 * What keeps the lines of a claim from being endorsed or approved: somebody must still decide one, or an override has
 * run out.
 * @throws DomainError `state-not-permitted` that names the lines
 */
export function demandDecided(lines: readonly LineRecord[], today: string): void {
  const open = lines.filter(({ st }) => st === 'referred' || st === 'pending');
  if (open.length > 0) {
    const problems = problemsOf(open, ({ lineNo, name }) => `第${lineNo}行${name}尚未认定，请先作出认定并写明理由`);
    throw new DomainError('state-not-permitted', `还有${open.length}名学员待人工认定，认定完毕后才能继续。`, problems);
  }
  const lapsed = lines.filter(({ st, decision }) => st === 'reserved' && (decision?.expiresOn ?? today) < today);
  if (lapsed.length > 0) {
    const problems = problemsOf(lapsed, ({ lineNo, name, decision }) => {
      return `第${lineNo}行${name}的人工认定已于${decision?.expiresOn}到期，请由初核人员重新认定`;
    });
    throw new DomainError('state-not-permitted', `有${lapsed.length}名学员的人工认定已过期，须重新认定。`, problems);
  }
}

/** The lines that take part: a line that a later roster dropped is released and does not. */
export async function decidedLines(deps: Pick<ReviewDependencies, 'lines'>, claimId: string): Promise<LineRecord[]> {
  return (await deps.lines.all(claimId)).filter(({ st }) => st !== 'released');
}

/** What a preparer says of a whole claim. */
export interface Endorsement {
  /** The claim's version that was read. */
  version: number;
  reason?: string | undefined;
  /** The preparer proposes to refuse the claim: its lines need no word of their own then. */
  proposedRefusal?: RefusalGrounds | undefined;
}

function demandReasoned({ assessment }: ClaimRecord, reason: string | undefined): void {
  const referred = assessment?.findings.filter(({ outcome }) => outcome === 'refer') ?? [];
  if (referred.length === 0 || reason !== undefined) return;
  const problems = referred.map(({ message }) => ({ path: 'body.reason', message: `请写明认定理由：${message}` }));
  throw new DomainError('validation-failed', '本申请有需要人工认定的事项，请写明认定理由后再初核。', problems);
}

/**
 * The preparer's word on a whole claim (初核, 二(二)): for its lines as they are decided, or for refusing it. Where a rule
 * left something about the claim itself to a person, the reason is mandatory.
 * @throws DomainError `changed-meanwhile` for a version that was read before the current one
 */
export async function endorseClaim(
  deps: ReviewDependencies,
  principal: Principal,
  claimId: string,
  { version, reason, proposedRefusal }: Endorsement,
): Promise<ClaimRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.endorse', claimId);
  if (claim.st !== 'assessed') {
    throw new DomainError('state-not-permitted', '该申请当前不在待初核状态，请刷新后查看最新状态。');
  }
  demandAsRead(claim, version);
  const told = reason ?? proposedRefusal?.reason;
  demandReasoned(claim, told);
  const lines = await decidedLines(deps, claimId);
  const at = deps.clock.now();
  if (proposedRefusal === undefined) demandDecided(lines, businessDate(at));
  const by = actorOf(principal);
  const due = later(at, dueAfterMs.approval);
  return deps.claims.move(claim, 'claim-endorsed', {
    by,
    at,
    reason: told,
    attentionAt: due,
    dueAt: due,
    reviewCount: claim.reviewCount,
    facts: {
      totals: totalsOfLines(lines),
      lines: digestOfLines(lines),
      ...(proposedRefusal === undefined ? {} : { proposedRefusal }),
    },
    set: {
      endorsedBy: by,
      endorsedAt: at.toISOString(),
      ...(proposedRefusal === undefined ? {} : { proposedRefusal }),
    },
  });
}
