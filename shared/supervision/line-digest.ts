import { createHash } from 'node:crypto';

/** Where the chain of a trainee line ends, or ended at some time. */
export interface LineHead {
  lineNo: number;
  version: number;
  auditHead: string;
}

/**
 * The digest of lines (in their order) that decisions on a whole claim carry as `facts.lines` in the claim's own record,
 * recomputed: it holds the chains of the lines together.
 */
export function digestOfHeads(heads: readonly LineHead[]): string {
  const content = heads.map(({ lineNo, version, auditHead }) => [lineNo, version, auditHead]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
