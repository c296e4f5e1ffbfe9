import { expect, test } from 'vitest';
import type { RosterLine } from '../../shared/claims/line-record.ts';
import { meterCapacity } from '../support/capacity-meter.ts';
import { certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { identityNumber } from '../support/people.ts';

/*
 * Deciding lines (四(二)) through the real SDK on the embedded engine in memory: how many a second, what a line asks of
 * the table, and whether a line costs the same in a claim of any size. Two engines share the machine's cores, so lines a
 * second say little of AWS; calls and units are what AWS would bill.
 */

/** Lines of distinct people; every one is granted. */
function roster(count: number, first: number): RosterLine[] {
  return Array.from({ length: count }, (_, index) => {
    const person = first + index;
    const birthDate = `19${75 + (person % 25)}0${1 + (Math.floor(person / 25) % 9)}${10 + (Math.floor(person / 225) % 18)}`;
    return { ...certifiedLine(person), idNumber: identityNumber(birthDate, Math.floor(person / 4050)) };
  });
}

const sizes = [1, 100, 1000, 5000] as const;
/** Claims of each size, so that small ones are not one measurement. */
const claimsOf = { 1: 100, 100: 5, 1000: 1, 5000: 1 } as const;

test('lines decided a second, by the size of their claims', { timeout: 1_800_000 }, async () => {
  const world = await openClaimWorld();
  const meter = meterCapacity(world.engine.client);
  const figures: Record<string, unknown>[] = [];
  let person = 0;
  const run = async (size: number, count: number) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      ids.push(await world.submitted(roster(size, person)));
      person += size;
    }
    const intake = meter.take();
    const started = performance.now();
    for (const id of ids) await world.assess(id);
    const ms = performance.now() - started;
    const { calls, readUnits, writeUnits } = meter.take();
    const lines = size * count;
    for (const id of ids) expect(await world.states(id)).toEqual(Array.from({ length: size }, () => 'reserved'));
    const perLine = (value: number) => Number((value / lines).toFixed(2));
    return {
      'lines of a claim': size,
      claims: count,
      'lines/s': Math.round((lines * 1000) / ms),
      'calls/line': perLine(Object.values(calls).reduce((sum, each) => sum + each, 0)),
      'transactions/line': perLine(calls['TransactWriteItemsCommand'] ?? 0),
      'write units/line': perLine(writeUnits),
      'read units/line': perLine(readUnits),
      'write units/line of intake': perLine(intake.writeUnits),
    };
  };
  try {
    await run(100, 2); // warms the compiler and the connections
    for (const size of sizes) figures.push(await run(size, claimsOf[size]));
    console.table(figures);
  } finally {
    await world.stop();
  }
});
