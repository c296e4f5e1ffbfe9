import type { ProofBudgets } from '../budgets.ts';
import { type ByteView, MalformedVideo } from '../byte-view.ts';
import { type Box, childBoxes, findBox, requireBox } from './box.ts';
import { type Edit, readEditList } from './edit-list.ts';
import { readDataReferences, readSampleDescriptions, type SampleDescription } from './sample-description.ts';

/** What fragments of a track assume where they say nothing themselves (`trex`). */
export interface FragmentDefaults {
  readonly description: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** A track whose handler is video. */
export interface VideoTrack {
  readonly id: number;
  /** Ticks per second of the media. */
  readonly timescale: number;
  /** The duration that the track's headers claim, in milliseconds; 0 where they claim none. */
  readonly claimedMs: number;
  readonly edits: readonly Edit[];
  readonly descriptions: readonly SampleDescription[];
  /** The boxes of `stbl`. */
  readonly sampleTable: readonly Box[];
}

/** How a track's samples are coded, unless a sample says otherwise. */
export function mainDescription(track: VideoTrack): SampleDescription {
  const [first] = track.descriptions;
  if (first === undefined) throw new MalformedVideo('a track without a sample description');
  return first;
}

export interface Movie {
  readonly timescale: number;
  /** When the recorder says it made the file; null where it says nothing believable. */
  readonly createdAt: Date | null;
  /** Whether fragments may follow (`mvex`). */
  readonly fragmented: boolean;
  /** By track id. */
  readonly fragmentDefaults: ReadonlyMap<number, FragmentDefaults>;
  readonly videoTracks: readonly VideoTrack[];
  /** Handlers of the other tracks, such as `soun`. */
  readonly otherHandlers: readonly string[];
  /** Why a video track could not be read. */
  readonly faults: readonly string[];
}

/** Seconds from 1904-01-01, the epoch of this format, to 1970-01-01. */
const EPOCH_1904_SECONDS = 2_082_844_800;
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
const UNKNOWN_32 = 0xffffffff;

/** `mvhd` and `mdhd` begin alike. */
function readTimes(header: ByteView): { created: number; timescale: number; duration: number } {
  const wide = header.u8(0) === 1;
  const duration = wide ? header.u64(24) : header.u32(16);
  return {
    created: wide ? header.u64(4) : header.u32(4),
    timescale: header.u32(wide ? 20 : 12),
    // All ones mean unknown (8.2.2.3).
    duration: duration === UNKNOWN_32 || !Number.isFinite(duration) ? 0 : duration,
  };
}

function creationDate(seconds: number): Date | null {
  const ms = (seconds - EPOCH_1904_SECONDS) * 1000;
  return ms >= EARLIEST_MS && ms < LATEST_MS ? new Date(ms) : null;
}

function readFragmentDefaults(
  movieExtends: ByteView | undefined,
  budgets: ProofBudgets,
): Map<number, FragmentDefaults> {
  const boxes = movieExtends === undefined ? [] : childBoxes(movieExtends, budgets);
  return new Map(
    boxes
      .filter(({ type }) => type === 'trex')
      .map(({ body }) => [
        body.u32(4),
        { description: body.u32(8), duration: body.u32(12), size: body.u32(16), flags: body.u32(20) },
      ]),
  );
}

function claimOf(
  tkhd: ByteView,
  media: { timescale: number; duration: number },
  movieTimescale: number,
  edits: readonly Edit[],
): number {
  const shown = tkhd.u8(0) === 1 ? tkhd.u64(28) : tkhd.u32(20);
  const delay = edits.filter((edit) => edit.mediaTime < 0).reduce((sum, edit) => sum + edit.segmentTicks, 0);
  const known = shown === UNKNOWN_32 || !Number.isFinite(shown) ? 0 : Math.max(0, shown - delay);
  return Math.max((media.duration * 1000) / media.timescale, (known * 1000) / movieTimescale);
}

function readVideoTrack(
  track: readonly Box[],
  media: readonly Box[],
  movieTimescale: number,
  budgets: ProofBudgets,
): VideoTrack {
  const tkhd = requireBox(track, 'tkhd');
  const id = tkhd.u32(tkhd.u8(0) === 1 ? 20 : 12);
  const times = readTimes(requireBox(media, 'mdhd'));
  if (times.timescale === 0) throw new MalformedVideo('a track whose clock has no ticks');
  const information = childBoxes(requireBox(media, 'minf'), budgets);
  const dinf = findBox(information, 'dinf');
  const dref = dinf === undefined ? undefined : findBox(childBoxes(dinf, budgets), 'dref');
  const sampleTable = childBoxes(requireBox(information, 'stbl'), budgets);
  const edts = findBox(track, 'edts');
  const elst = edts === undefined ? undefined : findBox(childBoxes(edts, budgets), 'elst');
  const edits = elst === undefined ? [] : readEditList(elst, budgets);
  const references = readDataReferences(dref, budgets);
  return {
    id,
    timescale: times.timescale,
    claimedMs: claimOf(tkhd, times, movieTimescale, edits),
    edits,
    descriptions: readSampleDescriptions(requireBox(sampleTable, 'stsd'), references, budgets),
    sampleTable,
  };
}

/**
 * Reads `moov`. A video track that cannot be read is named in `faults`; a broken sound or text track is nobody's concern.
 * @throws MalformedVideo when the movie's own header cannot be read
 */
export function readMovie(moov: ByteView, budgets: ProofBudgets): Movie {
  const boxes = childBoxes(moov, budgets);
  if (findBox(boxes, 'cmov') !== undefined) throw new MalformedVideo('the index is compressed (cmov)');
  const header = readTimes(requireBox(boxes, 'mvhd'));
  if (header.timescale === 0) throw new MalformedVideo('a movie whose clock has no ticks');
  const movieExtends = findBox(boxes, 'mvex');
  const tracks = boxes.filter(({ type }) => type === 'trak').map(({ body }) => childBoxes(body, budgets));
  const videoTracks: VideoTrack[] = [];
  const otherHandlers: string[] = [];
  const faults: string[] = [];
  for (const track of tracks) {
    try {
      const media = childBoxes(requireBox(track, 'mdia'), budgets);
      const handler = requireBox(media, 'hdlr').fourcc(8);
      if (handler !== 'vide') {
        otherHandlers.push(handler);
        continue;
      }
      videoTracks.push(readVideoTrack(track, media, header.timescale, budgets));
    } catch (error) {
      if (!(error instanceof MalformedVideo)) throw error;
      faults.push(error.message);
    }
  }
  return {
    timescale: header.timescale,
    createdAt: creationDate(header.created),
    fragmented: movieExtends !== undefined,
    fragmentDefaults: readFragmentDefaults(movieExtends, budgets),
    videoTracks,
    otherHandlers,
    faults,
  };
}
