import { describe, expect, it } from 'vitest';
import { isOutsideClass, isSameSession, recordingDate } from '../../../shared/evidence/video/recording-date.ts';
import { randomNumbers } from './bytes.ts';
import { fragmented } from './fragmented-builder.ts';
import { type Frame, lesson, slice } from './h264-builder.ts';
import { progressive } from './mp4-builder.ts';
import { prove } from './sources.ts';

const TIMESCALE = 12_800;
const DURATION = 512;
const FRAMES = 121 * 25;

function flagsOf(frames: readonly Frame[]) {
  return prove(progressive({ frames, timescale: TIMESCALE })).then(({ verdict, flags }) => ({ verdict, flags }));
}

/** Frames of given sizes, a key frame every ten seconds. */
function sized(sizeOf: (index: number, isKey: boolean) => number): Frame[] {
  const random = randomNumbers(5);
  return Array.from({ length: FRAMES }, (_, index) => {
    const isKey = index % 250 === 0;
    return { bytes: slice(random, sizeOf(index, isKey), isKey), duration: DURATION, isKey };
  });
}

describe('a picture that should be seen by an officer', () => {
  it('moving pictures raise nothing', async () => {
    expect(await flagsOf(lesson({ frames: FRAMES, duration: DURATION }))).toEqual({ verdict: 'proven', flags: [] });
  });

  it('a still picture: frames that only say "as before"', async () => {
    // 320 × 240 are 300 macroblocks: a frame without change takes up to 40 + 0.02 × 300 = 46 bytes.
    expect(await flagsOf(sized((index, isKey) => (isKey ? 4000 : 30 + (index % 17))))).toEqual({
      verdict: 'proven',
      flags: ['still-picture'],
    });
  });

  it('a still picture by a coder that repeats its frames to the byte', async () => {
    const flags = await flagsOf(sized((index, isKey) => (isKey ? 4000 : 270 + (index % 2))));
    expect(flags).toEqual({ verdict: 'proven', flags: ['still-picture'] });
  });

  it.each([
    [0.96, ['still-picture']],
    [0.94, []],
  ])('unless enough of it moves: %d of frames still', async (share, flags) => {
    const random = randomNumbers(9);
    const isStill = () => random() / 2 ** 32 < share;
    const sizes = sized((_, isKey) => (isKey ? 4000 : isStill() ? 30 + (random() % 15) : 300 + (random() % 900)));
    expect(await flagsOf(sizes)).toEqual({ verdict: 'proven', flags });
  });

  it('a black picture: key frames of next to nothing as well', async () => {
    // A key frame of one colour takes up to 64 + 0.1 × 300 = 94 bytes.
    expect(await flagsOf(sized((index, isKey) => (isKey ? 90 : 20 + (index % 9))))).toEqual({
      verdict: 'proven',
      flags: ['still-picture', 'black'],
    });
    expect((await flagsOf(sized((index, isKey) => (isKey ? 120 : 20 + (index % 9))))).flags).toEqual(['still-picture']);
  });

  it('a loop of five seconds', async () => {
    const five = lesson({ frames: 125, duration: DURATION });
    const looped = Array.from({ length: 25 }, () => five).flat();
    expect(await flagsOf(looped)).toEqual({ verdict: 'proven', flags: ['looped'] });
  });

  it('a loop after an introduction, and one that breaks off in the middle', async () => {
    const five = lesson({ frames: 125, duration: DURATION });
    const looped = Array.from({ length: 25 }, () => five).flat();
    const intro = lesson({ frames: 700, duration: DURATION, seed: 2 });
    expect((await flagsOf([...intro, ...looped])).flags).toEqual(['looped']);
    expect((await flagsOf([...looped.slice(60, 2500), ...intro])).flags).toEqual(['looped']);
  });

  it('but no loop where the minority repeats', async () => {
    const five = lesson({ frames: 125, duration: DURATION });
    const looped = Array.from({ length: 10 }, () => five).flat();
    const rest = lesson({ frames: 2000, duration: DURATION, seed: 2 });
    expect((await flagsOf([...rest, ...looped])).flags).toEqual([]);
  });

  it('a loop in fragments, where only a few are looked at', async () => {
    const five = lesson({ frames: 100, duration: DURATION, group: 50 });
    const frames = Array.from({ length: 32 }, () => five).flat();
    const file = fragmented({ frames, timescale: TIMESCALE, framesPerFragment: 50, segmentIndex: true });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', flags: ['looped'] });
  });

  it.each([
    [605, []],
    [604, ['low-frame-rate']],
  ])('%i frames in 121 s', async (frames, flags) => {
    const ticks = 121_000;
    const even = lesson({ frames, duration: Math.floor(ticks / frames) });
    const last = even.map((frame, i) =>
      i === frames - 1 ? { ...frame, duration: ticks - (frames - 1) * frame.duration } : frame,
    );
    expect(await prove(progressive({ frames: last, timescale: 1000 }))).toMatchObject({ durationMs: ticks, flags });
  });
});

