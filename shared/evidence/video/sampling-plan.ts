import type { SampleDescription } from './iso/sample-description.ts';

/** A sample whose bytes lie in the object: one coded picture. */
export interface Frame {
  readonly offset: number;
  readonly size: number;
  /** Ticks of counted video before it. */
  readonly at: number;
  /** Whether it can be decoded without any other. */
  readonly isKey: boolean;
  readonly description: SampleDescription;
}

export interface PlannedSample {
  readonly frame: Frame;
  /** `place`: a frame that every wrapping of this recording has at this time. `content`: a key frame chosen by its size. */
  readonly role: 'check' | 'place' | 'content';
}

export interface PlannedSamples {
  /** Each once, in order of time. */
  readonly samples: readonly PlannedSample[];
  /** False: at some place the key frame lay in a part that was not looked at, so that the places identify nothing. */
  readonly isPlaced: boolean;
}

const PLACES = 6;
/** Places lie a little after round times, so that a rounded clock cannot push a key frame to the other side. */
const PLACE_OFFSET_MS = 311;
/** A place whose key frame lies longer ago than this takes the frame that stands there as well. */
const KEY_FRAME_AGE_MS = 10_000;
const CONTENT_CHOICES = 4;

/** Spreads sizes evenly, so that "the smallest few" picks the same frames out of a clip and out of a cut of it. */
function scatter(size: number): number {
  let hash = Math.imul(size ^ (size >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** What is known when a place is passed. */
interface Choice {
  /** The last frame and the last key frame at or before the place. */
  readonly frame: Frame | undefined;
  readonly key: Frame | undefined;
  /** The first frame of the stretch in which the place lies, where the clip is seen in stretches. */
  readonly stretchStart: Frame | undefined;
}

/** Chooses, while all frames of a track pass by in order, the dozen whose bytes will be read. */
export class SamplingPlan {
  readonly #places: readonly number[];
  readonly #spanTicks: number;
  readonly #keyAgeTicks: number;
  readonly #chosen: Choice[] = [];
  #stretchStart: Frame | undefined;
  #isAtStretchStart = false;
  #frame: Frame | undefined;
  #key: Frame | undefined;
  #lastInSpan: Frame | undefined;
  #byContent: Frame[] = [];

  constructor(timescale: number, spanMs: number) {
    const ticks = (ms: number) => Math.floor((ms * timescale) / 1000);
    this.#places = placesInMs(spanMs).map(ticks);
    this.#spanTicks = ticks(spanMs);
    this.#keyAgeTicks = ticks(KEY_FRAME_AGE_MS);
  }

  /** The next frame does not follow the one before: the clip is seen in stretches, each fetched with its beginning. */
  startStretch(): void {
    this.#isAtStretchStart = true;
    this.#key = undefined;
  }

  consider(frame: Frame): void {
    this.#passPlacesBefore(frame.at);
    if (this.#isAtStretchStart) this.#stretchStart = frame;
    this.#isAtStretchStart = false;
    if (frame.at < this.#spanTicks) this.#lastInSpan = frame;
    this.#frame = frame;
    if (!frame.isKey) return;
    this.#key = frame;
    this.#considerContent(frame);
  }

  #passPlacesBefore(at: number): void {
    for (let place = this.#places[this.#chosen.length]; place !== undefined && place < at; ) {
      this.#chosen.push({ frame: this.#frame, key: this.#key, stretchStart: this.#stretchStart });
      place = this.#places[this.#chosen.length];
    }
  }

  #considerContent(frame: Frame): void {
    const rank = scatter(frame.size);
    const worst = this.#byContent.at(-1);
    if (this.#byContent.length === CONTENT_CHOICES && worst !== undefined && rank >= scatter(worst.size)) return;
    if (this.#byContent.some((chosen) => chosen.size === frame.size)) return;
    this.#byContent = [...this.#byContent, frame]
      .toSorted((a, b) => scatter(a.size) - scatter(b.size))
      .slice(0, CONTENT_CHOICES);
  }

  /** The samples to read. Content choices need every frame of the clip to have passed by. */
  finish(withContent: boolean): PlannedSamples {
    this.#passPlacesBefore(Number.POSITIVE_INFINITY);
    const planned = new Map<number, PlannedSample>();
    const plan = (frame: Frame | undefined, role: PlannedSample['role']) => {
      if (frame !== undefined && !planned.has(frame.offset)) planned.set(frame.offset, { frame, role });
    };
    for (const choice of this.#chosen) plan(choice.key, 'place');
    for (const frame of withContent ? this.#byContent : []) plan(frame, 'content');
    this.#chosen.forEach(({ frame, key, stretchStart }, index) => {
      const place = this.#places[index] ?? 0;
      if (key === undefined && stretchStart !== undefined) plan(stretchStart, 'check');
      else if (key === undefined || place - key.at > this.#keyAgeTicks) plan(frame, 'place');
    });
    plan(this.#lastInSpan, 'check');
    return {
      samples: [...planned.values()].toSorted((a, b) => a.frame.at - b.frame.at),
      isPlaced: this.#chosen.every(({ key, stretchStart }) => key !== undefined || stretchStart === undefined),
    };
  }
}

/** The times, in milliseconds, at which a fingerprint looks at a clip. */
export function placesInMs(spanMs: number): number[] {
  return Array.from({ length: PLACES }, (_, index) => PLACE_OFFSET_MS + index * Math.floor(spanMs / PLACES));
}
