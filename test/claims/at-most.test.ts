import { describe, expect, test } from 'vitest';
import { atMost } from '../../shared/claims/at-most.ts';

describe('atMost', () => {
  test('does every item once, never more than the width at once', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    const items = Array.from({ length: 50 }, (_, n) => n);
    await atMost(4, items, async (n) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      done.push(n);
    });
    expect([most, done.toSorted((a, b) => a - b)]).toEqual([4, items]);
  });

  test('a failure is thrown once the others have ended', async () => {
    const ended: number[] = [];
    const work = atMost(2, [1, 2, 3, 4], async (n) => {
      await Promise.resolve();
      if (n === 1) throw new Error('first');
      ended.push(n);
    });
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([2, 3, 4]);
  });

  test('nothing to do is done', async () => {
    await expect(atMost(4, [], async () => Promise.reject(new Error('called')))).resolves.toBeUndefined();
  });
});
