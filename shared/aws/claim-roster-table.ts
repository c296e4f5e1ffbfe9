import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { RosterStore } from '../claims/roster-store.ts';
import type { RosterEntry } from '../claims/sealed-line.ts';
import { lineItemSchema } from './claim-items.ts';
import { inBatches } from './in-batches.ts';
import { query, readPartition } from './read.ts';
import type { Table } from './table.ts';

// The limits of a roster line keep 25 of them, each text at its longest, below the 400 KB of an item.
const linesPerItem = 25;
const itemsPerPage = 4;
// An id and a number take some 50 bytes.
const retiredPerItem = 2000;

const chunkSchema = z.object({
  entries: z.array(
    lineItemSchema
      .pick({
        lineNo: true,
        lineId: true,
        name: true,
        personHash: true,
        idMasked: true,
        cardMasked: true,
        declared: true,
        sealed: true,
      })
      .extend({ claimedFen: z.int().exactOptional() }),
  ),
});
const retiredSchema = z.object({ retired: z.array(z.tuple([z.string(), z.int()])) });

const four = (n: number) => String(n).padStart(4, '0');
const eight = (n: number) => String(n).padStart(8, '0');

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** Rosters in the table: lines in chunks, under an id that begins with the version of the claim they were staged for. */
export function createClaimRosterTable(table: Table, personal: PersonalData): RosterStore {
  const partition = (claim: ClaimRecord) => `CLAIM#${claim.id}`;

  const read = async (claim: ClaimRecord): Promise<RosterEntry[]> => {
    const entries: RosterEntry[] = [];
    if (claim.rosterId === undefined) return entries;
    for await (const item of readPartition(table, partition(claim), `ROSTER#${claim.rosterId}#L`)) {
      entries.push(...chunkSchema.parse(item).entries);
    }
    return entries;
  };

  return {
    entries: read,
    async numbers(claim) {
      const numbers = new Map((await read(claim)).map(({ lineId, lineNo }) => [lineId, lineNo]));
      if (claim.rosterId === undefined) return numbers;
      for await (const item of readPartition(table, partition(claim), `ROSTER#${claim.rosterId}#R`)) {
        for (const [lineId, lineNo] of retiredSchema.parse(item).retired) numbers.set(lineId, lineNo);
      }
      return numbers;
    },
    async stage(claim, entries, retired) {
      // Sealing makes every staging different, so of two rival rosters neither overwrites the other's pieces.
      const fingerprint = await personal.hash(JSON.stringify(entries.map(({ sealed }) => sealed)));
      const rosterId = `${eight(claim.version)}-${fingerprint.slice(0, 24)}`;
      const items = [
        ...chunksOf(entries, linesPerItem).map((chunk, at) => ({ sk: `L${four(at)}`, entries: chunk })),
        ...chunksOf(retired, retiredPerItem).map((chunk, at) => ({ sk: `R${four(at)}`, retired: chunk })),
      ];
      await inBatches(items, 8, async ({ sk, ...content }) => {
        const Item = { pk: partition(claim), sk: `ROSTER#${rosterId}#${sk}`, type: 'roster', ...content };
        await table.client.send(new PutCommand({ TableName: table.name, Item }));
      });
      return rosterId;
    },
    async discardStale(claim) {
      const kept = new Set([claim.rosterId, ...claim.submissions.map(({ rosterId }) => rosterId)]);
      const stale: string[] = [];
      const input = {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :roster)',
        ExpressionAttributeValues: { ':pk': partition(claim), ':roster': 'ROSTER#' },
        ProjectionExpression: 'sk',
        ConsistentRead: true,
      };
      for await (const item of query(table, input)) {
        const sk = String(item['sk']);
        const rosterId = sk.split('#')[1] ?? '';
        // Whoever stages for this version or a later one may still put it in force.
        if (!kept.has(rosterId) && Number(rosterId.slice(0, 8)) < claim.version) stale.push(sk);
      }
      await inBatches(stale, 8, async (sk) => {
        await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk: partition(claim), sk } }));
      });
    },
    async page(claim, from) {
      if (claim.rosterId === undefined) return { entries: [] };
      const first = Math.floor(from / linesPerItem);
      const prefix = `ROSTER#${claim.rosterId}#L`;
      const entries: RosterEntry[] = [];
      const input = {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':pk': partition(claim),
          ':first': `${prefix}${four(first)}`,
          ':last': `${prefix}${four(first + itemsPerPage - 1)}`,
        },
        ConsistentRead: true,
      };
      for await (const item of query(table, input)) entries.push(...chunkSchema.parse(item).entries);
      const next = (first + itemsPerPage) * linesPerItem;
      return next < claim.lineCount ? { entries, next } : { entries };
    },
  };
}
