/** What the prover may conclude about one file. */
export const VIDEO_VERDICTS = [
  /** At least the required time of video really is in the object. */
  'proven',
  /** Really shorter; `durationMs` is the measured length. */
  'short',
  /** The headers claim more than the bytes hold. */
  'truncated',
  /** Sound only, a picture, a document, a playlist. */
  'not-video',
  /** Corrupt, empty, or of no known format. */
  'unreadable',
  /** A budget ran out. */
  'too-costly',
  /** A video container or coding that this prover does not read. */
  'unsupported',
] as const;

export type VideoVerdict = (typeof VIDEO_VERDICTS)[number];

/** Matters for an officer's eye. None refuses a video. */
export const VIDEO_FLAGS = [
  /** The picture hardly ever changes. */
  'still-picture',
  /** Every picture looked at is of one colour. */
  'black',
  /** The same coded pictures come again and again. */
  'looped',
  /** Fewer than five frames per second, or pictures that stand for seconds during a tenth of the time. */
  'low-frame-rate',
  /** The recorder's date lies outside the dates of the class. */
  'recorded-outside-class',
  /** All clips of a claim were recorded on one day; see `isSameSession`. */
  'same-session',
] as const;

export type VideoFlag = (typeof VIDEO_FLAGS)[number];

/** Everything that was measured about one file. */
export interface VideoProof {
  readonly verdict: VideoVerdict;
  /** Video that was counted, in milliseconds, the last frame's own duration included. */
  readonly durationMs: number;
  /** Counting stopped once enough was proven: the video is at least this long. */
  readonly isAtLeast: boolean;
  readonly requiredMs: number;
  /** What the file's headers claim for the video, in milliseconds; null where they claim nothing. */
  readonly claimedMs: number | null;
  /** `mp4`, `mov`, `m4v`, `3gp`; the name of another container; the media type of what is no video; `unknown`. */
  readonly container: string;
  readonly layout: 'index-first' | 'index-last' | 'fragmented' | null;
  /** Such as `h264`; null where no video track was found. */
  readonly codec: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Frames counted. Where a fragment index vouches for the parts between those looked at, extrapolated from these. */
  readonly frames: number;
  /** Frames per second over what was counted, to three decimals; null where nothing was. */
  readonly frameRate: number | null;
  /** When the recorder says it made the file (ISO 8601, UTC); null where it says nothing believable. */
  readonly createdAt: string | null;
  readonly flags: readonly VideoFlag[];
  /**
   * The same for the same recording, re-wrapped or renamed: 32 hexadecimal digits. Null unless proven, and where fragments
   * that begin with no key frame hide which frames stand at the fixed times; compare `keyFrames` then.
   */
  readonly fingerprint: string | null;
  /** Hashes of key frames in the order of time, some of which survive a cut as well; see `sharedKeyFrames`. Empty unless proven. */
  readonly keyFrames: readonly string[];
  readonly bytesRead: number;
  readonly requests: number;
  /** Chinese: what was found, the measured figure, and what to do. */
  readonly message: string;
  /** English, for logs: why the verdict is not `proven`; empty otherwise. Holds nothing from the file's text. */
  readonly detail: string;
}
