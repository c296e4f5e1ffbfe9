import type { Actor } from '../access/actor.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import { balanceKey, escrowKey } from './entitlement-keys.ts';
import { putEntry } from './line-writes.ts';
import type { Table } from './table.ts';
import type { WriteItem } from './transition.ts';

interface Escrow {
  fen: number;
  by: Actor;
  /** ISO instant */
  at: string;
}

/** Builds the writes by which a claim's money is set aside, or its place in the queue kept. */
export interface BudgetEscrow {
  /**
   * Sets money aside; fails when the account holds less. The first write is the account's, whose condition says so.
   * A claim that did not wait fails also while others do: nobody is overtaken.
   */
  setAside(claim: ClaimRecord, escrow: Escrow, hasWaited: boolean): WriteItem[];
  /** Takes a place among those who wait for the account. */
  enqueue(claim: ClaimRecord): WriteItem[];
  /** Gives the place up without money. */
  dequeue(claim: ClaimRecord): WriteItem[];
}

/** One balance item per account (`FUND#<account>#0`), one escrow item per claim. */
export function createFundEscrow(table: Table): BudgetEscrow {
  const balance = (
    account: string,
    expression: string,
    condition: string | undefined,
    values: Record<string, unknown>,
  ): WriteItem => ({
    Update: {
      TableName: table.name,
      Key: balanceKey(account),
      UpdateExpression: expression,
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
      ExpressionAttributeValues: values,
    },
  });

  return {
    setAside(claim, { fen, by, at }, hasWaited) {
      const account = claim.fundAccount;
      const queue = hasWaited ? ', waiting = waiting - :one' : '';
      const turn = hasWaited ? 'waiting >= :one' : '(attribute_not_exists(waiting) OR waiting = :none)';
      return [
        balance(
          account,
          `SET available = available - :fen, escrow = escrow + :fen${queue}`,
          `available >= :fen AND ${turn}`,
          { ':fen': fen, ...(hasWaited ? { ':one': 1 } : { ':none': 0 }) },
        ),
        {
          Put: {
            TableName: table.name,
            Item: { ...escrowKey(claim.id), type: 'escrow', claimId: claim.id, account, fen, openFen: fen, at },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        putEntry(table, {
          claimId: claim.id,
          lineNo: 0,
          kind: 'escrowed',
          sequence: claim.version + 1,
          fen,
          at,
          by,
          movement: { account, debit: 'available', credit: 'escrow' },
        }),
      ];
    },
    enqueue(claim) {
      const fresh = ['allotted', 'available', 'escrow', 'paid', 'recovered'];
      const start = fresh.map((name) => `${name} = if_not_exists(${name}, :none)`).join(', ');
      return [
        balance(
          claim.fundAccount,
          `SET #type = :type, account = :account, ${start}, waiting = if_not_exists(waiting, :none) + :one`,
          undefined,
          { ':type': 'fund-account', ':account': claim.fundAccount, ':none': 0, ':one': 1 },
        ),
      ].map(withTypeName);
    },
    dequeue(claim) {
      return [balance(claim.fundAccount, 'SET waiting = waiting - :one', 'waiting >= :one', { ':one': 1 })];
    },
  };
}

// `type` is a word of the table's own language.
function withTypeName(write: WriteItem): WriteItem {
  return write.Update === undefined
    ? write
    : { Update: { ...write.Update, ExpressionAttributeNames: { '#type': 'type' } } };
}
