import type { StatementSync } from 'node:sqlite';
import type { Blobs, Segment } from './blobs.ts';
import type { MetadataDatabase } from './metadata-database.ts';

/** Sequences of segments: what an object or a part consists of. All methods belong inside a transaction. */
export class Contents {
  readonly #database: MetadataDatabase;
  readonly #blobs: Blobs;
  readonly #insertBlob: StatementSync;
  readonly #insertContent: StatementSync;
  readonly #insertSegment: StatementSync;
  readonly #selectSegments: StatementSync;
  readonly #deleteSegments: StatementSync;
  readonly #deleteContent: StatementSync;
  readonly #deleteUnused: StatementSync;
  readonly #selectBlob: StatementSync;

  constructor(database: MetadataDatabase, blobs: Blobs) {
    this.#database = database;
    this.#blobs = blobs;
    const { connection } = database;
    this.#insertBlob = connection.prepare('INSERT INTO blob (id, size) VALUES (?, ?)');
    this.#insertContent = connection.prepare('INSERT INTO content DEFAULT VALUES');
    this.#insertSegment = connection.prepare(
      'INSERT INTO segment (content, ordinal, blob, start, length) VALUES (?, ?, ?, ?, ?)',
    );
    this.#selectSegments = connection.prepare(
      'SELECT blob, start, length FROM segment WHERE content = ? ORDER BY ordinal',
    );
    this.#deleteSegments = connection.prepare('DELETE FROM segment WHERE content = ?');
    this.#deleteContent = connection.prepare('DELETE FROM content WHERE id = ?');
    this.#deleteUnused = connection.prepare(
      'DELETE FROM blob WHERE id = ? AND NOT EXISTS (SELECT 1 FROM segment WHERE blob = blob.id) RETURNING id',
    );
    this.#selectBlob = connection.prepare('SELECT 1 FROM blob WHERE id = ?');
  }

  /** Names a freshly received blob; from now on it is kept as long as a segment shows it. */
  register(blob: string, size: number): void {
    this.#insertBlob.run(blob, size);
  }

  create(segments: readonly Segment[]): number {
    const content = Number(this.#insertContent.run().lastInsertRowid);
    segments.forEach(({ blob, start, length }, ordinal) => {
      this.#insertSegment.run(content, ordinal, blob, start, length);
    });
    return content;
  }

  segments(content: number): readonly Segment[] {
    return this.#selectSegments.all(content) as unknown as readonly Segment[];
  }

  /** Forgets a content, and after the commit deletes the blobs that nothing shows any longer. */
  remove(content: number): void {
    const blobs = new Set(this.segments(content).map(({ blob }) => blob));
    this.#deleteSegments.run(content);
    this.#deleteContent.run(content);
    const unused = [...blobs].filter((blob) => this.#deleteUnused.get(blob) !== undefined);
    if (unused.length > 0) this.#database.afterCommit(() => this.#blobs.discard(unused));
  }

  knows(blob: string): boolean {
    return this.#selectBlob.get(blob) !== undefined;
  }
}

/** The segments that show `length` bytes from `start` on. */
export function sliceSegments(segments: readonly Segment[], start: number, length: number): readonly Segment[] {
  const slice: Segment[] = [];
  let position = 0;
  for (const segment of segments) {
    const from = Math.max(start - position, 0);
    const to = Math.min(start + length - position, segment.length);
    if (from < to) slice.push({ blob: segment.blob, start: segment.start + from, length: to - from });
    position += segment.length;
  }
  return slice;
}
