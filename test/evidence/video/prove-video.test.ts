import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { proveVideo } from '../../../shared/evidence/video/prove-video.ts';
import { SourceReadError } from '../../../shared/evidence/video/range-source.ts';
import { ascii, box, concat, fullBox, u8, u16, u32, zeros } from './bytes.ts';
import { fragmented } from './fragmented-builder.ts';
import { avcC, lesson, sampleDescriptions, visualEntry } from './h264-builder.ts';
import { progressive, timeTable } from './mp4-builder.ts';
import { memorySource, prove } from './sources.ts';

const CLIPS = new URL('../../../local/sample/clips/', import.meta.url);

/** 25 frames per second, as ticks. */
const FILM = { timescale: 12_800, duration: 512 };

function film(seconds: number, seed = 1) {
  return lesson({ frames: seconds * 25, duration: FILM.duration, seed });
}

const RATES = [
  { rate: '15', timescale: 15_360, duration: 1024 },
  { rate: '23.976', timescale: 24_000, duration: 1001 },
  { rate: '25', timescale: 12_800, duration: 512 },
  { rate: '29.97', timescale: 30_000, duration: 1001 },
  { rate: '30', timescale: 15_360, duration: 512 },
];

describe('the measured duration', () => {
  for (const { rate, timescale, duration } of RATES) {
    const framesOf120 = Math.ceil((120 * timescale) / duration);
    const cases = [
      { name: 'one frame less than 120 s', frames: framesOf120 - 1, verdict: 'short' },
      { name: '120 s to the frame', frames: framesOf120, verdict: 'proven' },
      { name: '121 s', frames: Math.ceil((121 * timescale) / duration), verdict: 'proven' },
      { name: '5 s', frames: Math.ceil((5 * timescale) / duration), verdict: 'short' },
    ];
    it.each(cases)(`${rate} frames per second: $name`, async ({ frames, verdict }) => {
      const pictures = lesson({ frames, duration });
      const durationMs = Math.floor((frames * duration * 1000) / timescale);
      const files = [
        progressive({ frames: pictures, timescale }),
        progressive({ frames: pictures, timescale, indexFirst: false, wideOffsets: true }),
        fragmented({ frames: pictures, timescale, framesPerFragment: Math.ceil(frames / 11) }),
      ];
      for (const file of files) {
        const proof = await prove(file);
        expect(proof).toMatchObject({ verdict, durationMs, frames, isAtLeast: false });
        expect(proof.frameRate).toBeCloseTo(timescale / duration, 2);
      }
    });
  }

  it('is as long as demanded, to the millisecond', async () => {
    const file = progressive({ frames: lesson({ frames: 100, duration: 77 }), timescale: 1000 });
    for (const [requiredMs, verdict] of [
      [7699, 'proven'],
      [7700, 'proven'],
      [7701, 'short'],
    ] as const) {
      expect(await prove(file, { requiredMs })).toMatchObject({ verdict, durationMs: 7700, requiredMs });
    }
  });

  it('counts frames of varying duration', async () => {
    const frames = film(130).map((frame, index) => ({ ...frame, duration: index % 2 === 0 ? 300 : 700 }));
    const ticks = frames.reduce((sum, { duration }) => sum + duration, 0);
    const expected = Math.floor((ticks * 1000) / FILM.timescale);
    expect(await prove(progressive({ frames, timescale: FILM.timescale }))).toMatchObject({ durationMs: expected });
  });

  it('does not count beyond ten seconds for one frame', async () => {
    const frames = film(5).map((frame, index) =>
      index === 124 ? { ...frame, duration: 116 * FILM.timescale } : frame,
    );
    const proof = await prove(progressive({ frames, timescale: FILM.timescale }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 4960 + 10_000 });
  });
});

