import { type ProofOptions, proveVideo } from '../../../shared/evidence/video/prove-video.ts';
import type { RangeSource } from '../../../shared/evidence/video/range-source.ts';
import type { VideoProof } from '../../../shared/evidence/video/video-proof.ts';

export function memorySource(bytes: Uint8Array): RangeSource {
  return { size: bytes.length, read: async (start, end) => bytes.slice(start, end) };
}

/** An object far larger than memory: what the pieces do not cover is zero. */
export function sparseSource(size: number, pieces: readonly { at: number; bytes: Uint8Array }[]): RangeSource {
  return {
    size,
    read: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      for (const piece of pieces) {
        const from = Math.max(start, piece.at);
        const to = Math.min(end, piece.at + piece.bytes.length);
        if (from < to) bytes.set(piece.bytes.subarray(from - piece.at, to - piece.at), from - start);
      }
      return bytes;
    },
  };
}

export function prove(bytes: Uint8Array, options: ProofOptions = {}): Promise<VideoProof> {
  return proveVideo(memorySource(bytes), options);
}
