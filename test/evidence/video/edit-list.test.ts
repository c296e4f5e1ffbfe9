import { describe, expect, it } from 'vitest';
import { fragmented } from './fragmented-builder.ts';
import { lesson } from './h264-builder.ts';
import { type Edit, progressive } from './mp4-builder.ts';
import { prove } from './sources.ts';

const TIMESCALE = 12_800;
const film = lesson({ frames: 130 * 25, duration: 512 });

function edited(edits: readonly Edit[], movieTimescale = 1000) {
  return prove(progressive({ frames: film, timescale: TIMESCALE, edits, movieTimescale }));
}

describe('an edit list', () => {
  it('that trims the head', async () => {
    const edits = [{ segment: 119_000, mediaTime: 11 * TIMESCALE }];
    expect(await edited(edits)).toMatchObject({ verdict: 'short', durationMs: 119_000, frames: 3250 });
  });

  it.each([
    [119_999, 'short'],
    [120_000, 'proven'],
    [120_001, 'proven'],
  ])('that trims the tail after %i ms: %s', async (segment, verdict) => {
    expect(await edited([{ segment, mediaTime: 0 }])).toMatchObject({ verdict, durationMs: segment });
  });

  it('that delays adds nothing', async () => {
    const edits = [
      { segment: 5000, mediaTime: -1 },
      { segment: 119_000, mediaTime: 0 },
    ];
    expect(await edited(edits)).toMatchObject({ verdict: 'short', durationMs: 119_000 });
  });

  it('that delays makes no lie of the track’s header, which includes the delay', async () => {
    const edits = [
      { segment: 5000, mediaTime: -1 },
      { segment: 119_000, mediaTime: 0 },
    ];
    const file = progressive({ frames: film.slice(0, 119 * 25), timescale: TIMESCALE, edits });
    expect(await prove(file)).toMatchObject({ verdict: 'short', durationMs: 119_000, claimedMs: 119_000 });
  });

  it('that shows a part again and again counts it once', async () => {
    const edits = Array.from({ length: 25 }, () => ({ segment: 5000, mediaTime: 0 }));
    expect(await edited(edits)).toMatchObject({ verdict: 'short', durationMs: 5000 });
  });

  it('that shows two parts counts both, overlapping ones once', async () => {
    const parts = [
      { segment: 50_000, mediaTime: 0 },
      { segment: 80_000, mediaTime: 40 * TIMESCALE },
    ];
    expect(await edited(parts)).toMatchObject({ verdict: 'proven', durationMs: 120_000 });
  });

  it('that freezes a picture adds nothing', async () => {
    const edits = [
      { segment: 60_000, mediaTime: 0 },
      { segment: 60_000, mediaTime: 60 * TIMESCALE, rate: 0 },
    ];
    expect(await edited(edits)).toMatchObject({ verdict: 'short', durationMs: 60_000 });
    // Nor when it does so to the end.
    expect(await edited([{ segment: 0, mediaTime: 0, rate: 0 }])).toMatchObject({ verdict: 'short', durationMs: 0 });
  });

  it('that plays twice as fast counts the time it takes', async () => {
    expect(await edited([{ segment: 50_000, mediaTime: 0, rate: 2 }])).toMatchObject({ durationMs: 50_000 });
    expect(await edited([{ segment: 65_000, mediaTime: 0, rate: 2 }])).toMatchObject({ durationMs: 65_000 });
  });

  it('that shows nothing', async () => {
    expect(await edited([{ segment: 130_000, mediaTime: -1 }])).toMatchObject({ verdict: 'short', durationMs: 0 });
  });

  it('that begins beyond the media shows nothing', async () => {
    expect(await edited([{ segment: 130_000, mediaTime: 131 * TIMESCALE }])).toMatchObject({ durationMs: 0 });
  });

  it('on a coarse clock does not cut the last frame off', async () => {
    // 120.04 s are 72,024 ticks of 1/600 s; rounded down by one they still mean the whole.
    const frames = film.slice(0, 3001);
    const edits = [{ segment: 72_023, mediaTime: 0 }];
    const file = progressive({ frames, timescale: TIMESCALE, edits, movieTimescale: 600 });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', durationMs: 120_040 });
  });

  it('that only makes up for reordered frames takes nothing', async () => {
    const frames = film.slice(0, 3000).map((frame, i) => ({ ...frame, shift: [1024, 2048, 512, 512][i % 4] ?? 0 }));
    const edits = [{ segment: 120_000, mediaTime: 1024 }];
    const file = progressive({ frames, timescale: TIMESCALE, edits });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', durationMs: 120_000 });
  });

  it('of a fragmented file runs to the end, however long it says', async () => {
    const file = fragmented({
      frames: film,
      timescale: TIMESCALE,
      framesPerFragment: 400,
      edits: [{ segment: 10, mediaTime: 5 * TIMESCALE }],
    });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', durationMs: 125_000 });
  });
});