describe('the committed clips', () => {
  const clips = [
    { name: 'index-first.mp4', layout: 'index-first', durationMs: 121_000, day: '2021-03-15' },
    { name: 'index-last.mp4', layout: 'index-last', durationMs: 130_000, day: '2021-03-17' },
    { name: 'fragmented.mp4', layout: 'fragmented', durationMs: 122_000, day: '2021-03-19' },
  ];

  it.each(clips)('$name is proven without a flag', async ({ name, layout, durationMs, day }) => {
    const bytes = readFileSync(new URL(name, CLIPS));
    expect(bytes.length).toBeLessThan(300_000);
    const proof = await prove(bytes, { classDates: { from: '2021-03-15', to: '2021-03-19' } });
    expect(proof).toMatchObject({ verdict: 'proven', layout, durationMs, container: 'mp4', codec: 'h264', flags: [] });
    expect(proof.createdAt?.slice(0, 10)).toBe(day);
    expect(proof.requests).toBeLessThanOrEqual(15);
    expect(proof.message).toBe(`已核实画面时长 ${durationMs / 1000}.0 秒（要求不少于 120 秒）。`);
  });

  it('are three different recordings', async () => {
    const proofs = await Promise.all(clips.map(({ name }) => prove(readFileSync(new URL(name, CLIPS)))));
    expect(new Set(proofs.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(new Set(proofs.flatMap(({ keyFrames }) => keyFrames)).size).toBe(
      proofs.reduce((sum, { keyFrames }) => sum + keyFrames.length, 0),
    );
  });
});

describe('what is not a teaching video', () => {
  const frames = film(121);

  it('sound alone', async () => {
    const file = progressive({ frames: [], timescale: 1000, soundMs: 121_000, withoutPicture: true });
    expect(await prove(file)).toMatchObject({
      verdict: 'not-video',
      message: '这个文件只有声音，没有画面，不能作为教学视频。请上传不少于 120 秒的 MP4 视频。',
    });
  });

  it('sound with a cover picture', async () => {
    const cover = { bytes: concat(u8(0xff, 0xd8), zeros(500).fill(7)), duration: 121_000, isKey: true };
    const entry = visualEntry('jpeg');
    const file = progressive({ frames: [cover], timescale: 1000, soundMs: 121_000, entry, brand: 'qt  ' });
    expect(await prove(file)).toMatchObject({ verdict: 'not-video', durationMs: 0 });
  });

  it('five seconds of picture under two minutes of sound', async () => {
    const file = progressive({ frames: film(5), timescale: FILM.timescale, soundMs: 121_000 });
    expect(await prove(file)).toMatchObject({
      verdict: 'short',
      durationMs: 5000,
      message: '画面实测 5.0 秒，要求不少于 120 秒。请上传一段不少于 120 秒的完整教学视频。',
    });
  });

  it('one frame', async () => {
    const file = progressive({ frames: frames.slice(0, 1), timescale: FILM.timescale });
    expect(await prove(file)).toMatchObject({ verdict: 'short', durationMs: 40, frames: 1 });
  });

  it('a playlist, whatever it names', async () => {
    const file = ascii('#EXTM3U\n#EXTINF:121,\nhttps://example.invalid/lesson.mp4\n');
    expect(await prove(file)).toMatchObject({
      verdict: 'not-video',
      requests: 1,
      message: '这个文件是播放列表，不能作为教学视频。请上传不少于 120 秒的 MP4 视频。',
    });
  });

  it.each([
    ['a JPEG', concat(u8(0xff, 0xd8, 0xff, 0xe0), zeros(64)), 'image/jpeg'],
    ['a PDF', ascii('%PDF-1.7\n%'), 'application/pdf'],
    ['a Word document', ascii('PK\x03\x04\x14\0'), 'application/zip'],
    ['an MP3', ascii('ID3\x04\0\0'), 'audio/mpeg'],
    ['a HEIC photo', concat(u32(24), ascii('ftypheic'), zeros(12)), 'image/heic'],
    ['a web page', ascii('<!doctype html><html>'), 'text/html'],
  ])('%s', async (_name, bytes, container) => {
    expect(await prove(bytes)).toMatchObject({ verdict: 'not-video', container, durationMs: 0 });
  });
});

describe('other containers are named and declined', () => {
  const transport = concat(...[0, 1, 2, 3].map(() => concat(u8(0x47), zeros(187).fill(1))));
  it.each([
    ['Matroska（MKV）', 'matroska', concat(u32(0x1a45dfa3), ascii('\x42\x82\x88matroska'))],
    ['WebM', 'webm', concat(u32(0x1a45dfa3), ascii('\x42\x82\x84webm'))],
    ['FLV', 'flv', ascii('FLV\x01\x05')],
    ['ASF（WMV）', 'asf', concat(u32(0x3026b275, 0x8e66cf11, 0xa6d900aa, 0x0062ce6c))],
    ['AVI', 'avi', concat(ascii('RIFF'), zeros(4), ascii('AVI LIST'))],
    ['MPEG 节目流（MPG、VOB）', 'mpeg-ps', concat(u32(0x1ba), zeros(16))],
    ['MPEG 传输流（TS、M2TS）', 'mpeg-ts', transport],
    [
      'MPEG 传输流（TS、M2TS）',
      'mpeg-ts',
      concat(...[0, 1, 2].map(() => concat(zeros(4).fill(9), u8(0x47), zeros(187)))),
    ],
    ['H.264 或 H.265 裸流', 'raw-video', concat(u32(1), u8(0x67, 66, 0, 30))],
    ['Ogg', 'ogg', ascii('OggS\0\x02')],
  ])('%s', async (name, container, bytes) => {
    expect(await prove(bytes)).toMatchObject({
      verdict: 'unsupported',
      container,
      requests: 1,
      message: `暂不支持 ${name} 格式。请转换为 MP4（H.264）后重新上传。`,
    });
  });

  it('and so is an encrypted film', async () => {
    const file = progressive({ frames: film(121), timescale: FILM.timescale, entry: visualEntry('encv', avcC()) });
    expect(await prove(file)).toMatchObject({ verdict: 'unsupported', message: expect.stringContaining('加密的视频') });
  });
});

describe('the family of containers', () => {
  it.each([
    ['isom', 'mp4'],
    ['mp42', 'mp4'],
    ['qt  ', 'mov'],
    ['M4V ', 'm4v'],
    ['3gp5', '3gp'],
    [null, 'mov'],
  ])('brand %s is %s', async (brand, container) => {
    const file = progressive({ frames: film(121), timescale: FILM.timescale, brand });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', container, width: 320, height: 240 });
  });
});

describe('headers that lie', () => {
  it('about the duration, over truthful tables', async () => {
    const ms = { movie: 121_000, track: 121_000, media: 121 * FILM.timescale };
    const proof = await prove(progressive({ frames: film(5), timescale: FILM.timescale, claims: ms }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 5000, claimedMs: 121_000 });
    expect(proof.message).toBe(
      '文件头称时长 121.0 秒，实际只有 5.0 秒的画面数据。请重新上传完整的原始文件；如果原文件就是这样，请重新录制。',
    );
  });

  it('only about the whole movie: what the picture track says counts', async () => {
    const file = progressive({ frames: film(5), timescale: FILM.timescale, claims: { movie: 121_000 } });
    expect(await prove(file)).toMatchObject({ verdict: 'short', durationMs: 5000 });
  });

  it('about more samples than the size table has', async () => {
    const stts = fullBox('stts', 0, 0, u32(1, 3025, FILM.duration));
    const file = progressive({ frames: film(5), timescale: FILM.timescale, tables: { stts } });
    expect(await prove(file)).toMatchObject({ verdict: 'short', durationMs: 5000 });
  });

  it('about samples without a byte', async () => {
    const sizes = [...film(5).map(({ bytes }) => bytes.length), ...Array.from({ length: 2900 }, () => 0)];
    const stsz = fullBox('stsz', 0, 0, u32(0, sizes.length, ...sizes));
    const stts = fullBox('stts', 0, 0, u32(1, sizes.length, FILM.duration));
    const stsc = fullBox('stsc', 0, 0, u32(1, 1, sizes.length, 1));
    const file = progressive({
      frames: film(5),
      timescale: FILM.timescale,
      tables: { stsz, stts, stsc },
      moveChunks: ([first = 0]) => [first],
    });
    // Empty samples prolong the last picture, by ten seconds in all.
    expect(await prove(file)).toMatchObject({ verdict: 'truncated', durationMs: 4960 + 10_000, frames: 125 });
  });

  it('by letting all chunks share the same bytes', async () => {
    const frames = film(121);
    const file = progressive({ frames, timescale: FILM.timescale, moveChunks: (all) => all.map(() => all[0] ?? 0) });
    expect(await prove(file)).toMatchObject({ verdict: 'truncated', durationMs: 400, frames: 10 });
  });

  it('by playing a few seconds over and over through the chunk table', async () => {
    const frames = lesson({ frames: 3025, duration: FILM.duration, size: 150 });
    const loop = (all: readonly number[]) => all.map((_, chunk) => all[chunk % 13] ?? 0);
    const proof = await prove(progressive({ frames, timescale: FILM.timescale, moveChunks: loop }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 5200, frames: 130 });
  });

  it('by chunks that overlap half', async () => {
    const frames = film(121);
    const step = (all: readonly number[]) => all.map((offset, i) => (i % 2 === 0 ? offset : (all[i - 1] ?? 0) + 100));
    const proof = await prove(progressive({ frames, timescale: FILM.timescale, moveChunks: step }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 60_600 });
  });

  it('by chunks that overlap, of which the first to be played counts', async () => {
    const frames = lesson({ frames: 15, duration: FILM.duration, size: 150 });
    const swap = ([first = 0]: readonly number[]) => [first + 100, first];
    const proof = await prove(progressive({ frames, timescale: FILM.timescale, moveChunks: swap }));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 400, frames: 10 });
  });

  it('but chunks in another order are no lie', async () => {
    const frames = lesson({ frames: 3030, duration: FILM.duration, size: 150 });
    const file = progressive({ frames, timescale: FILM.timescale, moveChunks: (all) => all.toReversed() });
    expect(await prove(file)).toMatchObject({ verdict: 'proven', durationMs: 121_200, frames: 3030 });
  });

  it('about media in another file', async () => {
    const dref = fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 0, ascii('https://example.invalid/lesson.mp4\0')));
    const file = progressive({ frames: film(121), timescale: FILM.timescale, tables: { dref } });
    expect(await prove(file)).toMatchObject({ verdict: 'truncated', durationMs: 0, frames: 0 });
  });
});

