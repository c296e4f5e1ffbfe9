import type { PersonalData } from '../access/personal-data.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import type { PaymentStore } from '../payments/payment-store.ts';
import { type BatchMove, batchMoves, type PaymentBatch } from '../payments/transfer.ts';
import type { Actor, AuditEntry } from '../supervision/audit-chain.ts';
import { obstacle, payableClaims, startLines, takeClaim, writeProblems } from './payment-collection.ts';
import { awaitsSettlement, batchKey, readBatchItem, readProblemItem, readTransferItem } from './payment-items.ts';
import { applyReceipts } from './payment-receipts.ts';
import { settleClaim } from './payment-settlement.ts';
import { query, queryPage, readMany, readPartition } from './read.ts';
import type { Item, Table } from './table.ts';
import { creation, startsIn, transition, writeAll, writeAllOrThrow } from './transition.ts';

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

  const move = async (
    batch: PaymentBatch,
    to: PaymentBatch['st'],
    audit: AuditEntry & { action: BatchMove },
    set: Item,
    remove: string[] = [],
  ) => {
    const condition = startsIn(batchMoves[audit.action].from);
    const entity = { key: batchKey(batch.id), st: batch.st, version: batch.version, auditHead: batch.auditHead };
    const index = { tsk: `batch#${batch.createdAt}#${batch.id}` };
    await writeAllOrThrow(
      table,
      transition(table, { chain: batch.id, entity, to, audit, set: { ...set, ...index }, remove, condition }),
    );
    return found(batch.id);
  };

  const transfersOf = async (batchId: string) => {
    const transfers = [];
    for await (const item of readPartition(table, `BATCH#${batchId}`, 'TRANSFER#'))
      transfers.push(readTransferItem(item));
    return transfers;
  };

  const claimsOf = async (batchId: string, isWanted: (item: Item) => boolean): Promise<string[]> => {
    const claimIds: string[] = [];
    for await (const item of readPartition(table, `BATCH#${batchId}`, 'CLAIM#')) {
      if (isWanted(item)) claimIds.push(String(item['claimId']));
    }
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
        tpk: `payer/${payer}`,
        tsk: `batch#${audit.at}#${id}`,
        wpk: 'W#payment#collect#0',
        wsk: audit.at,
      };
      // Refused means that the same request opened it before.
      await writeAll(table, creation(table, id, item, audit));
      return found(id);
    },
    async collect(batch, mostTransfers, by, at) {
      if (batch.st !== 'collecting') return batch;
      const collection = { table, personal, organisations, batch, by, at };
      // What an earlier try took comes first: its claims are `paying` already.
      for (const claimId of await claimsOf(batch.id, () => true)) await startLines(collection, claimId);
      let count = (await transfersOf(batch.id)).length;
      for await (const claim of payableClaims(collection)) {
        if (count >= mostTransfers) break;
        const problem = await obstacle(collection, claim);
        if (problem !== undefined) await writeProblems(collection, [problem]);
        else if (await takeClaim(collection, claim)) {
          await startLines(collection, claim.id);
          count += claim.payee === 'trainee' ? (claim.approvedLines ?? 1) : 1;
        }
      }
      const transfers = await transfersOf(batch.id);
      const totalFen = transfers.reduce((sum, { fen }) => sum + fen, 0);
      const facts = { count: transfers.length, totalFen };
      const audit = { action: 'batch-closed' as const, by, at: at.toISOString(), facts };
      // A claim none of whose lines could be transferred goes back to wait for its card numbers.
      for (const claimId of await claimsOf(batch.id, () => true))
        await settleClaim(table, batch.id, claimId, { by, at });
      const to = transfers.length === 0 ? 'settled' : 'ready';
      return move(batch, to, audit, { count: transfers.length, totalFen }, ['wpk', 'wsk']);
    },
    async problemsOf(batchId) {
      const problems = [];
      for await (const item of readPartition(table, `BATCH#${batchId}`, 'PROBLEM#'))
        problems.push(readProblemItem(item));
      return problems;
    },
    async recordExport(batch, fileSha256, by, at) {
      const audit = { action: 'bank-file-exported' as const, by, at: at.toISOString(), facts: { fileSha256 } };
      return move(batch, batch.st, audit, { fileSha256 });
    },
    apply: async (batch, receipts, by, at) => applyReceipts(table, batch, receipts, { by, at }),
    settleClaim: async (batchId, claimId, by: Actor, at) => settleClaim(table, batchId, claimId, { by, at }),
    claimsDue: async (batchId) => claimsOf(batchId, (item) => item['wpk'] === awaitsSettlement),
    async closeBatch(batch, by, at) {
      const transfers = await transfersOf(batch.id);
      const isFinal = transfers.every(({ st }) => st === 'paid' || st === 'bounced');
      if (batch.st !== 'ready' || !isFinal) return batch;
      const paidFen = transfers.reduce((sum, { st, fen }) => sum + (st === 'paid' ? fen : 0), 0);
      return move(batch, 'settled', { action: 'batch-settled', by, at: at.toISOString(), facts: { paidFen } }, {});
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
