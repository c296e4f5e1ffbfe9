import { expect, test } from 'vitest';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { recordedEdge, settableClock } from '../support/http.ts';

test('what the runtime writes of a failed run names the job and quotes nothing', async () => {
  const edge = recordedEdge(undefined as never, settableClock('2021-03-01T01:00:00Z'));
  const cause = new Error('no such person: 330302199001011234');
  const handler = createScheduleHandler(edge, 'sweep-work', () => Promise.reject(cause));
  const failure: unknown = await handler({}, {} as never).catch((error: unknown) => error);
  if (!(failure instanceof Error)) throw new Error('the run did not fail');
  expect([failure.message, failure.cause]).toEqual(['sweep-work failed', undefined]);
  expect(`${failure.stack}${JSON.stringify(failure)}`).not.toContain('330302');
  expect(edge.logged.map(({ event }) => event)).toEqual(['schedule-failed']);
});
