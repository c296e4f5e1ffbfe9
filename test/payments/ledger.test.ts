import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LedgerMovement, type Pots, potsAfter, statement } from '../../shared/payments/ledger.ts';

const steps: Record<string, Pick<LedgerMovement, 'debit' | 'credit'>> = {
  escrowed: { debit: 'available', credit: 'escrow' },
  released: { debit: 'escrow', credit: 'available' },
  paid: { debit: 'escrow', credit: 'paid' },
  reversed: { debit: 'paid', credit: 'escrow' },
  recovered: { debit: 'recovered', credit: 'available' },
};
const movement = fc
  .record({ kind: fc.constantFrom(...Object.keys(steps)), fen: fc.nat(1_000_000) })
  .map(({ kind, fen }) => ({ claimId: 'C', lineNo: 1, kind, fen, at: '', ...steps[kind] }) as LedgerMovement);

test('whatever moves, available + escrow + paid − recovered stays what was allotted', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.array(movement), (allotted, movements) => {
      const { available, escrow, paid, recovered } = potsAfter(allotted, movements);
      expect(available + escrow + paid - recovered).toBe(allotted);
    }),
    { seed: 58 },
  );
});

test('a statement balances to the fen, and a single fen off shows in any pot', () => {
  const movements = [
    { claimId: 'C', lineNo: 1, kind: 'escrowed', fen: 300, at: '', debit: 'available', credit: 'escrow' },
  ] as const;
  const held: Pots = { available: 700, escrow: 300, paid: 0, recovered: 0 };
  expect(statement('lucheng', 1000, movements, held).balances).toBe(true);
  for (const pot of Object.keys(held) as (keyof Pots)[]) {
    expect(statement('lucheng', 1000, movements, { ...held, [pot]: held[pot] + 1 }).balances).toBe(false);
  }
  expect(statement('lucheng', 1001, movements, held).balances).toBe(false);
});
