import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeadLetters } from '../../shared/operations/dead-letters.ts';
import type { Redrive, RedriveStore } from '../../shared/operations/redrive.ts';
import { redriveDeadLetters, redriveMs } from '../../shared/operations/redrive-dead-letters.ts';
import { settableClock } from '../support/http.ts';
import { admin } from '../support/people.ts';

const start = '2021-03-08T01:00:00.000Z';

/** A dead-letter queue of so many letters; the ones in `stuck` cannot be moved. */
function worldOf(count: number, options: { stuck?: readonly number[]; msPerGrasp?: number } = {}) {
  const clock = settableClock(start);
  const dead = Array.from({ length: count }, (_, n) => n);
  const told: string[] = [];
  let record: Redrive | undefined;
  const letters: DeadLetters = {
    depths: async () => ({ work: { waiting: 0, inFlight: 0 }, deadLetters: { waiting: dead.length - 1, inFlight: 1 } }),
    moveSome: async (_, most) => {
      told.push(`move ${most}`);
      clock.advance(options.msPerGrasp ?? 0);
      const taken = dead.splice(0, most);
      const failed = taken.filter((n) => options.stuck?.includes(n));
      dead.push(...failed);
      const failures = failed.map((n) => ({ messageId: `m${n}`, error: new Error('full') }));
      return { taken: taken.length, moved: taken.length - failures.length, failures };
    },
  };
  const redrives: RedriveStore = {
    start: async (order, by, at) => {
      told.push('started');
      const instant = at.toISOString();
      const none = { moved: 0, failed: 0, left: 0, auditHead: '', createdAt: instant, updatedAt: instant };
      record ??= { ...order, ...none, st: 'running', version: 1, by };
      return record;
    },
    finish: async (redrive, outcome) => {
      told.push('done');
      record = { ...redrive, ...outcome, st: 'done', version: redrive.version + 1 };
      return record;
    },
    list: async () => ({ redrives: [] }),
  };
  const redrive = async (limit: number) =>
    redriveDeadLetters({ letters, redrives, clock }, admin, 'R1', { queue: 'verify', limit });
  return { redrive, told, dead };
}

describe('sending dead letters back', () => {
  test.each([
    [24, 24, ['move 10', 'move 10', 'move 4']],
    [25, 24, ['move 10', 'move 10', 'move 4']],
    [23, 24, ['move 10', 'move 10', 'move 4', 'move 1']],
    [10, 10, ['move 10']],
    [0, 1, ['move 1']],
  ])('%i letters with a limit of %i', async (count, limit, moves) => {
    const world = worldOf(count);
    const { redrive } = await world.redrive(limit);
    expect(redrive).toMatchObject({ st: 'done', moved: Math.min(count, limit), failed: 0, left: world.dead.length });
    expect(world.told).toEqual(['started', ...moves, 'done']);
  });

  test.each([
    [redriveMs - 1, 2],
    [redriveMs, 1],
    [redriveMs + 1, 1],
  ])('with %i ms a grasp it stops after %i: a request has an end', async (msPerGrasp, grasps) => {
    const world = worldOf(100, { msPerGrasp });
    const { redrive } = await world.redrive(100);
    expect(redrive).toMatchObject({ st: 'done', moved: grasps * 10, left: 100 - grasps * 10 });
  });

  test('it stops at the first grasp of which something could not be moved, and names what', async () => {
    const world = worldOf(30, { stuck: [12] });
    const { redrive, failures } = await world.redrive(30);
    expect(redrive).toMatchObject({ moved: 19, failed: 1, left: 11 });
    expect(failures.map(({ messageId }) => messageId)).toEqual(['m12']);
  });

  test('a redrive that is done moves nothing again', async () => {
    const world = worldOf(5);
    await world.redrive(3);
    world.told.length = 0;
    expect((await world.redrive(3)).redrive.moved).toBe(3);
    expect([world.told, world.dead.length]).toEqual([['started'], 2]);
  });

  test('moved, failed and left are all the letters there were, whatever the limit', async () => {
    const plans = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      limit: fc.integer({ min: 1, max: 70 }),
      stuck: fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(plans, async ({ count, limit, stuck }) => {
        const { redrive } = await worldOf(count, { stuck }).redrive(limit);
        expect(redrive.moved + redrive.left).toBe(count);
        expect(redrive.moved).toBeLessThanOrEqual(limit);
      }),
      { seed: 58, numRuns: 200 },
    );
  });
});
