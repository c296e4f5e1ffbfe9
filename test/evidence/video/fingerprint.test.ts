import { describe, expect, it } from 'vitest';
import { fewestSharedKeyFrames, sharedKeyFrames } from '../../../shared/evidence/video/fingerprint.ts';
import { concat, u8, u32 } from './bytes.ts';
import { fragmented } from './fragmented-builder.ts';
import { avcC, type Frame, lesson, visualEntry } from './h264-builder.ts';
import { progressive } from './mp4-builder.ts';
import { prove } from './sources.ts';

const TIMESCALE = 12_800;
const film = lesson({ frames: 240 * 25, duration: 512, group: 50, seed: 7 });
const twoMinutes = film.slice(0, 125 * 25);

/** The same pictures on another clock. */
function onClock(frames: readonly Frame[], duration: number): Frame[] {
  return frames.map((frame) => ({ ...frame, duration }));
}

describe('the fingerprint', () => {
  it('stays when a recording is wrapped anew', async () => {
    const wrappings = [
      progressive({ frames: twoMinutes, timescale: TIMESCALE }),
      progressive({ frames: twoMinutes, timescale: TIMESCALE, indexFirst: false, brand: 'qt  ', samplesPerChunk: 3 }),
      progressive({ frames: onClock(twoMinutes, 24), timescale: 600, createdAt: new Date('2021-03-15T01:00:00Z') }),
      progressive({ frames: twoMinutes, timescale: TIMESCALE, soundMs: 125_000, claims: { movie: 1 } }),
      fragmented({ frames: twoMinutes, timescale: TIMESCALE, framesPerFragment: 250 }),
      fragmented({ frames: twoMinutes, timescale: TIMESCALE, framesPerFragment: 100, randomAccessIndex: true }),
      fragmented({ frames: twoMinutes, timescale: TIMESCALE, framesPerFragment: 50, segmentIndex: true }),
    ];
    const proofs = await Promise.all(wrappings.map((file) => prove(file)));
    const [first] = proofs;
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    for (const proof of proofs) {
      expect(proof).toMatchObject({ verdict: 'proven', fingerprint: first?.fingerprint });
      expect(sharedKeyFrames(proof.keyFrames, first?.keyFrames ?? [])).toBeGreaterThanOrEqual(5);
    }
  });

  it('stays when the coder’s notes around the picture change', async () => {
    const note = concat(u32(30), u8(6, 5), new Uint8Array(28).fill(65));
    const noted = twoMinutes.map((frame) => (frame.isKey ? { ...frame, bytes: concat(note, frame.bytes) } : frame));
    const [plain, other] = await Promise.all(
      [twoMinutes, noted].map((frames) => prove(progressive({ frames, timescale: TIMESCALE }))),
    );
    expect(other?.fingerprint).toBe(plain?.fingerprint);
  });

  it('is another for another recording, even one with the same first picture', async () => {
    const other = lesson({ frames: 125 * 25, duration: 512, group: 50, seed: 8 });
    const retake = [...twoMinutes.slice(0, 1), ...other.slice(1)];
    const [one, two] = await Promise.all(
      [twoMinutes, retake].map((frames) => prove(progressive({ frames, timescale: TIMESCALE }))),
    );
    expect(one?.fingerprint).not.toBe(two?.fingerprint);
    expect(one?.keyFrames[0]).toBe(two?.keyFrames[0]);
    expect(sharedKeyFrames(one?.keyFrames ?? [], two?.keyFrames ?? [])).toBe(0);
  });

  it.each([2, 6, 10, 20])(
    'tells a title of %i s before two recordings from a part of one recording',
    async (seconds) => {
      const title = film.slice(0, seconds * 25);
      const [one, two] = await Promise.all(
        [7, 11].map(async (seed) => {
          const rest = lesson({ frames: 125 * 25, duration: 512, group: 50, seed: seed + 100 }).slice(title.length);
          return prove(progressive({ frames: [...title, ...rest], timescale: TIMESCALE }));
        }),
      );
      expect(sharedKeyFrames(one?.keyFrames ?? [], two?.keyFrames ?? [])).toBeLessThan(fewestSharedKeyFrames);
      const cut = film.slice(500, 500 + 3100);
      const [whole, part] = await Promise.all(
        [film, cut].map(async (frames) => prove(progressive({ frames, timescale: TIMESCALE }))),
      );
      expect(sharedKeyFrames(whole?.keyFrames ?? [], part?.keyFrames ?? [])).toBeGreaterThan(fewestSharedKeyFrames);
    },
  );

  it('gives way to shared key frames when a part is cut out', async () => {
    const whole = await prove(progressive({ frames: film, timescale: TIMESCALE }));
    for (const start of [50, 750, 2000]) {
      const part = await prove(progressive({ frames: film.slice(start, start + 3100), timescale: TIMESCALE }));
      expect(part.verdict).toBe('proven');
      expect(sharedKeyFrames(part.keyFrames, whole.keyFrames)).toBeGreaterThanOrEqual(1);
    }
    const end = await prove(progressive({ frames: film.slice(0, 3500), timescale: TIMESCALE }));
    expect(end.fingerprint).toBe(whole.fingerprint);
  });

  it('is withheld where fragments hide their key frames', async () => {
    const sparse = lesson({ frames: 125 * 25, duration: 512, group: 333, seed: 9 });
    const file = fragmented({ frames: sparse, timescale: TIMESCALE, framesPerFragment: 25, segmentIndex: true });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', fingerprint: null });
  });

  it('looks at ordinary frames too where key frames are rare', async () => {
    const one = lesson({ frames: 125 * 25, duration: 512, group: 100_000, seed: 3 });
    const two = lesson({ frames: 125 * 25, duration: 512, group: 100_000, seed: 4 });
    const retake = [...one.slice(0, 1), ...two.slice(1)];
    const [first, second] = await Promise.all(
      [one, retake].map((frames) => prove(progressive({ frames, timescale: TIMESCALE }))),
    );
    expect(first?.fingerprint).not.toBeNull();
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
  });

  it('does not depend on how long the length fields are', async () => {
    const short = twoMinutes.map((frame) => ({ ...frame, bytes: frame.bytes.slice(2) }));
    const entry = visualEntry('avc1', avcC(null, 2));
    const [long, other] = await Promise.all([
      prove(progressive({ frames: twoMinutes, timescale: TIMESCALE })),
      prove(progressive({ frames: short, timescale: TIMESCALE, entry })),
    ]);
    expect(other).toMatchObject({ verdict: 'proven', fingerprint: long.fingerprint });
  });
});
