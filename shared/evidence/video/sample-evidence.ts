import { createHash } from 'node:crypto';
import type { ByteRange, RangeReader } from './range-reader.ts';
import { type InspectedSample, inspectSample } from './sample-inspection.ts';
import type { PlannedSample } from './sampling-plan.ts';

/** What is read of one sample: enough for its headers and the beginning of its picture. */
export const SAMPLE_WINDOW_BYTES = 8 * 1024;
/** What of a picture goes into a fingerprint. */
const FINGERPRINT_BYTES = 2048;
/** Samples closer together than this are fetched in one read. */
const JOIN_GAP_BYTES = 4096;

/** A proof should not cost more requests than this. */
const TARGET_REQUESTS = 15;
/** But so many samples are inspected at any cost. */
const FEWEST_SAMPLES = 9;

/** What the bytes of one planned sample say. */
export interface SampleEvidence {
  readonly planned: PlannedSample;
  /** Why it cannot be a coded picture; null when it looks like one. */
  readonly fault: string | null;
  /** Bytes of the coded picture itself, without the settings and notes around it. */
  readonly pictureBytes: number;
  /** Hash of the picture's beginning, the same however the recording is wrapped; null when it was out of reach. */
  readonly hash: string | null;
}

function pictureHash({ slice, sliceBytes }: InspectedSample): string {
  const digest = createHash('sha256').update(`${sliceBytes}:`).update(slice.subarray(0, FINGERPRINT_BYTES));
  return digest.digest('hex').slice(0, 32);
}

interface Window extends ByteRange {
  readonly sample: PlannedSample;
}

/** Leaves out samples that would cost a request too many: first those chosen by content, then the latest checks. */
function affordable(reader: RangeReader, windows: readonly Window[]): Window[] {
  const isHeld = ({ start, end }: Window) => reader.holds(start, end);
  const costly = windows.filter((window) => !isHeld(window));
  const spareRequests = Math.max(0, TARGET_REQUESTS - reader.requests);
  const tooMany = Math.min(costly.length - spareRequests, windows.length - FEWEST_SAMPLES);
  if (tooMany <= 0) return [...windows];
  const ofRole = (role: PlannedSample['role']) => costly.filter(({ sample }) => sample.role === role).toReversed();
  const leftOut = new Set([...ofRole('content'), ...ofRole('check')].slice(0, tooMany));
  return windows.filter((window) => !leftOut.has(window));
}

/** Reads the planned samples, the whole dozen at once. */
export async function gatherEvidence(
  reader: RangeReader,
  planned: readonly PlannedSample[],
): Promise<SampleEvidence[]> {
  const planning = planned.map((sample): Window => {
    const { offset, size } = sample.frame;
    return { sample, start: offset, end: offset + Math.min(size, SAMPLE_WINDOW_BYTES) };
  });
  const windows = affordable(reader, planning);
  await reader.prefetch(windows, JOIN_GAP_BYTES);
  return Promise.all(
    windows.map(async ({ sample, start, end }) => {
      const { size, description } = sample.frame;
      const inspected = inspectSample(await reader.read(start, end), size, description);
      return {
        planned: sample,
        fault: inspected.fault,
        pictureBytes: inspected.pictureBytes,
        hash: inspected.sliceBytes === 0 ? null : pictureHash(inspected),
      };
    }),
  );
}
