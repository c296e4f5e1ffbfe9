import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS bucket (
  name TEXT PRIMARY KEY,
  created INTEGER NOT NULL,
  versioning TEXT NOT NULL CHECK (versioning IN ('off', 'enabled', 'suspended')),
  configuration TEXT NOT NULL
) STRICT;
-- A file of bytes. Several segments may show parts of one blob, so copying moves no bytes.
CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, size INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS content (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
CREATE TABLE IF NOT EXISTS segment (
  content INTEGER NOT NULL REFERENCES content (id),
  ordinal INTEGER NOT NULL,
  blob TEXT NOT NULL REFERENCES blob (id),
  start INTEGER NOT NULL,
  length INTEGER NOT NULL CHECK (length > 0),
  PRIMARY KEY (content, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS segment_blob ON segment (blob);
CREATE TABLE IF NOT EXISTS version (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  bucket TEXT NOT NULL REFERENCES bucket (name),
  key TEXT NOT NULL,
  id TEXT NOT NULL,
  content INTEGER REFERENCES content (id), -- null: a delete marker
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  modified INTEGER NOT NULL,
  description TEXT NOT NULL,
  lock_mode TEXT CHECK (lock_mode IN ('COMPLIANCE', 'GOVERNANCE')),
  retain_until INTEGER,
  legal_hold INTEGER NOT NULL,
  UNIQUE (bucket, key, id),
  CHECK ((lock_mode IS NULL) = (retain_until IS NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS version_newest ON version (bucket, key, sequence);
CREATE TABLE IF NOT EXISTS upload (
  id TEXT PRIMARY KEY,
  bucket TEXT NOT NULL REFERENCES bucket (name),
  key TEXT NOT NULL,
  initiated INTEGER NOT NULL,
  description TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS upload_key ON upload (bucket, key, id);
CREATE TABLE IF NOT EXISTS part (
  upload TEXT NOT NULL REFERENCES upload (id),
  number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10000),
  content INTEGER NOT NULL REFERENCES content (id),
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  checksum_algorithm TEXT NOT NULL,
  checksum TEXT NOT NULL,
  modified INTEGER NOT NULL,
  PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
-- Events whose delivery has not been confirmed.
CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  target TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_target ON event (target, id);
`;

/**
 * The metadata of all buckets: one SQLite file, owned by one process. Every change of an object is one transaction in it;
 * files of bytes are written before and removed after, so a kill at any moment leaves at worst an unnamed file.
 */
export class MetadataDatabase {
  readonly connection: DatabaseSync;
  #afterCommit: (() => void)[] | undefined;

  /** @throws Error when another process has the file open */
  constructor(file: string) {
    this.connection = new DatabaseSync(file);
    try {
      this.connection.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      this.connection.exec('PRAGMA foreign_keys = ON;');
      this.transact(() => this.connection.exec(SCHEMA));
    } catch (error) {
      this.connection.close();
      if (error instanceof Error && /database is locked/.test(error.message)) {
        throw new Error(`The S3 data folder is in use by another process (${file})`, { cause: error });
      }
      throw error;
    }
  }

  /** Runs the work as one transaction: all of it or, when it throws, nothing. */
  transact<T>(work: () => T): T {
    const afterCommit: (() => void)[] = [];
    this.connection.exec('BEGIN IMMEDIATE');
    this.#afterCommit = afterCommit;
    let result: T;
    try {
      result = work();
      this.connection.exec('COMMIT');
    } catch (error) {
      if (this.connection.isTransaction) this.connection.exec('ROLLBACK');
      throw error;
    } finally {
      this.#afterCommit = undefined;
    }
    for (const action of afterCommit) action();
    return result;
  }

  /** To be done once the running transaction is committed, and not at all if it is rolled back. */
  afterCommit(action: () => void): void {
    if (this.#afterCommit === undefined) throw new Error('There is no transaction to wait for');
    this.#afterCommit.push(action);
  }

  close(): void {
    this.connection.close();
  }
}
