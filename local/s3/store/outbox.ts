import type { StatementSync } from 'node:sqlite';
import type { MetadataDatabase } from './metadata-database.ts';

export interface PendingEvent {
  readonly id: number;
  readonly target: string;
  /** The notification record as JSON. */
  readonly record: string;
}

/** Events committed together with the change they tell of, kept until they are delivered. */
export class Outbox {
  readonly #insert: StatementSync;
  readonly #next: StatementSync;
  readonly #targets: StatementSync;
  readonly #delete: StatementSync;
  readonly #nextNumber: StatementSync;

  constructor({ connection }: MetadataDatabase) {
    this.#insert = connection.prepare('INSERT INTO event (target, record) VALUES (?, ?)');
    this.#next = connection.prepare('SELECT * FROM event WHERE target = ? AND id > ? ORDER BY id LIMIT 1');
    this.#targets = connection.prepare('SELECT DISTINCT target FROM event');
    this.#delete = connection.prepare('DELETE FROM event WHERE id = ?');
    this.#nextNumber = connection.prepare(
      "SELECT coalesce(max(seq), 0) + 1 AS number FROM sqlite_sequence WHERE name = 'event'",
    );
  }

  /** Higher than that of every event before it, also after a restart. */
  nextNumber(): number {
    return Number(this.#nextNumber.get()?.['number']);
  }

  add(target: string, record: string): void {
    this.#insert.run(target, record);
  }

  /** The oldest event of a target after the given one. */
  next(target: string, after: number): PendingEvent | undefined {
    return this.#next.get(target, after) as unknown as PendingEvent | undefined;
  }

  targets(): readonly string[] {
    return this.#targets.all().map((row) => String(row['target']));
  }

  remove(id: number): void {
    this.#delete.run(id);
  }
}
