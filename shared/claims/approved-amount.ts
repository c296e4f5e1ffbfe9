import type { StatedAmount } from './claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { LineRecord } from './line-record.ts';

/**
 * The approved amount (核准金额) of a line of an approved claim: who approved the claim approved each of its reserved
 * lines at what had been assessed or decided. It is written to the line when the line is publicised.
 * Undefined while nothing was approved.
 */
export function approvedAmount(
  claim: Pick<ClaimRecord, 'approvedBy' | 'approvedAt'>,
  line: Pick<LineRecord, 'assessed' | 'approved'>,
): StatedAmount | undefined {
  if (line.approved !== undefined) return line.approved;
  const { approvedBy, approvedAt } = claim;
  if (approvedBy === undefined || approvedAt === undefined || line.assessed === undefined) return undefined;
  return { fen: line.assessed.fen, by: approvedBy, at: approvedAt, why: line.assessed.why };
}
