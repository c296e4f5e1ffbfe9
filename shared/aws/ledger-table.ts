import * as z from 'zod';
import type { LedgerMovement, LedgerStore } from '../payments/ledger.ts';
import { query, readMany } from './read.ts';
import type { Key, Table } from './table.ts';

const pot = z.enum(['available', 'escrow', 'paid', 'recovered']);
const movementSchema = z.object({
  claimId: z.string(),
  lineNo: z.number(),
  kind: z.string(),
  fen: z.number(),
  at: z.string(),
  debit: pot,
  credit: pot,
});

/** The ledger of special accounts: entries are written with the claims they belong to, and found here by account. */
export function createLedgerTable(table: Table): LedgerStore {
  async function* between(account: string, from: string, to: string): AsyncGenerator<LedgerMovement> {
    const found = query(table, {
      IndexName: 'tenant',
      KeyConditionExpression: 'tpk = :account AND tsk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':account': `account/${account}`, ':from': `entry#${from}`, ':to': `entry#${to}` },
    });
    let keys: Key[] = [];
    const read = async () => (await readMany(table, keys)).map((item) => movementSchema.parse(item));
    for await (const { pk, sk } of found) {
      keys.push({ pk: String(pk), sk: String(sk) });
      if (keys.length < 100) continue;
      yield* await read();
      keys = [];
    }
    yield* await read();
  }

  return {
    async movements(account, from, to) {
      const movements: LedgerMovement[] = [];
      for await (const movement of between(account, from, to)) movements.push(movement);
      return movements.toSorted((a, b) => (a.at < b.at ? -1 : 1));
    },
    each: (account) => between(account, '', '9999'),
  };
}
