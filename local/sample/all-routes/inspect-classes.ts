import type { Json } from '../sample-api.ts';
import { expectSame } from '../step.ts';
import { preparerAt } from './cast.ts';
import { type Carried, type RouteStory, storyName } from './route-story.ts';
import { readClaim, type Stage } from './stage.ts';

const authority = 'hr-bureau/lucheng';

/** Where the visit goes today: one class by its reasons, one by lot. */
async function plan({ api, cloud }: Stage): Promise<Json> {
  const today = cloud.clock.now().toISOString().slice(0, 10);
  const order = { from: today, to: today, byRisk: 1, byLot: 1, seed: 'lucheng-2021-03' };
  return api.good(preparerAt(authority), 'POST /inspection-plans', order);
}

/**
 * On their first day the bureau chooses two of its running classes, visits them, and puts on record what two of its
 * people saw (监督检查, 四(三)). Gives the ids of the classes.
 */
export async function inspectClasses(
  stage: Stage,
  stories: readonly RouteStory[],
  classes: ReadonlyMap<string, string | undefined>,
): Promise<string[]> {
  const filed = stories.filter((story) => story.authority === authority && classes.get(storyName(story)) !== undefined);
  const { candidates, chosen } = await plan(stage);
  expectSame('classes to choose from', candidates, filed.length);
  // One teacher stands in all these classes at the same hours: each is a reason to go and see.
  expectSame(
    'choice',
    chosen.map(({ chosenBy, risks }: Json) => [chosenBy, risks]),
    [
      ['risk', ['teacher-twice']],
      ['lot', ['teacher-twice']],
    ],
  );
  const visited: string[] = chosen.map(({ classId }: Json) => classId);
  for (const classId of visited) {
    const seen = {
      heldAt: stage.cloud.clock.now().toISOString(),
      means: 'on-site',
      inspectors: ['林科员', '周科长'],
      headCount: 2,
      findings: '课程与课表一致，学员签到齐全；同名教师经核实为两人。',
      result: 'normal',
    };
    await stage.api.good(preparerAt(authority), `POST /classes/${classId}/inspections`, seen);
  }
  expectSame('classes still to be seen', (await plan(stage)).candidates, filed.length - visited.length);
  return visited;
}

/** What was seen of a class stands beside its claim. */
export async function expectInspected(
  stage: Stage,
  claims: readonly Carried[],
  visited: readonly string[],
): Promise<void> {
  for (const carried of claims.filter(({ classId }) => classId !== undefined && visited.includes(classId))) {
    const { inspections } = await readClaim(stage, carried);
    expectSame(
      `inspections beside ${storyName(carried.story)}`,
      inspections.map(({ result, headCount }: Json) => [result, headCount]),
      [['normal', 2]],
    );
  }
}
