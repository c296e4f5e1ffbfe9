import { createHash } from 'node:crypto';
import type { RangeReader } from './range-reader.ts';
import { type InspectedSample, inspectSample } from './sample-inspection.ts';
import type { PlannedSample } from './sampling-plan.ts';

/** What is read of one sample: enough for its headers and the beginning of its picture. */
export const SAMPLE_WINDOW_BYTES = 8 * 1024;
/** What of a picture goes into a fingerprint. */
const FINGERPRINT_BYTES = 2048;
/** Samples closer together than this are fetched in one read. */
const JOIN_GAP_BYTES = 4096;

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

/** Reads the planned samples, the whole dozen at once. */
export async function gatherEvidence(
  reader: RangeReader,
  planned: readonly PlannedSample[],
): Promise<SampleEvidence[]> {
  const windows = planned.map(({ frame }) => ({
    start: frame.offset,
    end: frame.offset + Math.min(frame.size, SAMPLE_WINDOW_BYTES),
  }));
  await reader.prefetch(windows, JOIN_GAP_BYTES);
  return Promise.all(
    planned.map(async (sample, index) => {
      const { start, end } = windows[index] ?? { start: 0, end: 0 };
      const inspected = inspectSample(await reader.read(start, end), sample.frame.size, sample.frame.description);
      return {
        planned: sample,
        fault: inspected.fault,
        pictureBytes: inspected.pictureBytes,
        hash: inspected.sliceBytes === 0 ? null : pictureHash(inspected),
      };
    }),
  );
}
