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
 * A line is refused after a look at its papers; when they turn out to be right, the refusal is overridden with a reason
 * and a day until which that may be approved (二(二)). Without such a day there is no override.
 */
export async function overrideRefusal(stage: Stage, carried: Carried): Promise<void> {
  const { story, claimId } = carried;
  const [first] = story.lines;
  if (first === undefined) throw new StepFailure(`${storyName(story)} has no line`);
  const officer = preparerAt(story.authority);
  const decision = `POST /claims/${claimId}/lines/${first.line.id}/decision`;
  const refused = await stage.api.good(officer, decision, {
    decision: 'refuse',
    reason: '签到表上的签名与本人不符，暂不予补贴',
  });
  expectSame('refused line', [refused.state, refused.assessedFen], ['refused', first.fen]);
  const accept = { decision: 'accept', reason: '经核对原件，签名系本人所签' };
  await stage.api.refused(officer, decision, 'validation-failed', accept);
  const expiresOn = '2021-03-31';
  const accepted = await stage.api.good(officer, decision, { ...accept, expiresOn });
  expectSame('overridden line', [accepted.state, accepted.assessedFen], ['reserved', first.fen]);
  const line = (await readClaim(stage, carried)).lines.find(({ lineId }: Json) => lineId === first.line.id);
  expectSame(
    'the override on record',
    [line.decision.decision, line.decision.reason, line.decision.expiresOn],
    ['accept', accept.reason, expiresOn],
  );
}
