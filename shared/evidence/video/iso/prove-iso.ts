import { BudgetExhausted, type ProofBudgets } from '../budgets.ts';
import { ByteView } from '../byte-view.ts';
import { type Conclusion, conclude } from '../conclusion.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { pictureFlags } from '../picture-flags.ts';
import type { RangeReader } from '../range-reader.ts';
import { type ClassDates, isOutsideClass } from '../recording-date.ts';
import { gatherEvidence, type SampleEvidence } from '../sample-evidence.ts';
import type { VideoFlag } from '../video-proof.ts';
import { findBox } from './box.ts';
import { findMovie, type IsoLayout } from './layout.ts';
import { measureFragmented } from './measure-fragmented.ts';
import { type Measurement, measureProgressive, type TrackContext, ticksToMs } from './measurement.ts';
import { type Movie, mainDescription, readMovie, type VideoTrack } from './movie.ts';

export interface IsoOptions {
  readonly reader: RangeReader;
  readonly budgets: ProofBudgets;
  readonly requiredMs: number;
  readonly classDates: ClassDates | null;
}

/** More video tracks than this are measured by nobody's player. */
const MOST_TRACKS = 4;
const STILL_CODECS: ReadonlySet<string> = new Set(['mjpeg', 'png', 'gif', 'tiff', 'BMP']);
const LOW_FRAMES_PER_SECOND = 5;
/** Share of the time in which pictures may stand before the clip has a low frame rate, whatever its average. */
const STANDING_SHARE = 0.1;
/** What headers may claim beyond the counted video before they count as lying: a second, or 2 %. */
const CLAIM_TOLERANCE_MS = 1000;
const CLAIM_TOLERANCE = 0.02;

function containerName(brand: string | null): string {
  if (brand === null || brand === 'qt  ') return 'mov';
  if (brand.startsWith('M4V')) return 'm4v';
  return /^3g[p2]/.test(brand) ? '3gp' : 'mp4';
}

/** A track of one still picture: the cover of a song, not a film. */
function isCoverArt(track: VideoTrack, isFragmented: boolean): boolean {
  const sizes = findBox(track.sampleTable, 'stsz');
  const samples = sizes === undefined ? 0 : sizes.u32(8);
  return !isFragmented && samples <= 1 && STILL_CODECS.has(mainDescription(track).codec);
}

function withoutMovie(layout: IsoLayout): Conclusion {
  const container = containerName(layout.brand);
  if (layout.cut !== null || layout.hasMedia) {
    const detail = layout.cut === null ? 'no moov' : `box ${layout.cut.type} ends beyond the object; no moov before it`;
    return conclude({ verdict: 'truncated', container, detail });
  }
  return conclude({ verdict: 'unreadable', subject: '文件里没有视频索引', container, detail: 'no moov' });
}

function withoutPicture(layout: IsoLayout, movie: Movie): Conclusion {
  const container = containerName(layout.brand);
  const [fault] = movie.faults;
  if (fault !== undefined) return conclude({ verdict: 'unreadable', subject: '索引已损坏', container, detail: fault });
  const isSound = movie.otherHandlers.includes('soun');
  const subject = isSound ? '只有声音，没有画面' : '没有画面';
  return conclude({ verdict: 'not-video', subject, container, detail: 'no video track' });
}

function frameRateOf(measurement: Measurement): number | null {
  if (measurement.frames === 0 || measurement.ticks === 0) return null;
  return Math.round((measurement.frames * measurement.tally.timescale * 1000) / measurement.ticks) / 1000;
}

/** Everything about the file that does not depend on the samples' bytes. */
function factsOf(context: TrackContext, measurement: Measurement, options: IsoOptions) {
  const { layout, movie, track } = context;
  const description = mainDescription(track);
  const flags: VideoFlag[] = [];
  const isSlow = measurement.frames * track.timescale < LOW_FRAMES_PER_SECOND * measurement.ticks;
  const stands = measurement.tally.standingTicks > STANDING_SHARE * measurement.seenTicks;
  if (isSlow || stands) flags.push('low-frame-rate');
  const { createdAt } = movie;
  if (createdAt !== null && options.classDates !== null && isOutsideClass(createdAt, options.classDates)) {
    flags.push('recorded-outside-class');
  }
  let place: 'index-first' | 'index-last' | 'fragmented' = layout.indexFirst ? 'index-first' : 'index-last';
  if (measurement.isFragmented) place = 'fragmented';
  return {
    durationMs: ticksToMs(measurement.provenTicks, track.timescale),
    isAtLeast: !measurement.isComplete,
    claimedMs: Math.round(measurement.claimedMs),
    container: containerName(layout.brand),
    layout: place,
    codec: description.codec,
    width: description.width,
    height: description.height,
    frames: measurement.frames,
    frameRate: frameRateOf(measurement),
    createdAt: createdAt?.toISOString() ?? null,
    flags,
  };
}

