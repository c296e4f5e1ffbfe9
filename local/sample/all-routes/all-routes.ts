import type { SampleCloud } from '../cloud.ts';
import { expectSame, StepFailure, type Steps } from '../step.ts';
import { shanghai } from '../waiting.ts';
import { type Balance, expectBalances, expectEndings } from './balances.ts';
import { expectCommitted } from './commitments.ts';
import { redriveDeadLetter } from './dead-letters.ts';
import { expectWorkLists, overrideRefusal } from './desk-steps.ts';
import { fileClass } from './file-classes.ts';
import { fileDistantClass, preCheck } from './filing-turns.ts';
import { furtherStories } from './further-stories.ts';
import { handInEvidence, openClaim, submit } from './hand-in-claim.ts';
import { expectInspected, inspectClasses } from './inspect-classes.ts';
import { issueCertificates, setLetters } from './issue-certificates.ts';
import { changeCatalogue, copyClass, expectRetained } from './lasting-records.ts';
import { correct, expectCorrected, setUpNotices } from './notice-turns.ts';
import { decide, object } from './objections.ts';
import { payAgain, payFromAccount, payThroughDepartment, payUnitAgain } from './pay-claims.ts';
import { projectStories } from './project-stories.ts';
import { qualificationStories } from './qualification-stories.ts';
import { expectDossier, expectStatistics, expectYearlyReturn, publishShortageList } from './read-records.ts';
import { expectBlocked, recoverLines } from './recover-line.ts';
import { allot, firstAllotments, lateAllotment, register } from './register.ts';
import { review, waitingAt } from './review-claim.ts';
import { type Carried, type RouteStory, storyName, type Turn } from './route-story.ts';
import { claimIn, openStage, readClaim, type Stage } from './stage.ts';

/** What the journey tells at its end; money in fen. */
export interface AllRoutesSummary {
  claims: {
    route: string;
    claimId: string;
    account: string;
    turn?: string;
    lines: { id: string; fen: number; ends: string }[];
  }[];
  /** Lines by where they ended. */
  endings: Record<string, number>;
  balances: Balance[];
}

const stories = [...qualificationStories, ...projectStories, ...furtherStories];

/**
 * One claim by each of the thirteen routes (一), from filing to paid, with what can befall a claim on the way: a refused
 * filing, a dead letter, a return, an override, a wait for funds, a correction, an upheld and a dismissed objection, a
 * bounce, an unknown answer, a department's two-step payment, a recovery. It ends with the balance of every account; the
 * first line or fen that differs from the stories fails it.
 */
export async function runAllRoutes(cloud: SampleCloud, steps: Steps): Promise<AllRoutesSummary> {
  const stage = openStage(cloud);
  await cloud.clock.advance({ to: shanghai('2021-03-09T09:00') });
  await steps.run('bureau: applicants registered, shared records imported, accounts allotted', () =>
    register(stage, stories),
  );
  const classes = new Map<string, string | undefined>();
  await steps.run('classes filed six days ahead and accepted, by their bureaus and a department', async () => {
    for (const story of stories) classes.set(storyName(story), await fileClass(stage, story));
  });
  const distant = await steps.run(
    'a filing is refused, changed, and accepted with the consent of another district',
    () => fileDistantClass(stage, stories),
  );
  await cloud.clock.advance({ to: shanghai('2021-03-15T10:00') });
  const visited = await steps.run('a bureau chooses two running classes, by risk and by lot, and inspects them', () =>
    inspectClasses(stage, stories, classes),
  );
  await cloud.clock.advance({ to: shanghai('2021-03-22T18:00') });
  const certified: RouteStory[] = [];
  await steps.run('certificates of completion numbered, place by place (附件4)', async () => {
    await setLetters(stage);
    for (const story of stories) {
      const classId = classes.get(storyName(story));
      certified.push(classId === undefined ? story : await issueCertificates(stage, story, classId));
    }
  });
  await cloud.clock.advance({ to: shanghai('2021-03-23T09:00') });
  const claims: Carried[] = [];
  await steps.run('thirteen claims opened, their rosters put in', async () => {
    for (const story of certified) claims.push(await openClaim(stage, story, classes.get(storyName(story))));
    await expectInspected(stage, claims, visited);
  });
  await steps.run('a draft is checked before it is handed in', () => preCheck(stage, distant));
  const unlucky = ofRoute(claims, 'qualification/competition');
  await steps.run('papers and teaching videos handed in, proved, and the claims submitted', async () => {
    for (const carried of claims) {
      await handInEvidence(stage, carried);
      if (carried !== unlucky) await submit(stage, carried);
    }
  });
  await steps.run('one whose worker fails at every try becomes a dead letter, and is sent back', () =>
    redriveDeadLetter(stage, unlucky),
  );
  await steps.run('each authority finds its claims on its desk; a refused line is granted by an override', async () => {
    await expectWorkLists(stage, claims);
    await overrideRefusal(stage, ofRoute(claims, 'project/enterprise'));
  });
  await steps.run('assessed, endorsed and approved; one is returned and handed in again', async () => {
    for (const carried of claims) await review(stage, carried);
  });
  await steps.run('a claim waits for funds, and goes on by itself when the money arrives', () =>
    fundLate(stage, claims),
  );
  const { account, fen } = lateAllotment;
  const allotted = { ...firstAllotments, [account]: fen };
  await steps.run('each account shows what was allotted, and what of it the claims have taken', () =>
    expectCommitted(stage, claims, allotted),
  );
  await publicise(stage, claims, steps);
  await pay(stage, claims, steps);
  await steps.run('what proves the payments is locked for five years after them', () => expectRetained(stage, claims));
  await steps.run('the next class is started from an earlier one; annex 1 changes from a day on', async () => {
    await copyClass(stage, withTurn(claims, 'returned'));
    await changeCatalogue(stage);
  });
  await steps.run('a paid line is recovered in full', () => recoverLines(stage, withTurn(claims, 'recovered')));
  await steps.run('its provider is blocked until the date that the recovery names, and no longer', () =>
    expectBlocked(stage, withTurn(claims, 'recovered')),
  );
  const endings = await steps.run('every line is where its story says', () => expectEndings(stage, claims));
  await readRecords(stage, claims, steps);
  const balances = await steps.run('every account balances to the fen', () => expectBalances(stage, claims, allotted));
  return { claims: claims.map(told), endings, balances };
}

