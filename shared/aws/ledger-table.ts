import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';
import type { LedgerMovement, LedgerStore } from '../payments/ledger.ts';
import { inBatches } from './in-batches.ts';
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

const pageSize = 500;

// Reads of a hundred that are under way side by side.
const atOnce = 8;

const byTime = (a: LedgerMovement, b: LedgerMovement) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** Just behind the movement that a page ended with; a cursor that lies elsewhere never reaches the table. */
function cursorPlace(cursor: string, first: string, end: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (place >= first && place <= end) return `${place}\u0000`;
  throw new DomainError('validation-failed', '翻页参数无效，请从第一页重新开始。', [
    { path: 'query.cursor', message: '翻页参数无效' },
  ]);
}

/** The ledger of special accounts: entries are written with the claims they belong to, and found here by account. */
export function createLedgerTable(table: Table): LedgerStore {
  const inPeriod = (account: string, from: string, to: string) => ({
    IndexName: 'tenant',
    KeyConditionExpression: 'tpk = :account AND tsk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':account': `account/${account}`, ':from': from, ':to': to },
  });

  const read = async (keys: readonly Key[]) =>
    (await readMany(table, keys)).map((item) => movementSchema.parse(item)).toSorted(byTime);

  async function* between(account: string, from: string, to: string): AsyncGenerator<LedgerMovement> {
    let keys: Key[] = [];
    const readAhead = async () => {
      const hundreds = Array.from({ length: Math.ceil(keys.length / 100) }, (_, n) =>
        keys.slice(n * 100, n * 100 + 100),
      );
      return (await inBatches(hundreds, atOnce, read)).flat();
    };
    for await (const { pk, sk } of query(table, inPeriod(account, `entry#${from}`, `entry#${to}`))) {
      keys.push({ pk: String(pk), sk: String(sk) });
      if (keys.length < atOnce * 100) continue;
      yield* await readAhead();
      keys = [];
    }
    yield* await readAhead();
  }

  return {
    async page(account, from, to, cursor) {
      const [first, end] = [`entry#${from}`, `entry#${to}`];
      const after = cursor === undefined ? first : cursorPlace(cursor, first, end);
      const keys: (Key & { place: string })[] = [];
      for await (const { pk, sk, tsk } of query(table, { ...inPeriod(account, after, end), Limit: pageSize + 1 })) {
        keys.push({ pk: String(pk), sk: String(sk), place: String(tsk) });
        if (keys.length > pageSize) break;
      }
      const shown = keys.slice(0, pageSize);
      const movements = await read(shown.map(({ pk, sk }) => ({ pk, sk })));
      const last = shown.at(-1);
      if (keys.length <= pageSize || last === undefined) return { movements };
      return { movements, next: Buffer.from(last.place).toString('base64url') };
    },
    async movements(account, from, to) {
      const movements: LedgerMovement[] = [];
      for await (const movement of between(account, from, to)) movements.push(movement);
      return movements.toSorted(byTime);
    },
    each: (account) => between(account, '', '9999'),
  };
}
