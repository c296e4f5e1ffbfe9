import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BodyExpectation } from '../body/body-expectation.ts';
import { releaseBuffer } from '../body/release-buffer.ts';
import { type BodyFacts, verifyBody } from '../body/verified-body.ts';

/** A stretch of a blob. */
export interface Segment {
  readonly blob: string;
  readonly start: number;
  readonly length: number;
}

/** A verified body on disk that no metadata names yet. */
export interface ReceivedBlob {
  /** None for an empty body. */
  readonly id: string | undefined;
  readonly facts: BodyFacts;
}

/** Bytes to be read once; `close` must be called whether they were read or not. */
export interface ObjectContent {
  readonly bytes: AsyncIterable<Buffer>;
  readonly close: () => void;
}

/**
 * The bytes of all objects: immutable files, first written under `incoming/` and renamed to `blobs/` when they are whole
 * and verified. Safe against a kill of the process; a power failure may lose what the system had not yet written.
 */
export class Blobs {
  readonly #incoming: string;
  readonly #folder: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dataDirectory: string) {
    this.#incoming = join(dataDirectory, 'incoming');
    this.#folder = join(dataDirectory, 'blobs');
    // Whatever was on its way when the last process ended is nobody's.
    rmSync(this.#incoming, { recursive: true, force: true });
    mkdirSync(this.#incoming, { recursive: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Removes the files that the metadata does not name: a kill between two steps left them. */
  removeUnknown(isKnown: (id: string) => boolean): void {
    for (const id of readdirSync(this.#folder)) {
      if (!isKnown(id)) rmSync(join(this.#folder, id));
    }
  }

  /**
   * Streams a body to disk and verifies it. When anything is wrong with it, nothing is left behind.
   * @throws S3Error
   */
  async receive(source: AsyncIterable<Buffer>, expectation: BodyExpectation): Promise<ReceivedBlob> {
    const id = randomUUID();
    const incoming = join(this.#incoming, id);
    const file = await open(incoming, 'wx');
    try {
      const facts = await verifyBody(source, expectation, async (data) => {
        for (let written = 0; written < data.length; ) {
          written += (await file.write(data, written)).bytesWritten;
        }
        releaseBuffer(data);
      });
      await file.close();
      if (facts.size === 0) {
        await rm(incoming);
        return { id: undefined, facts };
      }
      await rename(incoming, join(this.#folder, id));
      return { id, facts };
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(incoming, { force: true });
      throw error;
    }
  }

  /** Opens segments for reading, one after the other. Their files stay until it is closed, even if deleted meanwhile. */
  read(segments: readonly Segment[]): ObjectContent {
    for (const { blob } of segments) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    let closed = false;
    return {
      bytes: this.#bytes(segments),
      close: () => {
        if (closed) return;
        closed = true;
        for (const { blob } of segments) this.#release(blob);
      },
    };
  }

  async *#bytes(segments: readonly Segment[]): AsyncGenerator<Buffer> {
    for (const { blob, start, length } of segments) {
      yield* createReadStream(join(this.#folder, blob), { start, end: start + length - 1 }) as AsyncIterable<Buffer>;
    }
  }

  /** Deletes files that no metadata names any longer, now or when their last reader is done. */
  discard(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else unlinkSync(join(this.#folder, id));
    }
  }

  #release(id: string): void {
    const others = (this.#readers.get(id) ?? 1) - 1;
    if (others > 0) {
      this.#readers.set(id, others);
      return;
    }
    this.#readers.delete(id);
    if (this.#doomed.delete(id)) unlinkSync(join(this.#folder, id));
  }
}
