import type { SampleCloud } from './cloud.ts';
import { StepFailure } from './step.ts';

/** The instant of a local time in Asia/Shanghai, such as `2021-03-22T09:00`. */
export const shanghai = (local: string): Date => new Date(`${local}:00+08:00`);

/** Asks again until the answer is there; the queues work in real time, only their waiting is virtual. */
export async function until<T>(cloud: SampleCloud, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await cloud.settle();
  }
  throw new StepFailure(`${what} did not come about`);
}
