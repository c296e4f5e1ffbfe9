import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BUDGETS } from '../../../shared/evidence/video/budgets.ts';
import { proveVideo } from '../../../shared/evidence/video/prove-video.ts';
import type { RangeSource } from '../../../shared/evidence/video/range-source.ts';
import type { VideoVerdict } from '../../../shared/evidence/video/video-proof.ts';
import { ascii, type Bytes, box, concat, fullBox, u8, u16, u32, u64, zeros } from './bytes.ts';
import { fragmented } from './fragmented-builder.ts';
import { avcC, lesson, sampleDescriptions, visualEntry } from './h264-builder.ts';
import { fileType, handler, mediaHeader, movieHeader, progressive, type Table, trackHeader } from './mp4-builder.ts';
import { memorySource, sparseSource } from './sources.ts';

const MAX_32 = 0xffffffff;
const GIB = 2 ** 30;

const TIMESCALE = 12_800;
const film = lesson({ frames: 3025, duration: 512 });

function withTables(tables: Partial<Record<Table, Uint8Array>>): RangeSource {
  return memorySource(progressive({ frames: film, timescale: TIMESCALE, tables }));
}

function withRun(trun: Uint8Array): RangeSource {
  return memorySource(fragmented({ frames: film, timescale: TIMESCALE, framesPerFragment: 500, run: () => trun }));
}

function nested(type: string, depth: number): Bytes {
  const bytes = new Uint8Array(depth * 8);
  const view = new DataView(bytes.buffer);
  for (let level = 0; level < depth; level += 1) {
    view.setUint32(level * 8, (depth - level) * 8);
    bytes.set(ascii(type), level * 8 + 4);
  }
  return bytes;
}

/** A box header that declares what does not follow. */
function declared(type: string, size: number | bigint): Bytes {
  return typeof size === 'bigint' || size > MAX_32
    ? concat(u32(1), ascii(type), u64(size))
    : concat(u32(size), ascii(type));
}

/** Samples of one size in one chunk, `count` of them, in an object of 3 GiB. */
function constantSizes(size: number, count: number): RangeSource {
  const table = box(
    'stbl',
    sampleDescriptions(visualEntry('avc1', avcC())),
    fullBox('stts', 0, 0, u32(1, count, 512)),
    fullBox('stsz', 0, 0, u32(size, count)),
    fullBox('stsc', 0, 0, u32(1, 1, count, 1)),
    fullBox('stco', 0, 0, u32(1, 4096)),
  );
  const media = box('mdia', mediaHeader(TIMESCALE, 0), handler('vide'), box('minf', table));
  const head = concat(fileType('isom'), box('moov', movieHeader(1000, 0), box('trak', trackHeader(1, 0), media)));
  return sparseSource(3 * GIB, [{ at: 0, bytes: concat(head, declared('mdat', 3 * GIB - head.length)) }]);
}

const spreadFree = Array.from({ length: 20_000 }, (_, index) => ({
  at: 32 + index * 150_000,
  bytes: declared('free', 150_000),
}));

const bomb = deflateSync(zeros(64 * 1024 * 1024));

/** The lie does no harm: what is true is proven all the same. */
const HONEST: readonly VideoVerdict[] = ['proven'];

interface Attack {
  readonly name: string;
  readonly source: () => RangeSource;
  readonly verdicts: readonly VideoVerdict[];
  /** Of what is proven, when not the 121 seconds that the honest part of the file holds. */
  readonly durationMs?: number;
}

