import { describe, expect, test } from 'vitest';
import { businessDate } from '../../shared/clock/clock.ts';
import { paidFacts, statisticsOf } from '../../shared/supervision/statistics.ts';

describe('statistics at the edge of the year in Shanghai', () => {
  const moved = (kind: string, at: string, fen: number) => ({ claimId: 'C', lineNo: 1, kind, fen, at });
  const rowsOf = async (...movements: ReturnType<typeof moved>[]) => {
    const claims = { claim: async () => ({ programme: 'project' as const }), paidHeads: async () => 2 };
    return statisticsOf(await paidFacts('lucheng', movements, claims, businessDate));
  };
  const row = (month: string, heads: number, fen: number) => ({
    month,
    account: 'lucheng',
    programme: 'project',
    heads,
    fen,
    recoveredFen: 0,
  });

  test.each([
    ['2021-12-31T15:59:59.999Z', '2021-12'],
    ['2021-12-31T16:00:00.000Z', '2022-01'],
    ['2021-12-31T16:00:00.001Z', '2022-01'],
  ])('what was paid at %s is of %s', async (at, month) => {
    expect(await rowsOf(moved('paid', at, 100))).toEqual([row(month, 1, 100)]);
  });

  test('money that arrived in the old year and came back in the new is taken off the new', async () => {
    expect(
      await rowsOf(
        moved('paid', '2021-12-31T15:59:59.999Z', 100),
        moved('payment-reversed', '2021-12-31T16:00:00.000Z', 100),
      ),
    ).toEqual([row('2021-12', 1, 100), row('2022-01', -1, -100)]);
  });
});
