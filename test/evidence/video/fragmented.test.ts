import { describe, expect, it } from 'vitest';
import { ascii, box, concat, fullBox, u32 } from './bytes.ts';
import { type FragmentedSpec, fragmented, sampleRun } from './fragmented-builder.ts';
import { type Frame, lesson } from './h264-builder.ts';
import { prove } from './sources.ts';

const TIMESCALE = 12_800;
const second = 25;
const film = lesson({ frames: 125 * second, duration: 512, group: 25 });

function build(changes: Partial<FragmentedSpec>) {
  return fragmented({ frames: film, timescale: TIMESCALE, framesPerFragment: second, ...changes });
}

describe('a fragmented file', () => {
  it.each([
    ['a segment index', { segmentIndex: true }],
    ['a random access index', { randomAccessIndex: true }],
    ['both', { segmentIndex: true, randomAccessIndex: true }],
    ['a segment index and no clock of its own', { segmentIndex: true, decodeTimes: false }],
  ])('with %s is measured whole in few reads', async (_name, changes) => {
    const proof = await prove(build(changes));
    expect(proof).toMatchObject({ verdict: 'proven', durationMs: 125_000, isAtLeast: false, frames: 3125 });
    expect(proof.requests).toBeLessThanOrEqual(15);
  });

  it('without an index is walked until enough is proven', async () => {
    const large = film.map((frame) => ({ ...frame, bytes: concat(frame.bytes.slice(0, -1), frame.bytes.slice(-1)) }));
    const proof = await prove(build({ frames: large }));
    expect(proof.verdict).toBe('proven');
    expect(proof.durationMs).toBeGreaterThanOrEqual(120_000);
    expect(proof.durationMs).toBeLessThanOrEqual(125_000);
  });

  it('of few fragments is walked whole', async () => {
    expect(await prove(build({ framesPerFragment: 300 }))).toMatchObject({
      verdict: 'proven',
      durationMs: 125_000,
      isAtLeast: false,
    });
  });

  it.each([
    [2999, 'short'],
    [3000, 'proven'],
  ])('of %i frames is %s', async (frames, verdict) => {
    for (const index of [{}, { segmentIndex: true }, { randomAccessIndex: true }]) {
      const proof = await prove(build({ frames: film.slice(0, frames), ...index }));
      expect(proof).toMatchObject({ verdict, durationMs: frames * 40 });
    }
  });

  it.each([
    ['without an index', {}],
    ['with a random access index', { randomAccessIndex: true }],
  ])('that keeps its first frames in the movie, %s', async (_name, changes) => {
    const whole = await prove(build({ randomAccessIndex: true }));
    for (const framesPerFragment of [25, 200]) {
      const proof = await prove(build({ framesInMovie: 300, framesPerFragment, ...changes }));
      expect(proof).toMatchObject({ verdict: 'proven', fingerprint: whole.fingerprint });
      expect(proof.durationMs).toBeGreaterThanOrEqual(proof.isAtLeast ? 120_000 : 125_000);
      expect(proof.durationMs).toBeLessThanOrEqual(125_000);
    }
    const short = await prove(build({ frames: film.slice(0, 2999), framesInMovie: 300, ...changes }));
    expect(short).toMatchObject({ verdict: 'short', durationMs: 119_960 });
  });

  it('with fragments of sound in between is followed by its index', async () => {
    const proof = await prove(build({ framesPerFragment: 250, soundFragments: true, randomAccessIndex: true }));
    expect(proof).toMatchObject({ verdict: 'proven', durationMs: 125_000, frames: 3125 });
    expect(proof.requests).toBeLessThanOrEqual(15);
  });

  it('takes durations and sizes from the defaults of its headers', async () => {
    const even = film.map((frame) => ({ ...frame, bytes: frame.bytes.slice(0, 80) })).map(relabelled);
    const run = (frames: readonly Frame[], dataOffset: number) =>
      fullBox('trun', 0, 0x5, u32(frames.length, dataOffset, 0));
    const file = build({ frames: even, run });
    const withDefaults = replaceOnce(
      file,
      fullBox('trex', 0, 0, u32(1, 1, 0, 0, 0)),
      fullBox('trex', 0, 0, u32(1, 1, 512, 80, 0x10000)),
    );
    expect(await prove(withDefaults)).toMatchObject({ verdict: 'proven', codec: 'h264' });
  });
});

/** A sample whose length field fits its new length. */
function relabelled(frame: Frame): Frame {
  return { ...frame, bytes: concat(u32(frame.bytes.length - 4), frame.bytes.slice(4)) };
}

function replaceOnce(file: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const at = Buffer.from(file).indexOf(from);
  if (at < 0) throw new Error('nothing to replace');
  return concat(file.slice(0, at), to, file.slice(at + from.length));
}

/** Where the four characters of a box type stand. */
function placesOf(file: Uint8Array, type: string): number[] {
  const buffer = Buffer.from(file);
  const found: number[] = [];
  for (let at = buffer.indexOf(type); at >= 0; at = buffer.indexOf(type, at + 4)) found.push(at);
  return found;
}

