import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { DossierTaking } from '../supervision/dossier-store.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';
import { creation, transition, writeAll } from './transition.ts';

const takingsSchema = z.object({ st: z.string(), version: z.number(), auditHead: z.string() });

/** The trail of those who took dossiers of a class; its partition has the same name. */
export function takingsChain(classId: string): string {
  return `DOWNLOADS#${classId}`;
}

/** Puts on record that somebody takes a dossier. Several may at the same moment: each has a place in the chain. */
export async function recordTaking(
  table: Table,
  classId: string,
  { sha256, sizeBytes, claimId }: DossierTaking,
  by: Actor,
  at: Date,
): Promise<void> {
  const chain = takingsChain(classId);
  const key = { pk: chain, sk: 'DOSSIER' };
  const facts = { sha256, sizeBytes, ...(claimId === undefined ? {} : { claimId }) };
  const audit = { action: 'dossier-taken', by, at: at.toISOString(), facts };
  for (let tries = 0; tries < 10; tries += 1) {
    const taken = await readItem(table, key, takingsSchema);
    const writes =
      taken === undefined
        ? creation(table, chain, { ...key, type: 'dossier-takings', st: 'taken' }, audit)
        : transition(table, { chain, entity: { key, ...taken }, to: 'taken', audit });
    if ((await writeAll(table, writes)).kind === 'done') return;
  }
  throw new DomainError('changed-meanwhile', '同一台账正被多人同时调取，请稍后重试。');
}
