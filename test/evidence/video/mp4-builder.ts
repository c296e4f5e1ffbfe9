import { ascii, type Bytes, box, concat, fullBox, u8, u16, u32, u64, zeros } from './bytes.ts';
import { avcC, type Frame, sampleDescriptions, visualEntry } from './h264-builder.ts';

/** Seconds from 1904 to 1970. */
const EPOCH = 2_082_844_800;
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

export interface Edit {
  /** In ticks of the movie. */
  readonly segment: number;
  /** In ticks of the media; -1 delays. */
  readonly mediaTime: number;
  readonly rate?: number;
}

/** What headers say, where it should differ from the truth. */
export interface Claims {
  readonly movie?: number;
  readonly track?: number;
  readonly media?: number;
}

export type Table = 'stsd' | 'stts' | 'ctts' | 'stss' | 'stsz' | 'stsc' | 'stco' | 'elst' | 'dref';

export interface ProgressiveSpec {
  readonly frames: readonly Frame[];
  /** Ticks per second. */
  readonly timescale: number;
  readonly movieTimescale?: number;
  readonly brand?: string | null;
  readonly indexFirst?: boolean;
  readonly samplesPerChunk?: number;
  readonly wideOffsets?: boolean;
  readonly edits?: readonly Edit[];
  readonly claims?: Claims;
  readonly createdAt?: Date;
  /** The sample entry. */
  readonly entry?: Uint8Array;
  /** Milliseconds of sound beside the picture. */
  readonly soundMs?: number;
  readonly withoutPicture?: boolean;
  /** Boxes that take the place of the truthful ones. */
  readonly tables?: Partial<Record<Table, Uint8Array>>;
  /** Boxes in `moov` after the tracks. */
  readonly inMovie?: readonly Uint8Array[];
  /** Changes where chunks are said to lie. */
  readonly moveChunks?: (offsets: readonly number[]) => readonly number[];
}

export function movieHeader(timescale: number, duration: number, createdAt?: Date): Bytes {
  const seconds = createdAt === undefined ? 0 : createdAt.getTime() / 1000 + EPOCH;
  const rest = concat(u32(0x10000), u16(0x100), zeros(10), MATRIX, zeros(24), u32(9));
  return fullBox('mvhd', 0, 0, u32(seconds, seconds, timescale, duration), rest);
}

export function trackHeader(id: number, duration: number): Bytes {
  const rest = concat(zeros(8), u16(0, 0, 0, 0), MATRIX, u32(320 * 65536, 240 * 65536));
  return fullBox('tkhd', 0, 7, u32(0, 0, id, 0, duration), rest);
}

export function mediaHeader(timescale: number, duration: number): Bytes {
  return fullBox('mdhd', 0, 0, u32(0, 0, timescale, duration), u16(0x55c4, 0));
}

export function handler(type: string): Bytes {
  return fullBox('hdlr', 0, 0, u32(0), ascii(type), zeros(12), ascii('test\0'));
}

function runs(values: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[1] === value) last[0] += 1;
    else found.push([1, value]);
  }
  return found;
}

export function timeTable(type: 'stts' | 'ctts', values: readonly number[]): Bytes {
  const entries = runs(values);
  return fullBox(type, type === 'ctts' ? 1 : 0, 0, u32(entries.length, ...entries.flat()));
}

export function editList(edits: readonly Edit[]): Bytes {
  const entries = edits.map(({ segment, mediaTime, rate = 1 }) => {
    const whole = Math.floor(rate);
    return concat(u32(segment, mediaTime), u16(whole, Math.round((rate - whole) * 65536)));
  });
  return fullBox('elst', 0, 0, u32(edits.length), ...entries);
}

function sampleTable(spec: ProgressiveSpec, chunkOffsets: readonly number[]): Bytes {
  const { frames, samplesPerChunk = 10, tables = {} } = spec;
  const keys = frames.flatMap(({ isKey }, index) => (isKey ? [index + 1] : []));
  const hasShifts = frames.some(({ shift }) => shift !== undefined);
  const offsets = spec.moveChunks?.(chunkOffsets) ?? chunkOffsets;
  const places = spec.wideOffsets
    ? fullBox('co64', 0, 0, u32(offsets.length), u64(...offsets))
    : fullBox('stco', 0, 0, u32(offsets.length, ...offsets));
  return box(
    'stbl',
    tables.stsd ?? sampleDescriptions(spec.entry ?? visualEntry('avc1', avcC())),
    tables.stts ??
      timeTable(
        'stts',
        frames.map(({ duration }) => duration),
      ),
    tables.ctts ??
      (hasShifts
        ? timeTable(
            'ctts',
            frames.map(({ shift = 0 }) => shift),
          )
        : u8()),
    tables.stss ?? fullBox('stss', 0, 0, u32(keys.length, ...keys)),
    tables.stsz ?? fullBox('stsz', 0, 0, u32(0, frames.length, ...frames.map(({ bytes }) => bytes.length))),
    tables.stsc ?? fullBox('stsc', 0, 0, u32(1, 1, samplesPerChunk, 1)),
    tables.stco ?? places,
  );
}

