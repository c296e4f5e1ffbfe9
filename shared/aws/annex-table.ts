import * as z from 'zod';
import type { AnnexStore } from '../catalogue/annex-publication.ts';
import { calendarDateSchema, levelSchema } from '../regulation/contract.ts';
import { actorSchema } from './claim-items.ts';
import { readPartition } from './read.ts';
import type { Table } from './table.ts';
import { creation, writeAll } from './transition.ts';

const changeSchema = z.union([
  z.object({ annex: z.literal(1), change: z.enum(['add', 'reclassify']), occupation: z.string(), class: z.string() }),
  z.object({ annex: z.literal(1), change: z.literal('remove'), occupation: z.string() }),
  z.object({
    annex: z.literal(2),
    change: z.literal('add'),
    occupation: z.string(),
    level: levelSchema,
    standard: z.int(),
  }),
  z.object({ annex: z.literal(2), change: z.literal('remove'), occupation: z.string(), level: levelSchema }),
]);

const publicationSchema = z.object({
  document: z.string(),
  title: z.string(),
  effectiveFrom: calendarDateSchema,
  changes: z.array(changeSchema),
  /** the publication's version; `version` is the item's own count of moves, as everywhere */
  sequence: z.int(),
  publishedBy: actorSchema,
  publishedAt: z.string(),
});

const partition = 'CATALOGUE#annexes';
const prefix = (edition: string) => `PUBLICATION#${edition}#`;

/** The publications that change annexes 1 and 2, one item each, numbered without a gap. Read as they are now, every time. */
export function createAnnexTable(table: Table): AnnexStore {
  return {
    async publications(edition) {
      const found = [];
      for await (const item of readPartition(table, partition, prefix(edition))) {
        const { sequence, ...publication } = publicationSchema.parse(item);
        found.push({ ...publication, version: sequence });
      }
      return found;
    },
    async add(edition, { version: sequence, ...publication }) {
      const { document, effectiveFrom, publishedAt: at, publishedBy: by } = publication;
      const key = { pk: partition, sk: `${prefix(edition)}${String(sequence).padStart(6, '0')}` };
      const audit = { action: 'annex-changes-published', by, at, facts: { document, effectiveFrom, sequence } };
      const item = { ...key, type: 'annex-publication', st: 'published', sequence, ...publication };
      return (await writeAll(table, creation(table, 'CATALOGUE', item, audit))).kind === 'done';
    },
  };
}