describe('an index of fragments that lies', () => {
  it('about the time of its segments is not followed', async () => {
    const proof = await prove(
      build({
        frames: film.slice(0, 1500),
        segmentIndex: true,
        claimSegments: (all) => all.map(({ bytes, ticks }) => ({ bytes, ticks: ticks * 2 })),
      }),
    );
    expect(proof).toMatchObject({ verdict: 'short', durationMs: 60_000 });
  });

  it('about the time of one segment, the longest by its word, is not followed', async () => {
    for (const index of ['segmentIndex', 'randomAccessIndex'] as const) {
      const proof = await prove(
        build({
          frames: film.slice(0, 2500),
          [index]: true,
          claimSegments: (all) => all.map((segment, i) => (i === 63 ? { ...segment, ticks: 30 * TIMESCALE } : segment)),
        }),
      );
      expect(proof).toMatchObject({ verdict: 'short', durationMs: 100_000 });
    }
  });

  it('about the longest segment, with no clock in the fragments to contradict it, is not followed', async () => {
    const claimSegments = (all: readonly { bytes: number; ticks: number }[]) =>
      all.map((segment, i) => (i === 63 ? { ...segment, ticks: 30 * TIMESCALE } : segment));
    const proof = await prove(
      build({ frames: film.slice(0, 2500), segmentIndex: true, decodeTimes: false, claimSegments }),
    );
    expect(proof).toMatchObject({ verdict: 'short', durationMs: 100_000 });
  });

  it('about the longest segment, stuffed so that it is not the thinnest, is not followed', async () => {
    // Ten seconds between two places of the fingerprint, where only the audit of the longest segment looks.
    const stuffing = box('free', new Uint8Array(300_000));
    const changeFragments = (all: readonly Uint8Array<ArrayBuffer>[]) =>
      all.map((bytes, i) => (i === 62 ? concat(bytes, stuffing) : bytes));
    const claimSegments = (all: readonly { bytes: number; ticks: number }[]) =>
      all.map((one, i) => (i === 62 ? { bytes: one.bytes + stuffing.length, ticks: 10 * TIMESCALE } : one));
    const frames = film.slice(0, 2800);
    const lie = { frames, segmentIndex: true, decodeTimes: false, changeFragments, claimSegments };
    expect(await prove(build(lie))).toMatchObject({ verdict: 'short', durationMs: 112_000 });
  });

  it('about one segment of next to nothing is not followed', async () => {
    const changeFragments = (all: readonly Uint8Array<ArrayBuffer>[]) =>
      all.map((bytes, i) => (i === 63 ? box('free', ascii('x'.repeat(40))) : bytes));
    const claimSegments = (all: readonly { bytes: number; ticks: number }[]) =>
      all.map((segment, i) => (i === 63 ? { ...segment, bytes: 48 } : segment));
    const proof = await prove(build({ segmentIndex: true, changeFragments, claimSegments }));
    expect(proof.durationMs).toBeLessThanOrEqual(124_000);
  });

  it('about bytes that are not there counts what is', async () => {
    const claimSegments = (all: readonly { bytes: number; ticks: number }[]) => [...all, ...all, ...all];
    const proof = await prove(build({ frames: film.slice(0, 1500), segmentIndex: true, claimSegments }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 60_000, claimedMs: 180_000 });
  });

  it('about segments of next to nothing is not followed', async () => {
    // Every other second is a box of junk, listed as a second of film.
    const changeFragments = (all: readonly Uint8Array<ArrayBuffer>[]) =>
      all.map((bytes, i) => (i % 2 === 1 ? box('free', ascii('x'.repeat(40))) : bytes));
    const claimSegments = (all: readonly { bytes: number; ticks: number }[]) =>
      all.map((segment, i) => (i % 2 === 1 ? { ...segment, bytes: 48 } : segment));
    const proof = await prove(build({ segmentIndex: true, changeFragments, claimSegments }));
    expect(proof.verdict).not.toBe('proven');
    expect(proof.durationMs).toBe(63_000);
  });

  it('by leaving most fragments out is not followed', async () => {
    const proof = await prove(build({ segmentIndex: true, claimSegments: (all) => all.slice(0, 20) }));
    expect(proof.verdict).toBe('proven');
    expect(proof.durationMs).toBeGreaterThanOrEqual(120_000);
  });
});

describe('a fragmented file cut short', () => {
  it.each([0, 1, 24, 249])('%i frames into a fragment', async (frames) => {
    const whole = build({ framesPerFragment: 250 });
    const dataAt = (placesOf(whole, 'mdat')[11] ?? 0) + 4;
    const sizes = film.slice(2750, 2750 + frames).map(({ bytes }) => bytes.length);
    const end = dataAt + sizes.reduce((sum, size) => sum + size, 0);
    for (const cut of [end, end + 1]) {
      expect(await prove(whole.slice(0, cut))).toMatchObject({
        verdict: 'truncated',
        durationMs: 110_000 + frames * 40,
        claimedMs: 120_000,
      });
    }
  });
});

describe('fragments that lie', () => {
  it('by pointing at the same bytes again', async () => {
    // Each run reaches back to where the first one's data lie.
    const places = placesOf(build({ framesPerFragment: 300 }), 'moof');
    const run = (frames: readonly Frame[], dataOffset: number) => {
      const fragment = film.findIndex((frame) => Object.is(frame, frames[0])) / 300;
      return sampleRun(frames, dataOffset - (places[fragment] ?? 0) + (places[0] ?? 0));
    };
    const proof = await prove(build({ framesPerFragment: 300, run }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 12_000, claimedMs: 125_000 });
  });

  it('about the clock only gain nothing', async () => {
    const frames = film.slice(0, 500);
    const file = build({ frames, framesPerFragment: 50, decodeTimes: true });
    const late = Buffer.from(file);
    // Every clock after the first says an hour later.
    for (const at of placesOf(late, 'tfdt').slice(1)) late.writeUInt32BE(46_080_000, at + 12);
    expect(await prove(late)).toMatchObject({ verdict: 'short', durationMs: 20_000 });
  });

  it('with no movie before them', async () => {
    const file = build({ framesPerFragment: 300 });
    const first = Buffer.from(file).indexOf('moof') - 4;
    const segment = concat(box('styp', ascii('iso5'), u32(0)), file.slice(first));
    expect(await prove(segment)).toMatchObject({ verdict: 'truncated', durationMs: 0 });
  });
});
