import { finance } from '../people.ts';
import type { Json } from '../sample-api.ts';
import { expectSame } from '../step.ts';
import type { Carried } from './route-story.ts';
import type { Stage } from './stage.ts';

/** After the approvals each account shows its allotments, and what of them its claims have taken (专账, 三(三)). */
export async function expectCommitted(
  { api }: Stage,
  claims: readonly Carried[],
  allotted: Readonly<Record<string, number>>,
): Promise<void> {
  for (const [account, put] of Object.entries(allotted)) {
    const committed = claims
      .filter(({ story }) => story.account === account)
      .flatMap(({ story }) => story.lines)
      .reduce((sum, { fen }) => sum + fen, 0);
    const shown = await api.good(finance, `GET /funds/${account}`);
    const { available, escrow, paid, recovered, waiting } = shown;
    expectSame(
      `balance of ${account} after the approvals`,
      { allotted: shown.allotted, available, escrow, paid, recovered, waiting },
      { allotted: put, available: put - committed, escrow: committed, paid: 0, recovered: 0, waiting: 0 },
    );
    expectSame(
      `allotments of ${account}`,
      shown.allotments.map(({ fen }: Json) => fen),
      [put],
    );
  }
}