type TrackFacts = ReturnType<typeof factsOf>;

/** Too little was counted: really shorter, or less than the headers claim? */
function tooLittle(facts: TrackFacts, measurement: Measurement): Conclusion {
  const countedMs = ticksToMs(measurement.ticks, measurement.tally.timescale);
  const tolerance = Math.max(CLAIM_TOLERANCE_MS, countedMs * CLAIM_TOLERANCE);
  const claimsMore = facts.claimedMs > countedMs + tolerance;
  if (measurement.isCut || claimsMore) {
    return conclude({
      ...facts,
      verdict: 'truncated',
      detail: `${countedMs} ms counted, ${facts.claimedMs} ms claimed`,
    });
  }
  return conclude({ ...facts, verdict: 'short', detail: `${facts.durationMs} ms shown` });
}

/** Enough was counted, but samples are no pictures: how far does real video reach? */
function notPictures(facts: TrackFacts, evidence: readonly SampleEvidence[], timescale: number): Conclusion {
  const firstBad = evidence.findIndex(({ fault }) => fault !== null);
  const bad = evidence[firstBad];
  const durationMs = ticksToMs(bad?.planned.frame.at ?? 0, timescale);
  const detail = `sample at ${durationMs} ms: ${bad?.fault}`;
  const reachesSomewhere = firstBad > 0 && evidence.slice(firstBad).every(({ fault }) => fault !== null);
  if (reachesSomewhere) return conclude({ ...facts, durationMs, verdict: 'truncated', detail });
  const seconds = Math.floor(durationMs / 1000);
  const subject = firstBad === 0 ? '画面数据为空或已损坏' : `第 ${seconds} 秒处的画面数据已损坏`;
  return conclude({ ...facts, durationMs, verdict: 'unreadable', subject, detail });
}

async function judge(context: TrackContext, measurement: Measurement, options: IsoOptions): Promise<Conclusion> {
  const facts = factsOf(context, measurement, options);
  if (facts.durationMs < options.requiredMs) return tooLittle(facts, measurement);
  const { tally } = measurement;
  const { samples, isPlaced } = tally.plan.finish(measurement.isEveryFrameSeen);
  const evidence = await gatherEvidence(context.reader, samples);
  if (evidence.some(({ fault }) => fault !== null)) return notPictures(facts, evidence, context.track.timescale);
  const seen = pictureFlags(tally, evidence, mainDescription(context.track), measurement.isEveryFrameSeen);
  const flags = [...seen, ...facts.flags];
  return conclude({ ...facts, flags, ...fingerprintOf(evidence, isPlaced), verdict: 'proven', detail: '' });
}

async function measure(context: TrackContext): Promise<Measurement> {
  return context.movie.fragmented ? measureFragmented(context) : measureProgressive(context);
}

/** The track with the most video in it. */
async function measureBest(
  contexts: readonly TrackContext[],
): Promise<{ context: TrackContext; measurement: Measurement } | undefined> {
  let best: { context: TrackContext; measurement: Measurement; ms: number } | undefined;
  for (const context of contexts) {
    const measurement = await measure(context);
    const ms = ticksToMs(measurement.provenTicks, context.track.timescale);
    if (best === undefined || ms > best.ms) best = { context, measurement, ms };
  }
  return best;
}

/**
 * Proves a file of the ISO base media family: mp4, mov, m4v, 3gp, progressive or fragmented.
 * @throws MalformedVideo, BudgetExhausted, SourceReadError
 */
export async function proveIso(options: IsoOptions): Promise<Conclusion> {
  const { reader, budgets, requiredMs } = options;
  const layout = await findMovie(reader, budgets);
  if (layout.movie === null) return withoutMovie(layout);
  const { start, end } = layout.movie;
  if (end - start > budgets.indexBytes) throw new BudgetExhausted('indexBytes', budgets.indexBytes);
  const movie = readMovie(new ByteView(await reader.read(start, end)), budgets);
  const pictures = movie.videoTracks.filter((track) => !isCoverArt(track, movie.fragmented)).slice(0, MOST_TRACKS);
  const encrypted = pictures.find((track) => mainDescription(track).codec === 'encrypted');
  if (encrypted !== undefined) {
    const container = containerName(layout.brand);
    return conclude({ verdict: 'unsupported', subject: '加密的视频', container, detail: 'encrypted samples' });
  }
  const best = await measureBest(pictures.map((track) => ({ reader, budgets, layout, movie, track, requiredMs })));
  if (best === undefined) return withoutPicture(layout, movie);
  return judge(best.context, best.measurement, options);
}
