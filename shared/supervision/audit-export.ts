import * as z from 'zod';
import { type AuditRecord, type ChainFault, verifyChain } from './audit-chain.ts';
import { digestOfHeads } from './line-digest.ts';

// A record is taken as it lies there: what is wrong with it, its hash tells, and it must not hide the others.
const recordSchema = z.looseObject({
  entity: z.string().catch(''),
  version: z.unknown().optional(),
  action: z.unknown().optional(),
  by: z.unknown().optional().describe('subject, tenant, role and name'),
  at: z.unknown().optional().describe('ISO instant'),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
  reason: z.unknown().optional(),
  facts: z.unknown().optional(),
  previous: z.unknown().optional(),
  hash: z.unknown().optional(),
});

/** The whole trail of one claim (or class, notice …): every record, and where each entity says that its chain ends. */
export const auditExportSchema = z.object({
  chain: z.string(),
  heads: z.array(z.object({ entity: z.string(), version: z.unknown().optional(), auditHead: z.unknown().optional() })),
  records: z.array(recordSchema),
});

/** A trail as it says that it is; whether it holds, `verifyAudit` tells. */
export interface AuditExport {
  chain: string;
  heads: { entity: string; version: number; auditHead: string }[];
  records: AuditRecord[];
}

/** @throws ZodError for what is no trail at all */
export function readAuditExport(value: unknown): AuditExport {
  return auditExportSchema.parse(value) as AuditExport;
}

/** What verifying a trail found. */
export interface AuditVerdict {
  chain: string;
  holds: boolean;
  entities: number;
  records: number;
  faults: ChainFault[];
}

const digest = /^[0-9a-f]{64}$/;
const lineEntity = /^LINE#(\d+)$/;
// In these states a line is while its claim is decided on; whatever follows in the same millisecond came after.
const undecidedOn = new Set(['publicised', 'held', 'cleared', 'paying', 'paid', 'bounced', 'recovered']);

/** Where each line's chain ended at an instant, in the order of the lines; lines that take no part are left out. */
function linesAt(lines: ReadonlyMap<string, readonly AuditRecord[]>, at: string): AuditRecord[] {
  return [...lines.values()].flatMap((records) => {
    const last = records.findLast((record) => record.at <= at && !undecidedOn.has(record.to));
    return last === undefined || last.to === 'released' ? [] : [last];
  });
}

function digestOf(records: readonly AuditRecord[]): string {
  const heads = records.map(({ entity, version, hash }) => {
    return { lineNo: Number(lineEntity.exec(entity)?.[1]), version, auditHead: hash };
  });
  return digestOfHeads(heads);
}

/**
 * Decisions on a claim whose lines are not there any more as the decision names them: a line removed with all its
 * records leaves no other trace (ADR 3).
 */
function verifyLines(byEntity: ReadonlyMap<string, readonly AuditRecord[]>): ChainFault[] {
  const lines = new Map(
    [...byEntity].filter(([entity]) => lineEntity.test(entity)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  const claim = byEntity.get('META') ?? [];
  if (claim.length === 0 && lines.size > 0) return [{ entity: 'META', version: 0, fault: 'missing' }];
  let submittedAt = '';
  return claim.flatMap(({ action, at, version, facts }): ChainFault[] => {
    if (action === 'claim-submitted') submittedAt = at;
    const told = facts?.['lines'];
    if (typeof told !== 'string' || !digest.test(told)) return [];
    const there = linesAt(lines, at);
    // An assessment names the lines that it decided: one that a later roster dropped may still lie there refused.
    const decidedNow = there.filter((record) => record.at >= submittedAt);
    const isTold = digestOf(there) === told || digestOf(decidedNow) === told;
    return isTold ? [] : [{ entity: 'META', version, fault: 'lines-differ' }];
  });
}

/**
 * Verifies every entity's chain of a trail: edits, removals (of the last record too), insertions, reordering, records
 * of an entity that is not there any more, of another trail, and lines that a decision names and that are gone.
 */
export function verifyAudit(trail: AuditExport): AuditVerdict {
  const all = Map.groupBy(trail.records, ({ entity }) => entity);
  const ownerless = new Map(all);
  const faults = trail.heads.flatMap((head) => {
    ownerless.delete(head.entity);
    return verifyChain(head.entity, all.get(head.entity) ?? [], head);
  });
  for (const [entity, records] of ownerless) {
    faults.push({ entity, version: records.at(-1)?.version ?? 0, fault: 'head-differs' });
  }
  for (const { entity, version, chain } of trail.records) {
    if (chain !== undefined && chain !== trail.chain) faults.push({ entity, version, fault: 'foreign' });
  }
  faults.push(...verifyLines(all));
  const { chain, heads, records } = trail;
  return { chain, holds: faults.length === 0, entities: heads.length, records: records.length, faults };
}

/** Where trails are read from. */
export interface AuditTrails {
  /** The trail of an owner whose items live in `partition`, such as `CLAIM#<id>`; its chain is `AUDIT#<id>`. */
  read(chain: string, partition: string): Promise<AuditExport>;
}