const ATTACKS: readonly Attack[] = [
  ...[0, 1, 4, 7].map((size) => ({
    name: `a first box of size ${size}`,
    source: () => memorySource(concat(declared('ftyp', size), zeros(64))),
    verdicts: ['unreadable', 'truncated'] as const,
  })),
  ...[2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, 15n].map((size) => ({
    name: `a media box of size ${size}`,
    source: () => memorySource(concat(fileType('isom'), declared('mdat', size), zeros(64))),
    verdicts: ['truncated', 'unreadable'] as const,
  })),
  ...[0, 1, 4].map((size) => ({
    name: `a box of size ${size} inside the index`,
    source: () => memorySource(progressive({ frames: film, timescale: TIMESCALE, inMovie: [declared('udta', size)] })),
    verdicts: ['unreadable', 'proven'] as const,
  })),
  {
    name: 'an index of 2 GiB, declared',
    source: () => sparseSource(3 * GIB, [{ at: 0, bytes: concat(fileType('isom'), declared('moov', 2 * GIB)) }]),
    verdicts: ['too-costly'],
  },
  {
    name: 'an index larger than the object',
    source: () => memorySource(concat(fileType('isom'), declared('moov', 2 * GIB), zeros(64))),
    verdicts: ['truncated'],
  },
  {
    name: 'an stts of 2^32 - 1 entries',
    source: () => withTables({ stts: fullBox('stts', 0, 0, u32(MAX_32, 1, 512)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'an stts run of 2^32 - 1 samples',
    source: () => withTables({ stts: fullBox('stts', 0, 0, u32(1, MAX_32, 512)) }),
    verdicts: HONEST,
  },
  {
    name: 'a clock that overflows',
    source: () => withTables({ stts: fullBox('stts', 0, 0, u32(1, MAX_32, 0x7fffffff)) }),
    verdicts: HONEST,
    // One second for each of the frames, which are real, and a flag.
    durationMs: 3_025_000,
  },
  {
    name: 'an stts of empty runs',
    source: () => withTables({ stts: fullBox('stts', 0, 0, u32(300_000), zeros(300_000 * 8)) }),
    verdicts: ['short', 'truncated'],
  },
  {
    name: 'a ctts of 2^32 - 1 entries',
    source: () => withTables({ ctts: fullBox('ctts', 0, 0, u32(MAX_32, 1, 0)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'an stsz of 2^32 - 1 entries',
    source: () => withTables({ stsz: fullBox('stsz', 0, 0, u32(0, MAX_32, 100)) }),
    verdicts: ['unreadable'],
  },
  {
    name: '2^32 - 1 samples of one byte',
    source: () => constantSizes(1, MAX_32),
    verdicts: ['too-costly', 'unreadable'],
  },
  {
    name: '2^32 - 1 samples of 2 GiB',
    source: () => constantSizes(2 * GIB, MAX_32),
    verdicts: ['too-costly', 'truncated'],
  },
  { name: '3025 samples of zeros', source: () => constantSizes(1000, 3025), verdicts: ['unreadable'] },
  {
    name: 'an stsc of 2^32 - 1 entries',
    source: () => withTables({ stsc: fullBox('stsc', 0, 0, u32(MAX_32, 1, 10, 1)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'an stsc that begins with the second chunk',
    source: () => withTables({ stsc: fullBox('stsc', 0, 0, u32(1, 2, 10, 1)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'an stsc that runs backwards',
    source: () => withTables({ stsc: fullBox('stsc', 0, 0, u32(3, 1, 10, 1, 9, 10, 1, 5, 10, 1)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'chunks of 2^32 - 1 samples',
    source: () => withTables({ stsc: fullBox('stsc', 0, 0, u32(1, 1, MAX_32, 1)) }),
    verdicts: ['truncated', 'unreadable', 'proven'],
  },
  {
    name: 'an stco of 2^32 - 1 entries',
    source: () => withTables({ stco: fullBox('stco', 0, 0, u32(MAX_32, 1)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'chunks beyond 2^53',
    source: () =>
      withTables({ stco: fullBox('co64', 0, 0, u32(303), u64(...film.slice(0, 303).map(() => 2n ** 63n))) }),
    verdicts: ['truncated'],
  },
  {
    name: 'two million chunks',
    source: () => withTables({ stco: fullBox('stco', 0, 0, u32(2_000_000), zeros(8_000_000)) }),
    verdicts: ['too-costly'],
  },
  {
    name: 'chunks in disorder, too many to sort',
    source: () => withTables({ stco: fullBox('stco', 0, 0, u32(300_000), zeros(1_200_000)) }),
    verdicts: ['too-costly'],
  },
  {
    name: 'an edit list of a million edits',
    source: () => withTables({ elst: fullBox('elst', 0, 0, u32(1_000_000), zeros(12_000_000)) }),
    verdicts: ['too-costly'],
  },
  {
    name: 'an edit list of 2^32 - 1 edits',
    source: () => withTables({ elst: fullBox('elst', 0, 0, u32(MAX_32, 0, 0)) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'a sample description that ends early',
    source: () => withTables({ stsd: sampleDescriptions(box('avc1', zeros(78), box('avcC', u8(1)))) }),
    verdicts: ['unreadable'],
  },
  {
    name: 'a parameter set of nothing but zeros',
    source: () =>
      withTables({
        stsd: sampleDescriptions(
          visualEntry('avc1', box('avcC', u8(1, 66, 0, 30, 255, 0xe1), u16(600), u8(0x67, 66), zeros(598))),
        ),
      }),
    verdicts: HONEST,
  },
  {
    name: 'a trun of 2^32 - 1 entries',
    source: () => withRun(fullBox('trun', 0, 0x301, u32(MAX_32, 0, 1, 1))),
    verdicts: ['unreadable'],
  },
  {
    name: 'a trun of 2^32 - 1 samples without entries',
    source: () => withRun(fullBox('trun', 0, 0x1, u32(MAX_32, 0))),
    verdicts: ['too-costly'],
  },
  {
    name: 'a trun whose data lie before the object',
    source: () => withRun(fullBox('trun', 0, 0x301, u32(1, -2_000_000_000, 512, 100))),
    verdicts: ['truncated', 'short'],
  },
  {
    name: '200,000 nested boxes in the index',
    source: () => memorySource(concat(fileType('isom'), box('moov', movieHeader(1000, 0), nested('trak', 200_000)))),
    verdicts: ['unreadable', 'not-video'],
  },
  {
    name: '200,000 nested indexes',
    source: () => memorySource(concat(fileType('isom'), nested('moov', 200_000))),
    verdicts: ['unreadable'],
  },
  {
    name: '20,000 spread boxes before the index',
    source: () => sparseSource(3 * GIB, [{ at: 0, bytes: box('ftyp', zeros(24)) }, ...spreadFree]),
    verdicts: ['too-costly'],
  },
  {
    name: '20,000 boxes inside the index',
    source: () =>
      memorySource(progressive({ frames: film, timescale: TIMESCALE, inMovie: Array(20_000).fill(box('free')) })),
    verdicts: ['too-costly'],
  },
  {
    name: '20,000 spread boxes after the index of a fragmented file',
    source: () => {
      const head = fragmented({ frames: film.slice(0, 500), timescale: TIMESCALE, framesPerFragment: 500 });
      const far = Math.ceil(head.length / 150_000) * 150_000;
      const gap = { at: head.length, bytes: declared('free', far - head.length) };
      const spread = spreadFree.map(({ bytes }, index) => ({ at: far + index * 150_000, bytes }));
      return sparseSource(3 * GIB, [{ at: 0, bytes: head }, gap, ...spread]);
    },
    verdicts: ['too-costly'],
  },
  {
    name: 'a compressed index that unfolds to 64 MiB',
    source: () => {
      const compressed = box('cmov', box('dcom', ascii('zlib')), box('cmvd', u32(64 * 1024 * 1024), bomb));
      return memorySource(concat(fileType('qt  '), box('moov', compressed), box('mdat', zeros(64))));
    },
    verdicts: ['unreadable'],
  },
  { name: '3 GiB of zeros', source: () => sparseSource(3 * GIB, []), verdicts: ['unreadable'] },
  {
    name: '3 GiB of zeros after a beginning',
    source: () => sparseSource(3 * GIB, [{ at: 0, bytes: concat(fileType('isom'), box('free', zeros(40_000))) }]),
    verdicts: ['unreadable'],
  },
  {
    name: 'a track whose clock has no ticks',
    source: () => memorySource(progressive({ frames: film, timescale: 0 })),
    verdicts: ['unreadable'],
  },
  {
    name: 'a sidx of more references than it holds',
    source: () => {
      const file = fragmented({ frames: film, timescale: TIMESCALE, framesPerFragment: 500 });
      const at = file.findIndex((_, index) => ascii('moof').every((byte, i) => file[index + 4 + i] === byte));
      const sidx = fullBox('sidx', 0, 0, u32(1, TIMESCALE, 0, 0), u16(0, 0xffff));
      return memorySource(concat(file.slice(0, at), sidx, file.slice(at)));
    },
    verdicts: HONEST,
  },
];

describe('an attack ends in a verdict, within the budgets', () => {
  it.each(ATTACKS)('$name', async ({ source, verdicts, durationMs = 121_000 }) => {
    const proof = await proveVideo(source());
    expect(verdicts).toContain(proof.verdict);
    expect(proof.detail).not.toMatch(/defect/);
    expect(proof.message.length).toBeGreaterThan(20);
    expect(proof.requests).toBeLessThanOrEqual(DEFAULT_BUDGETS.requests);
    expect(proof.bytesRead).toBeLessThanOrEqual(DEFAULT_BUDGETS.bytes);
    expect(proof.verdict === 'proven' ? proof.durationMs : durationMs).toBe(durationMs);
  });
});

describe('budgets', () => {
  const file = memorySource(progressive({ frames: film, timescale: TIMESCALE, indexFirst: false }));

  it('of requests', async () => {
    const { requests } = await proveVideo(file);
    expect(await proveVideo(file, { budgets: { requests } })).toMatchObject({ verdict: 'proven' });
    const proof = await proveVideo(file, { budgets: { requests: requests - 1 } });
    expect(proof).toMatchObject({ verdict: 'too-costly', detail: `budget requests of ${requests - 1} exhausted` });
    expect(proof.message).toContain('重新导出为普通 MP4');
  });

  it('of bytes', async () => {
    const { bytesRead } = await proveVideo(file);
    expect(await proveVideo(file, { budgets: { bytes: bytesRead } })).toMatchObject({ verdict: 'proven' });
    expect(await proveVideo(file, { budgets: { bytes: bytesRead - 1 } })).toMatchObject({ verdict: 'too-costly' });
  });

  it('of samples: what was counted by then may be enough', async () => {
    const enough = await proveVideo(file, { budgets: { samples: 3000 } });
    expect(enough).toMatchObject({ verdict: 'proven', durationMs: 120_000, isAtLeast: true });
    expect(enough.message).toContain('至少 120.0 秒');
    expect(await proveVideo(file, { budgets: { samples: 2999 } })).toMatchObject({ verdict: 'too-costly' });
  });

  it('of top-level boxes before the index', async () => {
    const boxes = (count: number) => concat(...Array.from({ length: count }, () => box('free')));
    const index = progressive({ frames: film.slice(0, 10), timescale: TIMESCALE, brand: null });
    expect(await proveVideo(memorySource(concat(boxes(63), index)))).not.toMatchObject({ verdict: 'too-costly' });
    expect(await proveVideo(memorySource(concat(boxes(64), index)))).toMatchObject({ verdict: 'too-costly' });
  });

  it('of time, when the video is to blame', async () => {
    let now = 0;
    const proof = await proveVideo(file, { now: () => (now += 1), budgets: { wallClockMs: 5 } });
    expect(proof).toMatchObject({ verdict: 'too-costly', detail: 'budget wallClockMs of 5 exhausted' });
  });

  it('of time, when the source is to blame, are no verdict', async () => {
    let now = 0;
    const slow = {
      size: file.size,
      read: (start: number, end: number) => {
        now += 9000;
        return file.read(start, end);
      },
    };
    await expect(proveVideo(slow, { now: () => now })).rejects.toThrow('the source took 27000 ms for 3 reads');
  });

  it('of time end a read that never answers', async () => {
    const silent = { size: 1000, read: () => new Promise<Uint8Array>(() => undefined) };
    await expect(proveVideo(silent, { now: () => 0, budgets: { wallClockMs: 0 } })).rejects.toThrow(
      'no answer for the range 0-1000 in time',
    );
  });
});
