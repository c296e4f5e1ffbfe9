import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, zeros } from './bytes.ts';
import { fragmented } from './fragmented-builder.ts';
import { lesson } from './h264-builder.ts';
import { progressive } from './mp4-builder.ts';
import { prove } from './sources.ts';

const TIMESCALE = 12_800;
const DURATION = 512;
const film = lesson({ frames: 3025, duration: DURATION });
const filmBytes = film.reduce((sum, { bytes }) => sum + bytes.length, 0);

const indexFirst = progressive({ frames: film, timescale: TIMESCALE });
const indexLast = progressive({ frames: film, timescale: TIMESCALE, indexFirst: false });
const mediaStart = indexFirst.length - filmBytes;

/** Milliseconds of film whose frames lie wholly in the first `kept` bytes of the media. */
function msWithin(kept: number): number {
  if (kept < 0) return 0;
  let end = 0;
  const whole = film.findIndex(({ bytes }) => {
    end += bytes.length;
    return end > kept;
  });
  return (whole === -1 ? film.length : whole) * ((DURATION * 1000) / TIMESCALE);
}

describe('a file cut short', () => {
  it.each([4, 10, 90, 99])('at %i %%, its index in front, holds what its bytes hold', async (percent) => {
    const cut = Math.floor((indexFirst.length * percent) / 100);
    const durationMs = msWithin(cut - mediaStart);
    const seconds = (Math.floor(Math.max(0, durationMs) / 100) / 10).toFixed(1);
    const proof = await prove(indexFirst.slice(0, cut));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs });
    expect(proof.message).toContain(cut < mediaStart ? '文件不完整' : `实际只有 ${seconds} 秒的画面数据`);
  });

  it.each([4, 10, 90, 99])('at %i %%, its index behind, has lost its index', async (percent) => {
    const proof = await prove(indexLast.slice(0, Math.floor((indexLast.length * percent) / 100)));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 0 });
    expect(proof.message).toContain('文件不完整');
  });

  it.each([
    [3000, 'proven'],
    [2999, 'truncated'],
  ])('after %i frames of 3025: %s', async (frames, verdict) => {
    const kept = film.slice(0, frames).reduce((sum, { bytes }) => sum + bytes.length, 0);
    const proof = await prove(indexFirst.slice(0, mediaStart + kept));
    expect(proof).toMatchObject({ verdict, durationMs: frames * 40, frames });
  });

  it('and filled up with zeros to its old length is found out', async () => {
    for (const percent of [10, 50, 90]) {
      const cut = Math.floor((indexFirst.length * percent) / 100);
      const proof = await prove(concat(indexFirst.slice(0, cut), zeros(indexFirst.length - cut)));
      expect(proof.verdict).toMatch(/truncated|unreadable/);
      expect(proof.durationMs).toBeLessThanOrEqual(msWithin(cut - mediaStart) + 20_000);
    }
  });

  it('anywhere never counts a frame that is not whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: indexFirst.length }), async (cut) => {
        const proof = await prove(indexFirst.slice(0, cut));
        const durationMs = msWithin(cut - mediaStart);
        expect(proof.durationMs).toBe(durationMs);
        // Cut between two boxes before the media, the file only looks foreign.
        const lost = cut < mediaStart ? /^(truncated|unreadable)$/ : /^truncated$/;
        expect(proof.verdict).toMatch(durationMs >= 120_000 ? /^proven$/ : lost);
      }),
      { seed: 58, numRuns: 150 },
    );
  });

  it('anywhere, in fragments, never counts more than lies before the cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          framesPerFragment: fc.integer({ min: 20, max: 700 }),
          segmentIndex: fc.boolean(),
          randomAccessIndex: fc.boolean(),
          decodeTimes: fc.boolean(),
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (layout, share) => {
          const file = fragmented({ frames: film, timescale: TIMESCALE, ...layout });
          const cut = Math.floor(file.length * share);
          const proof = await prove(file.slice(0, cut));
          // Media and their index grow together: what is whole cannot last longer than the share of all bytes, plus an index.
          expect(proof.durationMs).toBeLessThanOrEqual(msWithin(cut));
          expect(proof.verdict === 'proven').toBe(proof.durationMs >= 120_000);
        },
      ),
      { seed: 58, numRuns: 80 },
    );
  });
});

describe('bytes changed at random in real clips', () => {
  const clips = ['index-first.mp4', 'index-last.mp4', 'fragmented.mp4'].map((name) =>
    readFileSync(new URL(`../../../local/sample/clips/${name}`, import.meta.url)),
  );
  const words = fc.constantFrom(0, 1, 4, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff, 0x10000);
  const change = fc.oneof(
    fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant('word' as const), at: fc.nat(), value: words }),
    fc.record({ kind: fc.constant('zeros' as const), at: fc.nat(), value: fc.integer({ min: 1, max: 5000 }) }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), value: fc.integer({ min: 1, max: 5000 }) }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.constant(0) }),
  );
  /** Half of the changes hit the index, where they hurt. */
  const place = fc.record({ inIndex: fc.boolean(), change });

  function indexAt(bytes: Uint8Array): number {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('moov', 0, 'latin1');
  }

  function apply(
    bytes: Uint8Array,
    { inIndex, change: { kind, at, value } }: { inIndex: boolean; change: { kind: string; at: number; value: number } },
  ): Uint8Array {
    const from = inIndex ? Math.max(0, indexAt(bytes)) : 0;
    const position = from + (at % Math.max(1, inIndex ? Math.min(12_000, bytes.length - from) : bytes.length));
    const changed = bytes.slice();
    if (kind === 'byte' && position < changed.length) changed[position] = value;
    if (kind === 'word' && position + 4 <= changed.length) new DataView(changed.buffer).setUint32(position, value);
    if (kind === 'zeros') changed.fill(0, position, position + value);
    if (kind === 'remove') return concat(changed.slice(0, position), changed.slice(position + value));
    return kind === 'cut' ? changed.slice(0, position) : changed;
  }

  it('end in a verdict within the budgets, and never in more video than there are frames', async () => {
    const runs = Number(process.env['VIDEO_MUTATIONS'] ?? 500);
    const verdicts = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...clips),
        fc.array(place, { minLength: 1, maxLength: 6 }),
        async (clip, changes) => {
          const file = changes.reduce(apply, new Uint8Array(clip));
          const proof = await prove(file);
          verdicts.add(proof.verdict);
          expect(proof.detail).not.toMatch(/defect/);
          expect(proof.requests).toBeLessThanOrEqual(700);
          expect(proof.bytesRead).toBeLessThanOrEqual(2 * file.length + 65_536);
          expect(proof.durationMs).toBeLessThanOrEqual(proof.frames * 1000);
          // A coded picture takes eight bytes at the very least: length, header, a slice of "as before".
          expect(proof.verdict === 'proven' ? proof.frames * 8 : 0).toBeLessThanOrEqual(file.length);
        },
      ),
      { seed: 58, numRuns: runs },
    );
    expect([...verdicts].toSorted()).toEqual(expect.arrayContaining(['proven', 'truncated', 'unreadable']));
  });
});
