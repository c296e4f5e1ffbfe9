import type { StatedAmount } from './claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { LineRecord } from './line-record.ts';

/** What counts of a line before its approval: the amount that an officer granted, else the one assessed by the rules. */
export function grantedAmount({
  assessed,
  decision,
}: Pick<LineRecord, 'assessed' | 'decision'>): StatedAmount | undefined {
  if (decision?.fen === undefined) return assessed;
  return { fen: decision.fen, by: decision.by, at: decision.at, why: decision.reason };
}

/**
 * The approved amount (核准金额) of a line of an approved claim: who approved the claim approved each of its reserved
 * lines at what had been assessed or decided. It is written to the line when the line is publicised.
 * Undefined while nothing was approved.
 */
export function approvedAmount(
  claim: Pick<ClaimRecord, 'approvedBy' | 'approvedAt'>,
  line: Pick<LineRecord, 'assessed' | 'approved' | 'decision'>,
): StatedAmount | undefined {
  if (line.approved !== undefined) return line.approved;
  const { approvedBy, approvedAt } = claim;
  const granted = grantedAmount(line);
  if (approvedBy === undefined || approvedAt === undefined || granted === undefined) return undefined;
  return { fen: granted.fen, by: approvedBy, at: approvedAt, why: granted.why };
}
