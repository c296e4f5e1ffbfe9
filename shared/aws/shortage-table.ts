import * as z from 'zod';
import type { ShortageList, ShortageListStore } from '../catalogue/shortage-list.ts';
import { calendarDateSchema } from '../regulation/contract.ts';
import { readPartition } from './read.ts';
import type { Table } from './table.ts';
import { creation, writeAll } from './transition.ts';

const listSchema = z.object({
  document: z.string(),
  effectiveFrom: calendarDateSchema,
  effectiveTo: calendarDateSchema.optional(),
  occupations: z.array(z.string()),
});

const partition = 'CATALOGUE#shortage';

/** The published lists, one item each. */
export function createShortageTable(table: Table): ShortageListStore {
  return {
    async lists() {
      const lists: ShortageList[] = [];
      for await (const item of readPartition(table, partition, 'PUBLICATION#')) lists.push(listSchema.parse(item));
      return lists;
    },
    async publish(list, by, at) {
      const sk = `PUBLICATION#${list.effectiveFrom}#${list.document}`;
      const audit = { action: 'shortage-list-published', by, at: at.toISOString(), facts: { document: list.document } };
      const item = { pk: partition, sk, type: 'shortage-list', st: 'published', ...list };
      return (await writeAll(table, creation(table, 'CATALOGUE', item, audit))).kind === 'done';
    },
  };
}
