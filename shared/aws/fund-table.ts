import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { FundAccount, FundStore } from '../claims/fund-account.ts';
import { actorSchema } from './claim-items.ts';
import { balanceKey } from './entitlement-keys.ts';
import { readItem, readMany, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll } from './transition.ts';

const fen = z.int();

const balanceSchema = z.object({
  pk: z.string(),
  allotted: fen.default(0),
  available: fen.default(0),
  escrow: fen.default(0),
  paid: fen.default(0),
  recovered: fen.default(0),
  waiting: fen.default(0),
});

const allotmentSchema = z.object({
  account: z.string(),
  reference: z.string(),
  fen,
  reason: z.string(),
  by: actorSchema,
  at: z.string(),
  corrects: z.string().exactOptional(),
  correctedFen: fen.min(0).exactOptional(),
});

const bookedSchema = allotmentSchema.extend({ st: z.literal('booked'), version: z.number(), auditHead: z.string() });

/** An allotment's place follows from its reference, so that the same paper cannot be booked twice. */
function allotmentKey(account: string, reference: string): Key {
  const name = createHash('sha256').update(reference).digest('hex').slice(0, 32);
  return { pk: balanceKey(account).pk, sk: `ALLOTMENT#${name}` };
}

/** Special accounts in the table. */
export function createFundTable(table: Table): FundStore {
  return {
    async balances(accounts) {
      const items = await readMany(table, accounts.map(balanceKey));
      const found = new Map(items.map((item) => balanceSchema.parse(item)).map((item) => [item.pk, item]));
      return accounts.map((account): FundAccount => {
        const none = { allotted: 0, available: 0, escrow: 0, paid: 0, recovered: 0, waiting: 0 };
        const { pk: _, ...amounts } = found.get(balanceKey(account).pk) ?? { pk: '', ...none };
        return { account, ...amounts };
      });
    },
    async allot(allotment) {
      const { account, reference, by, at } = allotment;
      const key = allotmentKey(account, reference);
      const facts = { account, reference, fen: allotment.fen };
      const item = { ...key, type: 'allotment', st: 'booked', ...allotment };
      const audit = { action: 'funds-allotted', by, at, reason: allotment.reason, facts };
      const credit: WriteItem = {
        Update: {
          TableName: table.name,
          Key: balanceKey(account),
          UpdateExpression:
            'SET #type = :type, account = :account, allotted = if_not_exists(allotted, :none) + :fen, available = if_not_exists(available, :none) + :fen, escrow = if_not_exists(escrow, :none), paid = if_not_exists(paid, :none), recovered = if_not_exists(recovered, :none), waiting = if_not_exists(waiting, :none)',
          ExpressionAttributeNames: { '#type': 'type' },
          ExpressionAttributeValues: {
            ':type': 'fund-account',
            ':account': account,
            ':fen': allotment.fen,
            ':none': 0,
          },
        },
      };
      const result = await writeAll(table, [...creation(table, balanceKey(account).pk, item, audit), credit]);
      const recorded = await readItem(table, key, allotmentSchema);
      if (recorded === undefined) throw new Error('allotment vanished after it was written');
      return { isNew: result.kind === 'done', recorded };
    },
    allotment: async (account, reference) => readItem(table, allotmentKey(account, reference), allotmentSchema),
    async correct(correction) {
      const { account, reference, corrects, by, at, reason } = correction;
      const key = allotmentKey(account, corrects);
      const booked = await readItem(table, key, bookedSchema);
      if (booked === undefined) return 'moved';
      const { st, version, auditHead, correctedFen = 0 } = booked;
      const facts = { account, reference, corrects, fen: -correction.fen };
      const item = { ...allotmentKey(account, reference), type: 'allotment', st: 'booked', ...correction };
      const { pk: chain } = key;
      const entry = { by, at, reason, facts };
      const result = await writeAll(table, [
        ...creation(table, chain, { ...item, fen: -correction.fen }, { action: 'allotment-corrected', ...entry }),
        ...transition(table, {
          chain,
          entity: { key, st, version, auditHead },
          to: 'booked',
          audit: { action: 'allotment-reduced', ...entry },
          set: { correctedFen: correctedFen + correction.fen },
          condition: {
            expression: 'fen >= :corrected AND attribute_not_exists(corrects)',
            values: { ':corrected': correctedFen + correction.fen },
          },
        }),
        {
          Update: {
            TableName: table.name,
            Key: balanceKey(account),
            UpdateExpression: 'SET allotted = allotted - :fen, available = available - :fen',
            ConditionExpression: 'available >= :fen',
            ExpressionAttributeValues: { ':fen': correction.fen },
          },
        },
      ]);
      if (result.kind === 'done') return 'booked';
      return result.failed.size === 1 && result.failed.has(4) ? 'too-low' : 'moved';
    },
    async allotments(account) {
      const found = [];
      for await (const item of readPartition(table, balanceKey(account).pk, 'ALLOTMENT#'))
        found.push(allotmentSchema.parse(item));
      return found.toSorted((a, b) => (a.at < b.at ? -1 : 1));
    },
  };
}
