import * as z from 'zod';
import { type AuditRecord, type ChainFault, verifyChain } from './audit-chain.ts';

const actorSchema = z.object({ subject: z.string(), tenant: z.string(), role: z.string(), name: z.string() });

const recordSchema = z.looseObject({
  entity: z.string(),
  version: z.int(),
  action: z.string(),
  by: actorSchema,
  at: z.string(),
  from: z.string(),
  to: z.string(),
  reason: z.string().exactOptional(),
  facts: z.record(z.string(), z.unknown()).exactOptional(),
  previous: z.string(),
  hash: z.string(),
});

/** The whole trail of one claim (or class, notice …): every record, and where each entity says that its chain ends. */
export const auditExportSchema = z.object({
  chain: z.string(),
  heads: z.array(z.object({ entity: z.string(), version: z.int(), auditHead: z.string() })),
  records: z.array(recordSchema),
});
export type AuditExport = z.infer<typeof auditExportSchema>;

/** What verifying a trail found. */
export interface AuditVerdict {
  chain: string;
  holds: boolean;
  entities: number;
  records: number;
  faults: ChainFault[];
}

/**
 * Verifies every entity's chain of a trail: edits, removals (of the last record too), insertions, reordering, and
 * records of an entity that is not there any more.
 */
export function verifyAudit(trail: AuditExport): AuditVerdict {
  const byEntity = Map.groupBy(trail.records, ({ entity }) => entity);
  const faults = trail.heads.flatMap((head) => {
    const records = (byEntity.get(head.entity) ?? []) as AuditRecord[];
    byEntity.delete(head.entity);
    return verifyChain(head.entity, records, head);
  });
  for (const [entity, records] of byEntity) {
    faults.push({ entity, version: records.at(-1)?.version ?? 0, fault: 'head-differs' });
  }
  const { chain, heads, records } = trail;
  return { chain, holds: faults.length === 0, entities: heads.length, records: records.length, faults };
}

/** Where trails are read from. */
export interface AuditTrails {
  /** The trail of an owner whose items live in `partition`, such as `CLAIM#<id>`; its chain is `AUDIT#<id>`. */
  read(chain: string, partition: string): Promise<AuditExport>;
}