describe('a clock that was slowed down', () => {
  const slow = (seconds: number, framesPerSecond: number) =>
    lesson({ frames: seconds * framesPerSecond, duration: Math.floor((121 * 12_800) / (seconds * framesPerSecond)) });

  it('vouches for one second per frame', async () => {
    const proof = await prove(progressive({ frames: slow(5, 15), timescale: 12_800 }));
    expect(proof).toMatchObject({ verdict: 'short', durationMs: 75_000, flags: ['low-frame-rate'] });
    expect(proof.message).toContain('平均每秒不到 1 帧');
  });

  it('shows by the frame rate that the coder noted', async () => {
    const entry = visualEntry('avc1', avcC(25));
    expect(await prove(progressive({ frames: slow(5, 25), timescale: 12_800, entry }))).toMatchObject({
      verdict: 'short',
      durationMs: 5000,
    });
  });

  it('is not suspected where the coder noted that rate', async () => {
    const frames = lesson({ frames: 121 * 4, duration: 3200 });
    const entry = visualEntry('avc1', avcC(4));
    expect(await prove(progressive({ frames, timescale: 12_800, entry }))).toMatchObject({
      verdict: 'proven',
      flags: ['low-frame-rate'],
    });
  });

  it('is not suspected at five frames per second and more, as when a coder notes what it could do', async () => {
    const frames = lesson({ frames: 121 * 10, duration: 1280 });
    const entry = visualEntry('avc1', avcC(60));
    expect(await prove(progressive({ frames, timescale: 12_800, entry }))).toMatchObject({
      verdict: 'proven',
      durationMs: 121_000,
    });
  });

  it.each([
    [120, 'proven'],
    [119, 'short'],
  ])('%i frames in 120 s: %s', async (frames, verdict) => {
    const stts = timeTable(
      'stts',
      Array.from({ length: frames }, (_, i) => (i === 0 ? 120_000 - (frames - 1) * 1000 : 1000)),
    );
    const file = progressive({ frames: lesson({ frames, duration: 1000 }), timescale: 1000, tables: { stts } });
    expect(await prove(file)).toMatchObject({ verdict, durationMs: Math.min(120_000, frames * 1000) });
  });
});

