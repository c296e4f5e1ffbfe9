import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import { later, lookAgainAfterMs } from '../claims/due-times.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import type { BatchRoom, PaymentStore } from '../payments/payment-store.ts';
import { type BatchMove, batchMoves, type PaymentBatch } from '../payments/transfer.ts';
import type { AuditEntry } from '../supervision/audit-chain.ts';
import { type Collection, hasRoom, obstacle, payableClaims, takeClaim, writeProblems } from './payment-collection.ts';
import {
  awaitsSettlement,
  type BatchMember,
  batchKey,
  readBatchItem,
  readMemberItem,
  readProblemItem,
  readTransferItem,
} from './payment-items.ts';
import { applyReceipts } from './payment-receipts.ts';
import { settleClaim } from './payment-settlement.ts';
import { collectedByOthers, startMember } from './payment-start.ts';
import { query, queryPage, readItem, readMany, readPartition } from './read.ts';
import type { Item, Table } from './table.ts';
import {
  allOf,
  creation,
  startsIn,
  type Transition,
  transition,
  type WriteItem,
  writeAll,
  writeAllOrThrow,
} from './transition.ts';

/** How often others may be busy with the same batch before a collection gives up. */
const mostTries = 5;

interface BatchChange extends Pick<Transition, 'remove' | 'condition'> {
  audit: AuditEntry & { action: BatchMove };
  set?: Item;
}

/** The two writes of one step of a batch. */
function moveBatch(table: Table, batch: PaymentBatch, to: PaymentBatch['st'], change: BatchChange): WriteItem[] {
  const { id, st, version, auditHead, createdAt } = batch;
  const starts = startsIn(batchMoves[change.audit.action].from);
  return transition(table, {
    ...change,
    chain: id,
    entity: { key: batchKey(id), st, version, auditHead },
    to,
    set: { ...change.set, tsk: `batch#${createdAt}#${id}` },
    condition: change.condition === undefined ? starts : allOf(starts, change.condition),
  });
}

