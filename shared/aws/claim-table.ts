import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { ClaimStep, ClaimStore } from '../claims/claim-store.ts';
import { worklistPartition } from '../worklist/worklist-kinds.ts';
import { claimIndexKeys, readClaimItem } from './claim-items.ts';
import { type ClaimChange, moveClaim } from './claim-writes.ts';
import { claimKey } from './entitlement-keys.ts';
import { badCursor, query, readItem, readMany } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, transition, writeAll, writeAllOrThrow } from './transition.ts';

const pageSize = 50;

/** What of a step goes into the table, for stores that write a claim's move together with items of their own. */
export function claimChange(step: ClaimStep): ClaimChange {
  const { by, at, reason, facts, set, unset, attentionAt, dueAt, reviewCount } = step;
  return {
    audit: {
      by,
      at: at.toISOString(),
      ...(reason === undefined ? {} : { reason }),
      ...(facts === undefined ? {} : { facts }),
    },
    ...(set === undefined ? {} : { set }),
    ...(unset === undefined ? {} : { remove: unset }),
    ...(attentionAt === undefined ? {} : { attentionAt: attentionAt.toISOString() }),
    ...(dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
    ...(reviewCount === undefined
      ? {}
      : { condition: { expression: 'reviewCount = :reviewed', values: { ':reviewed': reviewCount } } }),
  };
}

/** Reads a claim as it is now; undefined when there is none. */
export async function readClaim(table: Table, claimId: string): Promise<ClaimRecord | undefined> {
  const item = await readItem(table, claimKey(claimId), z.record(z.string(), z.unknown()));
  return item === undefined ? undefined : readClaimItem(item);
}

// A cursor is the sort key it stands at; whatever else a client sends is refused before it reaches the table.
function encodeCursor(sortKey: string): string {
  return Buffer.from(sortKey).toString('base64url');
}

function decodeCursor(cursor: string, prefix: string): { sortKey: string; claimId: string } {
  const sortKey = Buffer.from(cursor, 'base64url').toString();
  const claimId = /#([0-9A-Z]{26})$/.exec(sortKey)?.[1];
  if (claimId === undefined || !sortKey.startsWith(prefix)) throw badCursor();
  return { sortKey, claimId };
}

interface Listing {
  index: 'tenant' | 'desk';
  keys: { partition: 'tpk' | 'dpk'; sort: 'tsk' | 'dsk' };
  owner: string;
  prefix: string;
  newestFirst: boolean;
}

/** Claims in the table, one META item each. */
/**
 * Where a claim goes on waiting once its lines have given back what they held: a returned one for its applicant
 * (退回补正), a refused one for the locks of its evidence, a withdrawn one nowhere.
 */
function placeAfterLineWork({ st }: ClaimRecord): string | undefined {
  if (st === 'returned') return worklistPartition({ kind: 'claim', state: 'correcting' });
  return st === 'refused' ? worklistPartition({ kind: 'claim', state: 'refused' }) : undefined;
}

export function createClaimTable(table: Table): ClaimStore {
  const find = async (claimId: string) => readClaim(table, claimId);

  const found = async (claimId: string): Promise<ClaimRecord> => {
    const claim = await find(claimId);
    if (claim === undefined) throw new Error('claim vanished after it was written');
    return claim;
  };

  const list = async (listing: Listing, cursor: string | undefined) => {
    const { index, keys, owner, prefix, newestFirst } = listing;
    const start = cursor === undefined ? undefined : decodeCursor(cursor, prefix);
    const places: { key: Key; sortKey: string }[] = [];
    const input = {
      IndexName: index,
      KeyConditionExpression: `${keys.partition} = :owner AND begins_with(${keys.sort}, :prefix)`,
      ExpressionAttributeValues: { ':owner': owner, ':prefix': prefix },
      ScanIndexForward: !newestFirst,
      Limit: pageSize + 1,
      ...(start === undefined
        ? {}
        : {
            ExclusiveStartKey: {
              ...claimKey(start.claimId),
              [keys.partition]: owner,
              [keys.sort]: start.sortKey,
            },
          }),
    };
    for await (const item of query(table, input)) {
      places.push({ key: { pk: String(item['pk']), sk: String(item['sk']) }, sortKey: String(item[keys.sort]) });
      if (places.length > pageSize) break;
    }
    const shown = places.slice(0, pageSize);
    const items = await readMany(
      table,
      shown.map(({ key }) => key),
    );
    const byKey = new Map(items.map((item) => [item['pk'], item]));
    const claims = shown.flatMap(({ key }) => {
      const item: Item | undefined = byKey.get(key.pk);
      return item === undefined ? [] : [readClaimItem(item)];
    });
    const last = shown.at(-1);
    return places.length > pageSize && last !== undefined ? { claims, next: encodeCursor(last.sortKey) } : { claims };
  };

  return {
    find,
    async create(claim, by, at) {
      const existing = await find(claim.id);
      if (existing !== undefined) return existing;
      const createdAt = at.toISOString();
      const item = {
        ...claimIndexKeys({ ...claim, createdAt }),
        type: 'claim',
        st: 'draft',
        ...claim,
        createdBy: by,
        lineCount: 0,
        nextLineNo: 1,
        round: 1,
        submissions: [],
        openObjections: 0,
        reservedLines: 0,
        referredLines: 0,
        refusedLines: 0,
        reservedFen: 0,
        reviewCount: 0,
        escrowed: false,
      };
      const { programme, route, classId } = claim;
      const audit = { action: 'claim-opened', by, at: createdAt, facts: { programme, route, classId } };
      // A refusal means that the same request was here a moment ago; its record is the answer.
      await writeAll(table, creation(table, claim.id, item, audit));
      return found(claim.id);
    },
    async listOfApplicant(tenant, cursor) {
      const keys = { partition: 'tpk', sort: 'tsk' } as const;
      return list({ index: 'tenant', keys, owner: tenant, prefix: 'claim#', newestFirst: true }, cursor);
    },
    async listOfAuthority(authority, state, cursor) {
      const keys = { partition: 'dpk', sort: 'dsk' } as const;
      const prefix = state === undefined ? 'claim#' : `claim#${state}#`;
      return list({ index: 'desk', keys, owner: authority, prefix, newestFirst: false }, cursor);
    },
    async move(claim, move, step) {
      await writeAllOrThrow(table, moveClaim(table, claim, move, claimChange(step)));
      return found(claim.id);
    },
    async useRoster(claim, rosterId, roster, by, at) {
      const facts = { rosterId, lines: roster.lines.length, retired: roster.retired.length };
      const writes = transition(table, {
        chain: claim.id,
        entity: { key: claimKey(claim.id), st: claim.st, version: claim.version, auditHead: claim.auditHead },
        to: claim.st,
        audit: { action: 'roster-replaced', by, at: at.toISOString(), facts },
        set: { rosterId, lineCount: roster.lines.length, nextLineNo: roster.nextLineNo },
      });
      await writeAllOrThrow(table, writes);
      return found(claim.id);
    },
    async finishLineWork(claim) {
      const place = placeAfterLineWork(claim);
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: claimKey(claim.id),
            UpdateExpression:
              place === undefined ? 'REMOVE lineWork, wpk, wsk' : 'SET wpk = :w, wsk = :since REMOVE lineWork',
            ConditionExpression: 'st = :st AND version = :v',
            ExpressionAttributeValues: {
              ':st': claim.st,
              ':v': claim.version,
              ...(place === undefined ? {} : { ':w': place, ':since': claim.updatedAt }),
            },
          }),
        );
      } catch (error) {
        // The claim has moved on: whoever moved it has said what it waits for now.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
