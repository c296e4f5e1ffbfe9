import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCloud } from '../../local/cloud.ts';
import { runMainJob } from '../../local/sample/main-job.ts';
import { Steps } from '../../local/sample/step.ts';
import { synthesize } from '../../local/startup/synthesis.ts';

const root = join(import.meta.dirname, '../..');

/** Counted by name, most first. */
function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

/**
 * What AWS would bill for one claim: the sample claim of 24 trainees with three videos, from class filing to cleared
 * lines. Functions that a schedule starts run whether there are claims or not, and are counted apart.
 */
test('calls and invocations of one claim', { timeout: 600_000 }, async () => {
  const { assembly } = await synthesize(root);
  const startAt = new Date('2021-03-08T01:00:00Z');
  const cloud = await startCloud({ assembly, clock: { startAt }, recordCalls: true });
  try {
    const clock = {
      now: cloud.clock.now,
      advance: async (to: { to: Date } | { ms: number }) => void (await cloud.clock.advance(to)),
    };
    const { apiUrl, token, settle } = cloud;
    await runMainJob({ apiUrl, token, settle, clock }, new Steps(() => undefined));
    const scheduled = cloud.schedules.list().map(({ logicalId }) => logicalId.replace(/RunSchedule.*$/, 'Function'));
    const isScheduled = (name: string) => scheduled.some((each) => name.includes(each));
    const own = cloud.calls().filter((call) => !isScheduled(call.function));
    console.table(counted(own.map(({ operation, service }) => `${service} ${operation}`)));
    const lambda = cloud.metrics().metrics.filter(({ namespace }) => namespace === 'AWS/Lambda');
    const sumOf = (metric: string) => {
      const sums = lambda.filter(
        ({ name, dimensions }) => name === metric && !isScheduled(dimensions['FunctionName'] ?? ''),
      );
      return sums.reduce((total, { sum }) => total + sum, 0);
    };
    expect(own.length).toBeGreaterThan(0);
    console.log(`invocations ${sumOf('Invocations')}, together ${Math.round(sumOf('Duration'))} ms`);
  } finally {
    await cloud.stop();
  }
});