describe('samples that are no pictures', () => {
  it('are found when all media are zeros', async () => {
    const blank = film(121).map((frame) => ({ ...frame, bytes: zeros(frame.bytes.length) }));
    const proof = await prove(progressive({ frames: blank, timescale: FILM.timescale }));
    expect(proof).toMatchObject({ verdict: 'unreadable', durationMs: 0, fingerprint: null, keyFrames: [] });
    expect(proof.message).toContain('画面数据为空或已损坏');
  });

  it('are found when the media are zeros from some point on, which is where the video ends', async () => {
    const frames = film(121).map((frame, i) => (i < 1250 ? frame : { ...frame, bytes: zeros(frame.bytes.length) }));
    const proof = await prove(progressive({ frames, timescale: FILM.timescale }));
    expect(proof.verdict).toBe('truncated');
    expect(proof.durationMs).toBeGreaterThanOrEqual(50_000);
    expect(proof.durationMs).toBeLessThanOrEqual(62_000);
  });

  it('are found when only the last seconds are missing', async () => {
    const frames = film(120).map((frame, i) => (i < 2999 ? frame : { ...frame, bytes: zeros(frame.bytes.length) }));
    expect(await prove(progressive({ frames, timescale: FILM.timescale }))).toMatchObject({ verdict: 'truncated' });
  });

  it('are found in a hole', async () => {
    const isHole = (i: number) => i >= 900 && i < 1300;
    const frames = film(121).map((frame, i) => (isHole(i) ? { ...frame, bytes: zeros(frame.bytes.length) } : frame));
    const proof = await prove(progressive({ frames, timescale: FILM.timescale }));
    expect(proof).toMatchObject({
      verdict: 'unreadable',
      message: expect.stringMatching(/第 (3|4)\d 秒处的画面数据已损坏/),
    });
  });

  it('are found when the media are another file', async () => {
    const text = film(121).map((frame) => ({
      ...frame,
      bytes: ascii('lorem ipsum '.repeat(60)).slice(0, frame.bytes.length),
    }));
    expect(await prove(progressive({ frames: text, timescale: FILM.timescale }))).toMatchObject({
      verdict: 'unreadable',
    });
  });

  it('are not looked for in vain: other codecs only have to hold something', async () => {
    const entry = visualEntry('SVQ3');
    expect(await prove(progressive({ frames: film(121), timescale: FILM.timescale, entry }))).toMatchObject({
      verdict: 'proven',
      codec: 'SVQ3',
    });
  });
});

