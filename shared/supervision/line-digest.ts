import { createHash } from 'node:crypto';

/** Where the chain of a trainee line ends, or ended at some time. */
export interface LineHead {
  lineNo: number;
  version: number;
  auditHead: string;
}

/**
 * One hash over the newest audit records of lines, in their order: what a decision on a whole claim rested on. It stands
 * in the claim's own record as `facts.lines` and so holds the chains of the lines together.
 */
export function digestOfHeads(heads: readonly LineHead[]): string {
  const content = heads.map(({ lineNo, version, auditHead }) => [lineNo, version, auditHead]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
