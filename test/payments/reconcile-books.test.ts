import { describe, expect, test } from 'vitest';
import { type BookDependencies, reconcileAccount } from '../../shared/payments/reconcile-books.ts';

const now = new Date('2021-04-01T20:20:00Z');

/** Books in which the balance, or a claim, differs in the first so many readings. */
function booksThatDiffer(readings: { balance: number; claim: number }): BookDependencies {
  let balances = 0;
  let claims = 0;
  return {
    funds: {
      balances: async () => {
        balances += 1;
        const off = balances <= readings.balance ? 7 : 0;
        const none = { allotted: 0, escrow: 0, paid: 0, recovered: 0, waiting: 0 };
        return [{ account: 'city', ...none, available: off }];
      },
      allotments: async () => [],
    },
    ledger: { async *each() {} },
    claims: {
      async *movedSince() {
        yield 'C1';
      },
      read: async (claimId) => {
        claims += 1;
        return { claimId, ledgerFen: claims <= readings.claim ? 5 : 0, approvedFen: 0 };
      },
    },
  };
}

describe('a difference that is only a receipt being booked at this moment', () => {
  test.each([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 7],
  ])('of the balance, gone after %i readings', async (balance, difference) => {
    const found = await reconcileAccount(booksThatDiffer({ balance, claim: 0 }), 'city', now);
    expect(found).toEqual({ account: 'city', ledgerMinusBalanceFen: difference, paidOtherwise: [] });
  });

  test.each([
    [2, []],
    [3, [{ claimId: 'C1', differenceFen: 5 }]],
  ])('of a claim, gone after %i readings', async (claim, paidOtherwise) => {
    const found = await reconcileAccount(booksThatDiffer({ balance: 0, claim }), 'city', now);
    expect(found).toEqual({ account: 'city', ledgerMinusBalanceFen: 0, paidOtherwise });
  });
});
