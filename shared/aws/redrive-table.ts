import * as z from 'zod';
import type { Redrive, RedriveStore } from '../operations/redrive.ts';
import { actorSchema } from './claim-items.ts';
import { queryPage, readItem, readMany } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, writeAll, writeAllOrThrow } from './transition.ts';

const redriveSchema = z.object({
  id: z.string(),
  st: z.enum(['running', 'done']),
  version: z.int(),
  auditHead: z.string(),
  queue: z.enum(['assess', 'verify']),
  limit: z.int(),
  by: actorSchema,
  moved: z.int(),
  failed: z.int(),
  left: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const keyOf = (id: string): Key => ({ pk: `REDRIVE#${id}`, sk: 'META' });

/** Redrives in the table, each with its chain of audit records. */
export function createRedriveTable(table: Table): RedriveStore {
  const found = async (id: string): Promise<Redrive> => {
    const redrive = await readItem(table, keyOf(id), redriveSchema);
    if (redrive === undefined) throw new Error('redrive vanished after it was written');
    return redrive;
  };

  return {
    async start({ id, queue, limit }, by, at) {
      const audit = { action: 'redrive-started', by, at: at.toISOString(), facts: { queue, limit } };
      const outcome = { moved: 0, failed: 0, left: 0 };
      const index = { tpk: 'operations/redrives', tsk: `${audit.at}#${id}` };
      const item = { ...keyOf(id), ...index, type: 'redrive', st: 'running', id, queue, limit, by, ...outcome };
      // Refused means that the same request put it on record before.
      await writeAll(table, creation(table, id, item, audit));
      return found(id);
    },
    async finish(redrive, outcome, by, at) {
      const { id, st, version, auditHead, queue } = redrive;
      const audit = { action: 'redrive-done', by, at: at.toISOString(), facts: { queue, ...outcome } };
      const entity = { key: keyOf(id), st, version, auditHead };
      await writeAllOrThrow(table, transition(table, { chain: id, entity, to: 'done', audit, set: { ...outcome } }));
      return found(id);
    },
    async list(cursor) {
      const input = {
        IndexName: 'tenant',
        KeyConditionExpression: 'tpk = :redrives',
        ExpressionAttributeValues: { ':redrives': 'operations/redrives' },
        ScanIndexForward: false,
        Limit: 50,
      };
      const { items, next } = await queryPage(table, input, cursor);
      const keys = items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
      const redrives = (await readMany(table, keys))
        .map((item) => redriveSchema.parse(item))
        .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
      return next === undefined ? { redrives } : { redrives, next };
    },
  };
}
