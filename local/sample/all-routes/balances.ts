import { finance } from '../people.ts';
import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { type Carried, storyName } from './route-story.ts';
import { readClaim, type Stage } from './stage.ts';

/** A special account (专账) at the end of the journey, fen. */
export interface Balance {
  account: string;
  allotted: number;
  available: number;
  escrow: number;
  paid: number;
  recovered: number;
}

/** Every line is where its story says, paid to the fen. */
export async function expectEndings(stage: Stage, claims: readonly Carried[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const carried of claims) {
    const claim = await readClaim(stage, carried);
    const came = claim.lines.map(({ lineId, state, amounts }: Json) => [lineId, state, amounts.paid?.fen ?? 0]);
    const said = carried.story.lines.map(({ line, ends, fen }) => [line.id, ends, ends === 'released' ? 0 : fen]);
    expectSame(`lines of ${storyName(carried.story)}`, came, said);
    expectSame(`state of ${storyName(carried.story)}`, claim.state, 'paid');
    for (const { ends } of carried.story.lines) counts[ends] = (counts[ends] ?? 0) + 1;
  }
  return counts;
}

function sumOf(claims: readonly Carried[], account: string, ends: readonly string[]): number {
  return claims
    .filter(({ story }) => story.account === account)
    .flatMap(({ story }) => story.lines)
    .reduce((sum, line) => (ends.includes(line.ends) ? sum + line.fen : sum), 0);
}

/**
 * The balance of every account. Holds each against the stories, its own equation, and the ledger's entries.
 * @throws StepFailure at the first fen that differs
 */
export async function expectBalances(
  { api }: Stage,
  claims: readonly Carried[],
  allotted: Readonly<Record<string, number>>,
): Promise<Balance[]> {
  const accounts: Balance[] = (await api.good(finance, 'GET /funds')).accounts;
  const missing = Object.keys(allotted).filter((name) => !accounts.some(({ account }) => account === name));
  if (missing.length > 0) throw new StepFailure(`no balance of ${missing.join(', ')}`);
  const balances = accounts.map(({ account, allotted: put, available, escrow, paid, recovered }) => {
    return { account, allotted: put, available, escrow, paid, recovered };
  });
  for (const balance of balances) {
    const { account } = balance;
    const { available, escrow, paid, recovered } = balance;
    expectSame(
      `allotted = available + escrow + paid − recovered of ${account}`,
      available + escrow + paid - recovered,
      balance.allotted,
    );
    const saidPaid = sumOf(claims, account, ['paid', 'recovered']);
    const saidBack = sumOf(claims, account, ['recovered']);
    const put = allotted[account] ?? 0;
    const said = { account, allotted: put, available: put - saidPaid + saidBack };
    expectSame(`balance of ${account}`, balance, { ...said, escrow: 0, paid: saidPaid, recovered: saidBack });
    const ledger = await api.good(finance, `GET /funds/${account}/ledger?from=2021-01-01&to=2021-12-31`);
    expectSame(`whether the ledger of ${account} balances`, ledger.balances, true);
  }
  return balances;
}
