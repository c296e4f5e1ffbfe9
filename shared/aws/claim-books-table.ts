import * as z from 'zod';
import type { LineRecord } from '../claims/line-record.ts';
import type { ClaimBookStore } from '../payments/reconcile-books.ts';
import { lineFen, readLines } from './line-writes.ts';
import { readTransferItem, transferKey } from './payment-items.ts';
import { query, readMany, readPartition } from './read.ts';
import type { Table } from './table.ts';

const entrySchema = z.object({ fen: z.int(), debit: z.string().optional(), credit: z.string().optional() });

/** Claims as books see them: entries, lines and transfers read from their own partitions, consistently. */
export function createClaimBooks(table: Table): ClaimBookStore {
  const ledgerFen = async (claimId: string): Promise<number> => {
    let sum = 0;
    for await (const item of readPartition(table, `CLAIM#${claimId}`, 'ENTRY#')) {
      const { fen, debit, credit } = entrySchema.parse(item);
      if (credit === 'paid') sum += fen;
      if (debit === 'paid') sum -= fen;
    }
    return sum;
  };

  /** References of transfers that the bank carried out, of those by which the lines were to be paid. */
  const paidReferences = async (lines: readonly LineRecord[]): Promise<Set<string>> => {
    const payments = new Map(
      lines.flatMap(({ payment }) => (payment === undefined ? [] : [[payment.reference, payment]])),
    );
    const keys = [...payments.values()].map(({ batchId, reference }) => transferKey(batchId, reference));
    const transfers = (await readMany(table, keys)).map(readTransferItem);
    return new Set(transfers.filter(({ st }) => st === 'paid').map(({ reference }) => reference));
  };

  return {
    async *movedSince(account, since) {
      const seen = new Set<string>();
      const found = query(table, {
        IndexName: 'tenant',
        KeyConditionExpression: 'tpk = :account AND tsk BETWEEN :since AND :end',
        ExpressionAttributeValues: {
          ':account': `account/${account}`,
          ':since': `entry#${since.toISOString()}`,
          ':end': 'entry#9999',
        },
      });
      for await (const { pk } of found) {
        const claimId = String(pk).slice('CLAIM#'.length);
        if (seen.has(claimId)) continue;
        seen.add(claimId);
        yield claimId;
      }
    },
    async read(claimId) {
      const lines = await readLines(table, claimId);
      const paid = await paidReferences(lines);
      const approvedFen = lines
        .filter(({ payment }) => payment !== undefined && paid.has(payment.reference))
        .reduce((sum, line) => sum + lineFen(line), 0);
      return { claimId, ledgerFen: await ledgerFen(claimId), approvedFen };
    },
  };
}