function withTurn(claims: readonly Carried[], turn: Turn): Carried {
  const found = claims.find(({ story }) => story.turn === turn);
  if (found === undefined) throw new StepFailure(`no story has the turn ${turn}`);
  return found;
}

function ofRoute(claims: readonly Carried[], name: string): Carried {
  const found = claims.find(({ story }) => storyName(story) === name);
  if (found === undefined) throw new StepFailure(`no claim of ${name}`);
  return found;
}

async function fundLate(stage: Stage, claims: readonly Carried[]): Promise<void> {
  const { account, fen } = lateAllotment;
  expectSame(`claims that wait at ${account}`, await waitingAt(stage, account), 1);
  expectSame('claims that went on', await allot(stage, account, fen), 1);
  await claimIn(stage, withTurn(claims, 'waits-for-funds'), 'approved');
}

/** The notices (公示) run for five working days; what is objected to in time is decided during them or after. */
async function publicise(stage: Stage, claims: readonly Carried[], steps: Steps): Promise<void> {
  const upheld = withTurn(claims, 'objection-upheld');
  const dismissed = withTurn(claims, 'objection-dismissed');
  const corrected = withTurn(claims, 'returned');
  const correction = await steps.run('the notices are published as set up; a row of one is corrected', async () => {
    await setUpNotices(stage, corrected);
    await stage.cloud.clock.advance({ to: shanghai('2021-03-24T08:31') });
    for (const carried of claims) await claimIn(stage, carried, 'publicised');
    return correct(stage, corrected);
  });
  const late = await steps.run('the row runs anew; two claims are objected to, one is upheld', async () => {
    await stage.cloud.clock.advance({ to: shanghai('2021-03-25T10:00') });
    await expectCorrected(stage, corrected, correction);
    await decide(stage, await object(stage, upheld));
    return object(stage, dismissed);
  });
  await steps.run('the notices end; the other objection holds its claim until it is dismissed', async () => {
    await stage.cloud.clock.advance({ to: shanghai('2021-04-01T00:06') });
    const isHeldUp = (carried: Carried) => carried === dismissed || carried === corrected;
    for (const carried of claims) if (!isHeldUp(carried)) await claimIn(stage, carried, 'cleared');
    await claimIn(stage, corrected, 'publicised');
    const held = (await readClaim(stage, dismissed)).lines.map(({ state }: { state: string }) => state);
    expectSame('lines under objection', held, ['held', 'held']);
    await decide(stage, late);
    await claimIn(stage, dismissed, 'cleared');
  });
  await steps.run('the corrected row is cleared a day later, when its own period is over', async () => {
    await stage.cloud.clock.advance({ to: shanghai('2021-04-02T00:06') });
    await claimIn(stage, corrected, 'cleared');
  });
}

async function pay(stage: Stage, claims: readonly Carried[], steps: Steps): Promise<void> {
  const byDepartment = withTurn(claims, 'two-step-payment');
  await steps.run(
    'finance pays account by account, trainees to their cards and units; two transfers bounce',
    async () => {
      const groups = Map.groupBy(
        claims.filter((carried) => carried !== byDepartment),
        ({ story }) => `${story.account} ${story.payee}`,
      );
      for (const group of groups.values()) {
        const [first] = group;
        if (first !== undefined) await payFromAccount(stage, first.story.account, first.story.payee, group);
      }
    },
  );
  await steps.run('the bounced transfer is paid to another card', () => payAgain(stage, withTurn(claims, 'bounced')));
  await steps.run("a unit's bounced transfer is paid to its other account after it applied again", () =>
    payUnitAgain(stage, withTurn(claims, 'unit-bounced')),
  );
  await steps.run('a department applies for funds, receives them, and pays on', () =>
    payThroughDepartment(stage, byDepartment),
  );
}

/** What is left of it all: dossiers, audit trails, statistics, the return of a department; and the next shortage list. */
async function readRecords(stage: Stage, claims: readonly Carried[], steps: Steps): Promise<void> {
  await steps.run(
    'the dossiers of two classes are what their manifests say, and every audit trail in them holds',
    async () => {
      await expectDossier(stage, withTurn(claims, 'returned'));
      await expectDossier(stage, withTurn(claims, 'two-step-payment'));
    },
  );
  await steps.run('statistics say what the stories say; so does the return of a department', async () => {
    await expectStatistics(stage, claims);
    await expectYearlyReturn(stage, withTurn(claims, 'two-step-payment'));
  });
  await steps.run('a list of shortage occupations is published from a day on', () => publishShortageList(stage));
}

function told({ story, claimId }: Carried): AllRoutesSummary['claims'][number] {
  const lines = story.lines.map(({ line, fen, ends }) => ({ id: line.id, fen, ends }));
  return { route: storyName(story), claimId, account: story.account, ...(story.turn && { turn: story.turn }), lines };
}
