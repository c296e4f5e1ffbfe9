import { describe, expect, test } from 'vitest';
import { readAtRest } from './cloud-table.ts';

/** A cloud in which schedules run during the first readings, and move one thing from one page to the other. */
function restless(busyReadings: number) {
  const cloud = { ended: 7, running: 0, settles: 0, pages: ['old', 'old'], readings: 0 };
  return {
    cloud,
    metrics: () => ({
      metrics: [
        {
          namespace: 'AWS/Lambda',
          dimensions: {},
          name: 'Invocations',
          unit: 'Count',
          sum: cloud.ended,
          count: 1,
          min: 1,
          max: 1,
        },
        {
          namespace: 'AWS/Lambda',
          dimensions: {},
          name: 'Errors',
          unit: 'Count',
          sum: cloud.settles,
          count: 1,
          min: 0,
          max: 0,
        },
      ],
      problems: [],
    }),
    settle: async (): Promise<void> => {
      cloud.settles += 1;
      cloud.ended += cloud.running;
      cloud.running = 0;
      if (cloud.settles % 3 === 1) throw new Error('not quiet after 120 s: work queue');
    },
    read: async (): Promise<string[]> => {
      const [first = ''] = cloud.pages;
      cloud.readings += 1;
      if (cloud.readings <= busyReadings) {
        cloud.running += 1;
        cloud.pages = cloud.pages.map(() => `new ${cloud.readings}`);
      }
      return [first, cloud.pages[1] ?? ''];
    },
  };
}

describe('a reading of the whole table', () => {
  test.each([
    [0, ['old', 'old']],
    [1, ['new 1', 'new 1']],
    [3, ['new 3', 'new 3']],
  ])('during which functions ran %i times is of one moment all the same', async (busy, pages) => {
    const { cloud, read, ...rest } = restless(busy);
    expect(await readAtRest(rest, read)).toEqual(pages);
    expect(cloud.readings).toBe(busy + 1);
  });

  test('is given up when functions never rest, and another fault comes through', async () => {
    const { read, ...rest } = restless(99);
    await expect(readAtRest(rest, read)).rejects.toThrow('functions ran during every reading');
    const gone = async () => Promise.reject(new Error('engine gone'));
    await expect(readAtRest({ ...rest, settle: gone }, read)).rejects.toThrow('engine gone');
  });
});