function pictureTrack(spec: ProgressiveSpec, chunkOffsets: readonly number[]): Bytes {
  const { frames, timescale, movieTimescale = 1000, claims = {}, edits, tables = {} } = spec;
  const ticks = frames.reduce((sum, { duration }) => sum + duration, 0);
  const shown =
    edits?.reduce((sum, { segment }) => sum + segment, 0) ?? Math.ceil((ticks / timescale) * movieTimescale);
  const list = tables.elst ?? (edits === undefined ? undefined : editList(edits));
  const dref = tables.dref ?? fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1));
  return box(
    'trak',
    trackHeader(1, claims.track ?? shown),
    list === undefined ? u8() : box('edts', list),
    box(
      'mdia',
      mediaHeader(timescale, claims.media ?? ticks),
      handler('vide'),
      box('minf', fullBox('vmhd', 0, 1, zeros(8)), box('dinf', dref), sampleTable(spec, chunkOffsets)),
    ),
  );
}

const SOUND_FRAME_BYTES = 12;

/** A track of sound, all of it in one chunk. */
function soundTrack(ms: number, offset: number, movieTimescale: number): Bytes {
  const samples = Math.ceil((ms * 48) / 1024);
  const entry = box('mp4a', zeros(6), u16(1), zeros(8), u16(2, 16, 0, 0), u32(48000 * 65536));
  const table = box(
    'stbl',
    sampleDescriptions(entry),
    fullBox('stts', 0, 0, u32(1, samples, 1024)),
    fullBox('stsz', 0, 0, u32(SOUND_FRAME_BYTES, samples)),
    fullBox('stsc', 0, 0, u32(1, 1, samples, 1)),
    fullBox('stco', 0, 0, u32(1, offset)),
  );
  const media = box('mdia', mediaHeader(48000, samples * 1024), handler('soun'), box('minf', table));
  return box('trak', trackHeader(2, (ms * movieTimescale) / 1000), media);
}

export function soundBytes(ms: number): number {
  return Math.ceil((ms * 48) / 1024) * SOUND_FRAME_BYTES;
}

function chunkSizes({ frames, samplesPerChunk = 10 }: ProgressiveSpec): number[] {
  const sizes: number[] = [];
  frames.forEach(({ bytes }, index) => {
    const chunk = Math.floor(index / samplesPerChunk);
    sizes[chunk] = (sizes[chunk] ?? 0) + bytes.length;
  });
  return sizes;
}

function movie(spec: ProgressiveSpec, mediaStart: number): Bytes {
  const { frames, timescale, movieTimescale = 1000, claims = {}, soundMs } = spec;
  const ms = (frames.reduce((sum, { duration }) => sum + duration, 0) * 1000) / timescale;
  let at = mediaStart;
  const offsets = chunkSizes(spec).map((size) => {
    at += size;
    return at - size;
  });
  const longest = Math.ceil((Math.max(ms, soundMs ?? 0) * movieTimescale) / 1000);
  return box(
    'moov',
    movieHeader(movieTimescale, claims.movie ?? longest, spec.createdAt),
    spec.withoutPicture ? u8() : pictureTrack(spec, offsets),
    soundMs === undefined ? u8() : soundTrack(soundMs, at, movieTimescale),
    ...(spec.inMovie ?? []),
  );
}

export function fileType(brand: string): Bytes {
  return box('ftyp', ascii(brand), u32(512), ascii('isommp41'));
}

/** What of a progressive file lies before the media, and behind them. */
export function progressiveFrame(spec: ProgressiveSpec, mediaBytes: number): { head: Bytes; tail: Bytes } {
  const start = spec.brand === null ? u8() : fileType(spec.brand ?? 'isom');
  const mediaHead = concat(u32(mediaBytes + 8), ascii('mdat'));
  if (spec.indexFirst === false) {
    return { head: concat(start, mediaHead), tail: movie(spec, start.length + 8) };
  }
  const size = movie(spec, 0).length;
  const index = movie(spec, start.length + size + 8);
  return { head: concat(start, index, mediaHead), tail: u8() };
}

/** A progressive MP4 of the given frames. */
export function progressive(spec: ProgressiveSpec): Bytes {
  const sound = spec.soundMs === undefined ? u8() : zeros(soundBytes(spec.soundMs)).fill(0x21);
  const media = concat(...(spec.withoutPicture ? [] : spec.frames.map(({ bytes }) => bytes)), sound);
  const { head, tail } = progressiveFrame(spec, media.length);
  return concat(head, media, tail);
}
