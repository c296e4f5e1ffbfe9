/**
 * An object that can be read by ranges and does not change while it is read: an S3 object pinned by version id,
 * a file, a URL. Adapters live outside (`shared/aws`, `commands`).
 */
export interface RangeSource {
  /** Bytes in the whole object. */
  readonly size: number;
  /** Exactly the bytes `[start, endExclusive)`; the caller never asks beyond `size`. Rejects when they cannot be had. */
  read(start: number, endExclusive: number): Promise<Uint8Array>;
}

/**
 * The source failed, not the video: nothing is known about the video, so nobody is refused for it.
 * This is the only error that `proveVideo` throws; a queue worker lets the message come again.
 */
export class SourceReadError extends Error {
  override readonly name = 'SourceReadError';
}
