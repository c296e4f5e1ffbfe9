import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { preparerAt } from './cast.ts';
import { type Carried, storyName } from './route-story.ts';
import { claimIn, readClaim, type Stage } from './stage.ts';

/** What was assessed lies on the desk of its authority, what is due first on top, and on nobody else's (二(二)). */
export async function expectWorkLists(stage: Stage, claims: readonly Carried[]): Promise<void> {
  for (const carried of claims) await claimIn(stage, carried, 'assessed');
  for (const [authority, own] of Map.groupBy(claims, ({ story }) => story.authority)) {
    const reply = await stage.api.good(preparerAt(authority), 'GET /desk/claims?state=assessed');
    const listed: Json[] = reply.claims;
    const inOrder = (ids: readonly string[]) => ids.toSorted((a, b) => (a < b ? -1 : 1));
    expectSame(
      `claims on the desk of ${authority}`,
      inOrder(listed.map(({ id }) => id)),
      inOrder(own.map(({ claimId }) => claimId)),
    );
    const due = listed.map(({ dueAt }) => String(dueAt));
    expectSame(`order of the desk of ${authority}`, due, inOrder(due));
  }
}

/**
 * A line that the rules refuse by an outdated entry of the shared records is granted against them, with the proof in the
 * reason and a day until which that may be approved (二(二)). Without such a day there is no override.
 */
export async function overrideRefusal(stage: Stage, carried: Carried): Promise<void> {
  const { story, claimId } = carried;
  const wronged = story.lines.find(({ isOverridden }) => isOverridden);
  if (wronged === undefined) throw new StepFailure(`${storyName(story)} has no line that the rules refuse`);
  const { line, fen } = wronged;
  const lineNow = async () => (await readClaim(stage, carried)).lines.find(({ lineId }: Json) => lineId === line.id);
  expectSame('line that the rules refuse', (await lineNow()).state, 'refused');
  const officer = preparerAt(story.authority);
  const decision = `POST /claims/${claimId}/lines/${line.id}/decision`;
  const accept = { decision: 'accept', reason: '社保登记滞后，经核对劳动合同和工资单，确系本单位职工' };
  await stage.api.refused(officer, decision, 'validation-failed', accept);
  const expiresOn = '2021-03-31';
  const accepted = await stage.api.good(officer, decision, { ...accept, expiresOn });
  expectSame('overridden line', [accepted.state, accepted.decidedFen], ['reserved', fen]);
  const kept = (await lineNow()).decision;
  expectSame(
    'the override on record',
    [kept.decision, kept.reason, kept.expiresOn],
    ['accept', accept.reason, expiresOn],
  );
}