describe('a source that fails', () => {
  const file = progressive({ frames: film(121), timescale: FILM.timescale });

  it('is no verdict on the video', async () => {
    const down = { size: file.length, read: () => Promise.reject(new Error('503 slow down')) };
    await expect(proveVideo(down)).rejects.toThrow(SourceReadError);
    await expect(proveVideo(down)).rejects.toMatchObject({ cause: new Error('503 slow down') });
  });

  it('in the middle either', async () => {
    let reads = 0;
    const source = memorySource(file);
    const flaky = {
      size: file.length,
      read: (start: number, end: number) => {
        reads += 1;
        return reads > 2 ? Promise.reject(new Error('reset')) : source.read(start, end);
      },
    };
    await expect(proveVideo(flaky)).rejects.toThrow(SourceReadError);
  });

  it('or answers with fewer bytes than asked for', async () => {
    const source = memorySource(file);
    const lazy = { size: file.length, read: async (start: number, end: number) => source.read(start, end - 1) };
    await expect(proveVideo(lazy)).rejects.toThrow(SourceReadError);
  });

  it('or names an impossible size', async () => {
    await expect(proveVideo({ ...memorySource(file), size: -1 })).rejects.toThrow(SourceReadError);
  });
});

describe('empty and foreign files', () => {
  it('an empty one', async () => {
    expect(await prove(u8())).toMatchObject({
      verdict: 'unreadable',
      requests: 0,
      message: '无法读取这个视频：文件是空的。请确认它能在播放器里正常播放，再导出为 MP4（H.264）重新上传。',
    });
  });

  it.each([1, 2, 3, 4, 7, 8, 9, 16])('%i bytes of a real beginning', async (length) => {
    const file = progressive({ frames: film(1), timescale: FILM.timescale });
    expect((await prove(file.slice(0, length))).verdict).toMatch(/^(unreadable|truncated)$/);
  });

  it('noise', async () => {
    expect(await prove(u8(9, 200, 3, 255, 17, 0, 1, 0, 88, 143))).toMatchObject({ verdict: 'unreadable' });
  });

  it('a movie without a picture size table', async () => {
    const file = concat(
      box('ftyp', ascii('isom'), u32(0)),
      box('moov', fullBox('mvhd', 0, 0, u32(0, 0, 1000, 0), zeros(80)), box('trak', box('mdia', u16(0, 0)))),
    );
    expect(await prove(file)).toMatchObject({ verdict: 'unreadable' });
  });

  it('a sample description of no entry', async () => {
    const stsd = fullBox('stsd', 0, 0, u32(0));
    const file = progressive({ frames: film(5), timescale: FILM.timescale, tables: { stsd } });
    expect(await prove(file)).toMatchObject({ verdict: 'unreadable' });
    const honest = sampleDescriptions(visualEntry('avc1', avcC()));
    const same = progressive({ frames: film(5), timescale: FILM.timescale, tables: { stsd: honest } });
    expect(await prove(same)).toMatchObject({ verdict: 'short' });
  });
});
