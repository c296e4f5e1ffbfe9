import { createHash } from 'node:crypto';
import type { Actor } from '../access/actor.ts';
import { canonicalJson } from './canonical-json.ts';

/** What is known of a transition before it is chained. */
export interface AuditEntry {
  /** English verb phrase in kebab case, such as `claim-submitted`. */
  action: string;
  by: Actor;
  /** ISO instant. */
  at: string;
  reason?: string;
  /** Figures and ids that explain the decision; no identity, card or phone number. */
  facts?: Record<string, unknown>;
}

/**
 * One transition of one entity (台账, 三(二): kept at least five years and traceable). The records of an entity form a
 * chain: each carries the hash of the one before, and the entity itself carries the newest, so that an edit, a removal
 * (the last one too) or a change of order shows.
 */
export interface AuditRecord extends AuditEntry {
  /** Whose trail it belongs to, so that it cannot pass for another's; absent in records older than the field. */
  chain?: string;
  /** The entity's sort key: `META`, `LINE#0007`, `EVIDENCE#…`. */
  entity: string;
  /** The entity's version after the transition; the first is 1. */
  version: number;
  from: string;
  to: string;
  previous: string;
  hash: string;
}

/** The `previous` of a first record. */
export const chainStart = '0'.repeat(64);

export function chainRecord(record: Omit<AuditRecord, 'hash'>): AuditRecord {
  return { ...record, hash: createHash('sha256').update(canonicalJson(record)).digest('hex') };
}

/** What is wrong with a chain; an empty list means that it holds. */
export interface ChainFault {
  entity: string;
  version: number;
  /**
   * `foreign`: of another trail. `lines-differ`: the lines are not those that a decision on their claim names.
   * `unreadable`: the trail cannot be read at all.
   */
  fault: 'edited' | 'missing' | 'out-of-order' | 'head-differs' | 'foreign' | 'lines-differ' | 'unreadable';
}

/**
 * Checks one entity's records, oldest first, against the entity's own version and head.
 * Detects edited, removed, inserted and reordered records.
 */
export function verifyChain(
  entity: string,
  records: readonly AuditRecord[],
  head: { version: number; auditHead: string },
): ChainFault[] {
  const faults: ChainFault[] = [];
  let previous = chainStart;
  records.forEach((record, index) => {
    const { hash, ...content } = record;
    const version = index + 1;
    if (record.version !== version) faults.push({ entity, version, fault: 'missing' });
    if (record.previous !== previous) faults.push({ entity, version: record.version, fault: 'out-of-order' });
    if (chainRecord(content).hash !== hash || record.entity !== entity)
      faults.push({ entity, version: record.version, fault: 'edited' });
    previous = hash;
  });
  if (records.length !== head.version || previous !== head.auditHead)
    faults.push({ entity, version: head.version, fault: 'head-differs' });
  return faults;
}
