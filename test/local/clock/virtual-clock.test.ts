import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';

const real = Date.parse('2026-05-01T00:00:00Z');
const start = Date.parse('2021-03-09T00:00:00Z');
const hour = 3_600_000;
const errors: string[] = [];
let clock: VirtualClock;

beforeEach(() => {
  vi.useFakeTimers({ now: real });
  errors.length = 0;
  clock = createVirtualClock({
    startAt: new Date(start),
    onError: (what, error) => errors.push(`${what}: ${(error as Error).message}`),
  });
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

describe('virtual clock', () => {
  test('runs on from where it was told to start', () => {
    vi.setSystemTime(real + 5000);
    expect(clock.now()).toBe(start + 5000);
  });

  test('an advance stops at each due task in order, at its instant', async () => {
    const seen: [string, number][] = [];
    clock.at(start + 2 * hour, 'second', () => seen.push(['second', clock.now()]));
    clock.at(start + hour, 'first', () => {
      seen.push(['first', clock.now()]);
      clock.at(start + 1.5 * hour, 'between', () => seen.push(['between', clock.now()]));
    });
    clock.at(start + 4 * hour, 'beyond', () => seen.push(['beyond', clock.now()]));
    const advance = await clock.advanceTo(start + 3 * hour);
    expect(seen).toEqual([
      ['first', start + hour],
      ['between', start + 1.5 * hour],
      ['second', start + 2 * hour],
    ]);
    expect(advance.ran.map((one) => one.what)).toEqual(['first', 'between', 'second']);
    expect(clock.now()).toBe(start + 3 * hour);
  });

  test('a task due exactly at the end runs, one a millisecond later does not', async () => {
    const seen: string[] = [];
    clock.at(start + hour, 'at', () => seen.push('at'));
    clock.at(start + hour + 1, 'after', () => seen.push('after'));
    await clock.advanceTo(start + hour);
    expect(seen).toEqual(['at']);
  });

  test('settles before the first stop, after every stop and at the end', async () => {
    const settled: number[] = [];
    clock.at(start + hour, 'task', () => {});
    await clock.advanceTo(start + 2 * hour, async () => {
      settled.push(clock.now() - start);
    });
    expect(settled).toEqual([0, hour, 2 * hour]);
  });

  test('never goes back', async () => {
    await clock.advanceBy(hour);
    await expect(clock.advanceTo(start)).rejects.toThrow(RangeError);
    await expect(clock.advanceTo(Number.NaN)).rejects.toThrow(RangeError);
    expect(clock.now()).toBe(start + hour);
  });

  test('advances wait for each other', async () => {
    await Promise.all([clock.advanceBy(hour), clock.advanceBy(hour)]);
    expect(clock.now()).toBe(start + 2 * hour);
  });

  test('without an advance tasks run when their time comes', async () => {
    const seen: string[] = [];
    clock.at(start + 1000, 'soon', () => seen.push('soon'));
    const cancel = clock.at(start + 1000, 'cancelled', () => seen.push('cancelled'));
    cancel();
    await vi.advanceTimersByTimeAsync(999);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual(['soon']);
  });

  test('a task further away than setTimeout reaches still waits for its day', async () => {
    const days40 = 40 * 24 * hour;
    const seen: string[] = [];
    clock.at(start + days40, 'far', () => seen.push('far'));
    await vi.advanceTimersByTimeAsync(days40 - 1);
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen).toEqual(['far']);
  });

  test('a failing task is reported and the rest goes on', async () => {
    const seen: string[] = [];
    clock.at(start + 1, 'bad', () => {
      throw new Error('no');
    });
    clock.at(start + 2, 'good', () => seen.push('good'));
    await clock.advanceBy(10);
    expect(errors).toEqual(['bad: no']);
    expect(seen).toEqual(['good']);
  });

  test('a real instant keeps the virtual time that it had', async () => {
    vi.setSystemTime(real + 1000);
    await clock.advanceBy(hour);
    vi.setSystemTime(real + 2000);
    expect(clock.virtualAt(real + 500)).toBe(start + 500);
    expect(clock.virtualAt(real + 1500)).toBe(start + hour + 1500);
  });

  test('restored, it wakes at the instant of the save, and old messages keep their time', async () => {
    await clock.advanceBy(hour);
    const saved = clock.save();
    vi.setSystemTime(real + 7000);
    const restored = createVirtualClock({ saved, onError: () => {} });
    expect(restored.now()).toBe(start + hour);
    expect(restored.virtualAt(real - 1000)).toBe(start + hour - 1000);
    restored.stop();
  });

  test('tells every change of the offset', async () => {
    const offsets: number[] = [];
    clock.onChange((offset) => offsets.push(offset));
    await clock.advanceBy(hour);
    expect(offsets).toEqual([start - real + hour]);
  });
});