describe('pictures that stand', () => {
  it.each([
    [3, []],
    [4, ['low-frame-rate']],
  ])('%i of them for four seconds each', async (standing, flags) => {
    // 25 frames per second otherwise: 12 of some 132 seconds are less than a tenth, 16 of 136 more.
    const frames = lesson({ frames: 3000, duration: DURATION }).map((frame, index) =>
      index % 600 === 599 && index < standing * 600 ? { ...frame, duration: 4 * TIMESCALE } : frame,
    );
    expect((await flagsOf(frames)).flags).toEqual(flags);
  });

  it('hide the end of a short clip, were it not for the flag', async () => {
    const frames = lesson({ frames: 1500, duration: DURATION });
    const last = frames.map((frame, index) => (index >= 1493 ? { ...frame, duration: 10 * TIMESCALE } : frame));
    expect(await flagsOf(last)).toEqual({ verdict: 'proven', flags: ['low-frame-rate'] });
  });
});

describe('the recorder’s date', () => {
  const dates = { from: '2021-03-15', to: '2021-03-19' };
  const clip = (createdAt: Date) =>
    prove(progressive({ frames: lesson({ frames: FRAMES, duration: DURATION }), timescale: TIMESCALE, createdAt }), {
      classDates: dates,
    });

  it('raises a flag outside the class', async () => {
    expect(await clip(new Date('2021-03-12T02:00:00Z'))).toMatchObject({
      flags: ['recorded-outside-class'],
      createdAt: '2021-03-12T02:00:00.000Z',
    });
  });

  it('raises none inside, or when the recorder has no clock', async () => {
    expect(await clip(new Date('2021-03-17T02:00:00Z'))).toMatchObject({ flags: [] });
    expect(await clip(new Date('1970-01-02T00:00:00Z'))).toMatchObject({ flags: [], createdAt: null });
  });

  it.each([
    // In Shanghai it is the 15th already, and by the camera's own wall clock still the 14th.
    ['2021-03-14T16:00:00Z', false],
    ['2021-03-14T15:59:59Z', true],
    // In Shanghai it is the 20th, by a wall clock written as UTC the 19th.
    ['2021-03-19T23:59:59Z', false],
    ['2021-03-20T00:00:00Z', true],
  ])('%s is outside: %s', (instant, outside) => {
    expect(isOutsideClass(new Date(instant), dates)).toBe(outside);
  });

  it('is a day in Shanghai', () => {
    expect(recordingDate(new Date('2021-03-14T16:00:00Z'))).toBe('2021-03-15');
    expect(recordingDate(new Date('2021-03-14T15:59:59Z'))).toBe('2021-03-14');
  });
});

describe('clips of one session', () => {
  const at = (createdAt: string | null) => ({ createdAt });

  it('are those of one day', () => {
    expect(isSameSession([at('2021-03-15T01:00:00Z'), at('2021-03-15T07:00:00Z'), at('2021-03-14T17:00:00Z')])).toBe(
      true,
    );
    expect(isSameSession([at('2021-03-15T01:00:00Z'), at('2021-03-15T17:00:00Z')])).toBe(false);
  });

  it('cannot be told of one clip, or where a clip does not say', () => {
    expect(isSameSession([])).toBe(false);
    expect(isSameSession([at('2021-03-15T01:00:00Z')])).toBe(false);
    expect(isSameSession([at('2021-03-15T01:00:00Z'), at(null)])).toBe(false);
    expect(isSameSession([at(null), at(null)])).toBe(false);
  });
});
