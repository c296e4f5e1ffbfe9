import * as z from 'zod';
import type { PublishedShortageList, ShortageListStore } from '../catalogue/shortage-list.ts';
import { calendarDateSchema } from '../regulation/contract.ts';
import { actorSchema } from './claim-items.ts';
import { readPartition } from './read.ts';
import type { Table } from './table.ts';
import { creation, writeAll } from './transition.ts';

const listSchema = z.object({
  document: z.string(),
  effectiveFrom: calendarDateSchema,
  effectiveTo: calendarDateSchema.optional(),
  occupations: z.array(z.string()),
  /** the list's version; `version` is the item's own count of moves, as everywhere */
  sequence: z.int(),
  publishedBy: actorSchema,
  publishedAt: z.string(),
});

const partition = 'CATALOGUE#shortage';

/** The published lists, one item each, numbered without a gap. Read as they are now, every time. */
export function createShortageTable(table: Table): ShortageListStore {
  return {
    async lists() {
      const lists: PublishedShortageList[] = [];
      for await (const item of readPartition(table, partition, 'PUBLICATION#')) {
        const { sequence, ...list } = listSchema.parse(item);
        lists.push({ ...list, version: sequence });
      }
      return lists;
    },
    async add({ version: sequence, ...list }) {
      const { document, effectiveFrom, publishedAt: at, publishedBy: by } = list;
      const sk = `PUBLICATION#shortage#${String(sequence).padStart(6, '0')}`;
      const audit = { action: 'shortage-list-published', by, at, facts: { document, effectiveFrom, sequence } };
      const item = { pk: partition, sk, type: 'shortage-list', st: 'published', sequence, ...list };
      return (await writeAll(table, creation(table, 'CATALOGUE', item, audit))).kind === 'done';
    },
  };
}
