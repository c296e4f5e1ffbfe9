import { finance } from '../people.ts';
import type { Json } from '../sample-api.ts';
import { expectSame } from '../step.ts';
import { applicantOf, approverAt, preparerAt } from './cast.ts';
import { submit } from './hand-in-claim.ts';
import { type Carried, storyName } from './route-story.ts';
import { claimIn, openFindings, type Stage } from './stage.ts';

/** Every line is granted, with the amount of the story: by the rules with nothing to refer, or against them. */
function expectAssessed(claim: Json, { story }: Carried): void {
  const overridden = new Set(story.lines.flatMap(({ line, isOverridden }) => (isOverridden ? [line.id] : [])));
  const byTheRules = claim.lines.filter(({ lineId }: Json) => !overridden.has(lineId));
  expectSame(`findings of ${storyName(story)}`, openFindings({ ...claim, lines: byTheRules }), []);
  const came = claim.lines.map(({ lineId, state, decision, amounts }: Json) => [
    lineId,
    state,
    decision?.fen ?? amounts.assessed?.fen,
  ]);
  const said = story.lines.map(({ line, fen }) => [line.id, 'reserved', fen]);
  expectSame(`assessed lines of ${storyName(story)}`, came, said);
}

/** The officer gives the claim back; the applicant puts a roster in with the same line ids, and hands it in again. */
async function returnAndResubmit(stage: Stage, carried: Carried): Promise<void> {
  const { story, claimId } = carried;
  const reasons = [{ path: `lines.${story.lines[0]?.line.id}`, message: '请核对学员出勤课时后重新提交' }];
  const { version } = await claimIn(stage, carried, 'assessed');
  await stage.api.good(preparerAt(story.authority), `POST /claims/${claimId}/return`, { version, reasons });
  const returned = await claimIn(stage, carried, 'returned');
  expectSame('reasons of the return', returned.returnReasons, reasons);
  const roster = { lines: story.lines.map(({ line }) => line) };
  await stage.api.good(applicantOf(story), `PUT /claims/${claimId}/roster`, roster);
  await submit(stage, carried);
  expectAssessed(await claimIn(stage, carried, 'assessed'), carried);
}

/** Assessed line by line, endorsed by one person and approved by another (二(二)). */
export async function review(stage: Stage, carried: Carried): Promise<void> {
  const { story, claimId } = carried;
  expectAssessed(await claimIn(stage, carried, 'assessed'), carried);
  if (story.turn === 'returned') await returnAndResubmit(stage, carried);
  const read = async (state: string) => ({ version: (await claimIn(stage, carried, state)).version });
  await stage.api.good(preparerAt(story.authority), `POST /claims/${claimId}/endorsement`, await read('assessed'));
  await stage.api.good(approverAt(story.authority), `POST /claims/${claimId}/approval`, await read('endorsed'));
  await claimIn(stage, carried, story.turn === 'waits-for-funds' ? 'waiting-for-funds' : 'approved');
}

/** How many claims wait for money, as the balance of the account tells. */
export async function waitingAt({ api }: Stage, account: string): Promise<number> {
  return (await api.good(finance, `GET /funds/${account}`)).waiting;
}
