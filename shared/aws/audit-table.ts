import { type AuditExport, type AuditTrails, readAuditExport } from '../supervision/audit-export.ts';
import { readPartition } from './read.ts';
import type { Item, Table } from './table.ts';

/** The trail of a chain: its stored records, and the heads that the entities among these items carry. */
export function trailOf(chain: string, entities: readonly Item[], stored: readonly Item[]): AuditExport {
  const heads = entities
    .filter((item) => item['auditHead'] !== undefined)
    .map((item) => ({ entity: item['sk'], version: item['version'], auditHead: item['auditHead'] }));
  const records = stored.map(({ pk: _pk, sk: _sk, type: _type, ...record }) => record);
  return readAuditExport({ chain, heads, records });
}

/** Audit trails of the table: records as they were written, heads as the entities carry them now. */
export function createAuditTrails(table: Table): AuditTrails {
  const all = async (pk: string): Promise<Item[]> => {
    const items: Item[] = [];
    for await (const item of readPartition(table, pk, '')) items.push(item);
    return items;
  };
  return {
    async read(chain, partition) {
      const [entities, stored] = await Promise.all([all(partition), all(`AUDIT#${chain}`)]);
      return trailOf(chain, entities, stored);
    },
  };
}