/** Payment batches in the table. */
export function createPaymentTable(
  table: Table,
  personal: PersonalData,
  organisations: Pick<OrganisationStore, 'find'>,
): PaymentStore {
  const findBatch = async (batchId: string): Promise<PaymentBatch | undefined> => {
    const [item] = await readMany(table, [batchKey(batchId)]);
    return item === undefined ? undefined : readBatchItem(item);
  };

  const found = async (batchId: string): Promise<PaymentBatch> => {
    const batch = await findBatch(batchId);
    if (batch === undefined) throw new Error('payment batch vanished');
    return batch;
  };

  const transfersOf = async (batchId: string) => {
    const transfers = [];
    for await (const item of readPartition(table, `BATCH#${batchId}`, 'TRANSFER#'))
      transfers.push(readTransferItem(item));
    return transfers;
  };

  const membersOf = async (batchId: string): Promise<BatchMember[]> => {
    const members: BatchMember[] = [];
    for await (const item of readPartition(table, `BATCH#${batchId}`, 'CLAIM#')) members.push(readMemberItem(item));
    return members;
  };

  const start = async (collection: Collection, claimId: string): Promise<void> => {
    const { batch, by, at } = collection;
    const isLeft = await startMember(collection, claimId);
    // A claim some of which could not be transferred goes back to wait for its cards or its account.
    if (isLeft) await settleClaim(table, batch.id, claimId, { by, at });
  };

  /** Starts what anybody took and left, and gives all that the batch has. */
  const startAll = async (collection: Collection): Promise<BatchMember[]> => {
    const members = await membersOf(collection.batch.id);
    for (const { claimId, started } of members) if (!started) await start(collection, claimId);
    return members;
  };

  /** Takes claims one after the other, each started before the next, until there are none or no room is left. */
  const fill = async (collection: Collection, room: BatchRoom, tried: Set<string>): Promise<void> => {
    const members = await startAll(collection);
    for await (const claim of payableClaims(collection)) {
      if (!room.hasTime() || !hasRoom(members, claim, room)) return;
      if (tried.has(claim.id)) continue;
      tried.add(claim.id);
      const problem = await obstacle(collection, claim);
      if (problem !== undefined) await writeProblems(collection, [problem]);
      else {
        const member = await takeClaim(collection, claim);
        if (member === undefined) continue;
        members.push(member);
        await start(collection, claim.id);
      }
    }
  };

  const takesOf = async (batchId: string): Promise<number> =>
    (await readItem(table, batchKey(batchId), z.object({ takes: z.int() })))?.takes ?? 0;

  /** Closes a batch all of whose claims have started; nothing when a claim was taken since, or somebody closed it. */
  const closeCollected = async ({ batch, by, at }: Collection, takes: number): Promise<PaymentBatch | undefined> => {
    const transfers = await transfersOf(batch.id);
    const totalFen = transfers.reduce((sum, { fen }) => sum + fen, 0);
    const counts = { count: transfers.length, totalFen };
    const writes = moveBatch(table, batch, transfers.length === 0 ? 'settled' : 'ready', {
      audit: { action: 'batch-closed', by, at: at.toISOString(), facts: counts },
      set: counts,
      remove: ['wpk', 'wsk'],
      condition: { expression: 'takes = :takes', values: { ':takes': takes } },
    });
    return (await writeAll(table, writes)).kind === 'done' ? found(batch.id) : undefined;
  };

  const claimsDue = async (batchId: string): Promise<string[]> => {
    const claimIds: string[] = [];
    for await (const { claimId, wpk } of readPartition(table, `BATCH#${batchId}`, 'CLAIM#'))
      if (wpk === awaitsSettlement) claimIds.push(String(claimId));
    return claimIds;
  };

  return {
    findBatch,
    transfersOf,
    async openBatch(order, by, at) {
      const { id, account, payee, payer, applicationId } = order;
      const audit = { action: 'batch-opened', by, at: at.toISOString(), facts: { account, payee, applicationId } };
      const item = {
        ...batchKey(id),
        type: 'payment-batch',
        st: 'collecting',
        id,
        account,
        payee,
        payer,
        applicationId,
        count: 0,
        totalFen: 0,
        takes: 0,
        tpk: `payer/${payer}`,
        tsk: `batch#${audit.at}#${id}`,
        wpk: 'W#payment#collect#0',
        // Until then whoever opened it is at work on it.
        wsk: later(at, lookAgainAfterMs).toISOString(),
      };
      // Refused means that the same request opened it before.
      await writeAll(table, creation(table, id, item, audit));
      return found(id);
    },
    async collect(batch, room, by, at) {
      const tried = new Set<string>();
      for (let tries = 0; tries < mostTries; tries += 1) {
        const now = await found(batch.id);
        if (now.st !== 'collecting') return now;
        const collection = { table, personal, organisations, batch: now, by, at };
        await fill(collection, room, tried);
        // Counted before it is seen that all have started: what anybody takes after this keeps the batch open.
        const takes = await takesOf(batch.id);
        await startAll(collection);
        const closed = await closeCollected(collection, takes);
        if (closed !== undefined) return closed;
      }
      throw collectedByOthers();
    },
    async problemsOf(batchId) {
      const problems = [];
      for await (const item of readPartition(table, `BATCH#${batchId}`, 'PROBLEM#'))
        problems.push(readProblemItem(item));
      return problems;
    },
    async recordExport(batch, fileSha256, by, at) {
      const audit = { action: 'bank-file-exported' as const, by, at: at.toISOString(), facts: { fileSha256 } };
      await writeAllOrThrow(table, moveBatch(table, batch, batch.st, { audit, set: { fileSha256 } }));
      return found(batch.id);
    },
    apply: async (batch, receipts, by, at) => applyReceipts(table, batch, receipts, { by, at }),
    settleClaim: async (batchId, claimId, by: Actor, at) => settleClaim(table, batchId, claimId, { by, at }),
    claimsDue,
    async closeBatch(batch, by, at) {
      const transfers = await transfersOf(batch.id);
      const isFinal = transfers.every(({ st }) => st === 'paid' || st === 'bounced');
      if (batch.st !== 'ready' || !isFinal) return batch;
      const paidFen = transfers.reduce((sum, { st, fen }) => sum + (st === 'paid' ? fen : 0), 0);
      const audit = { action: 'batch-settled' as const, by, at: at.toISOString(), facts: { paidFen } };
      await writeAllOrThrow(table, moveBatch(table, batch, 'settled', { audit }));
      return found(batch.id);
    },
    async unfinished(now) {
      const left: { batchId: string; claimId?: string }[] = [];
      for (const [kind, waiting] of [
        ['collect', 'W#payment#collect#0'],
        ['settle', awaitsSettlement],
      ]) {
        const due = query(table, {
          IndexName: 'worklist',
          KeyConditionExpression: 'wpk = :w AND wsk <= :now',
          ExpressionAttributeValues: { ':w': waiting, ':now': now.toISOString() },
        });
        for await (const { pk, sk } of due) {
          const batchId = String(pk).slice('BATCH#'.length);
          left.push(kind === 'collect' ? { batchId } : { batchId, claimId: String(sk).slice('CLAIM#'.length) });
        }
      }
      return left;
    },
    async listBatches(payer, cursor) {
      const input = {
        IndexName: 'tenant',
        KeyConditionExpression: 'tpk = :payer AND begins_with(tsk, :kind)',
        ExpressionAttributeValues: { ':payer': `payer/${payer}`, ':kind': 'batch#' },
        ScanIndexForward: false,
        Limit: 50,
      };
      const { items, next } = await queryPage(table, input, cursor);
      const keys = items.map((item) => ({ pk: String(item['pk']), sk: String(item['sk']) }));
      const batches = (await readMany(table, keys)).map(readBatchItem);
      const ordered = batches.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
      return next === undefined ? { batches: ordered } : { batches: ordered, next };
    },
  };
}
