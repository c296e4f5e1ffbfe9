import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { submit } from './hand-in-claim.ts';
import { type Carried, storyName } from './route-story.ts';
import { claimIn, readClaim, type Stage } from './stage.ts';

const operator = { sub: 'ye', tenant: 'admin', role: 'admin', duties: [], name: '叶管理' };

/** Longer than a message that failed stays out of sight. */
const outOfSightMs = 31 * 60_000;
const mostDeliveries = 5;

async function flip({ cloud }: Stage, method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${cloud.apiUrl}/_local/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new StepFailure(`/_local/${path} answered ${response.status}: ${await response.text()}`);
}

async function deadLettersOf({ api }: Stage): Promise<number> {
  const { queues } = await api.good(operator, 'GET /operations/queues');
  return queues.find(({ name }: Json) => name === 'assess').deadLetters.waiting;
}

/**
 * A claim is handed in while its worker may not read the table, until its message is a dead letter (死信). When the cause
 * is gone, whoever runs the suite sends the letter back, and the claim is assessed.
 */
export async function redriveDeadLetter(stage: Stage, carried: Carried): Promise<void> {
  const { api, cloud } = stage;
  await cloud.settle();
  expectSame('dead letters before', await deadLettersOf(stage), 0);
  const mayNotRead = { operation: 'GetItem', action: 'fail', error: 'AccessDeniedException' };
  await flip(stage, 'POST', 'faults/calls', { function: 'assess-claim', ...mayNotRead, times: 1000 });
  await submit(stage, carried);
  for (let tries = 0; tries <= mostDeliveries && (await deadLettersOf(stage)) === 0; tries += 1) {
    await cloud.settle();
    await cloud.clock.advance({ ms: outOfSightMs });
  }
  await flip(stage, 'DELETE', 'faults');
  const letters = await deadLettersOf(stage);
  const name = storyName(carried.story);
  expectSame(`whether there are dead letters of ${name}`, letters > 0, true);
  expectSame(`state of ${name} meanwhile`, (await readClaim(stage, carried)).state, 'submitted');
  const redrive = await api.good(operator, 'POST /operations/redrives', { queue: 'assess' });
  expectSame('redrive', [redrive.state, redrive.moved, redrive.failed], ['done', letters, 0]);
  await claimIn(stage, carried, 'assessed');
  expectSame('dead letters after', await deadLettersOf(stage), 0);
  const { redrives } = await api.good(operator, 'GET /operations/redrives');
  expectSame(
    'redrives on record',
    redrives.map(({ id, by }: Json) => [id, by]),
    [[redrive.id, operator.name]],
  );
}
