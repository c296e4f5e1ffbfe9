import { randomBytes } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { ObjectChecksum } from '../checksum/checksum.ts';
import type { ObjectHeaders } from '../rules/object-headers.ts';
import type { ObjectLock } from '../rules/object-lock.ts';
import type { Bucket } from './buckets.ts';
import type { Contents } from './contents.ts';
import type { MetadataDatabase } from './metadata-database.ts';

/** What is kept of a version beside its place and bytes. */
interface ObjectDescription {
  readonly headers: ObjectHeaders;
  readonly checksum?: ObjectChecksum;
}

export interface ObjectVersion {
  /** Rises with every commit in the store; the highest of a key is its current version. */
  readonly sequence: number;
  readonly bucket: string;
  readonly key: string;
  /** `null` for what was written while the bucket was not versioned. */
  readonly id: string;
  /** Undefined for a delete marker. */
  readonly content: number | undefined;
  readonly size: number;
  /** Without quotation marks; empty for a delete marker. */
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly description: ObjectDescription;
  readonly lock: ObjectLock;
}

export type NewVersion = Omit<ObjectVersion, 'sequence'>;

interface Row {
  readonly sequence: number;
  readonly bucket: string;
  readonly key: string;
  readonly id: string;
  readonly content: number | null;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly description: string;
  readonly lock_mode: 'COMPLIANCE' | 'GOVERNANCE' | null;
  readonly retain_until: number | null;
  readonly legal_hold: number;
}

function fromRow(row: Row): ObjectVersion {
  return {
    sequence: row.sequence,
    bucket: row.bucket,
    key: row.key,
    id: row.id,
    content: row.content ?? undefined,
    size: row.size,
    etag: row.etag,
    modifiedAt: new Date(row.modified),
    description: JSON.parse(row.description) as ObjectDescription,
    lock: {
      ...(row.lock_mode === null || row.retain_until === null
        ? {}
        : { retention: { mode: row.lock_mode, until: new Date(row.retain_until) } }),
      legalHold: row.legal_hold === 1,
    },
  };
}

const ID_RANDOM_BYTES = 16;
const ID_SEQUENCE_DIGITS = 10;
const VERSION_ID = /^(?:null|[A-Za-z0-9_-]{22}[0-9a-z]{10})$/;

/** Whether a text has the form of a version id. */
export function isVersionId(text: string): boolean {
  return VERSION_ID.test(text);
}

/** The place of a version in the order of all versions, told by its id even after it has been deleted. */
export function sequenceOfId(id: string): number | undefined {
  return id === 'null' ? undefined : Number.parseInt(id.slice(-ID_SEQUENCE_DIGITS), 36);
}

/** The versions of all objects. Writing methods belong inside a transaction. */
export class ObjectVersions {
  readonly #contents: Contents;
  readonly #selectCurrent: StatementSync;
  readonly #selectById: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #updateLock: StatementSync;
  readonly #lastSequence: StatementSync;
  readonly #database: MetadataDatabase;

  constructor(database: MetadataDatabase, contents: Contents) {
    this.#contents = contents;
    this.#database = database;
    const { connection } = database;
    this.#selectCurrent = connection.prepare(
      'SELECT * FROM version WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1',
    );
    this.#selectById = connection.prepare('SELECT * FROM version WHERE bucket = ? AND key = ? AND id = ?');
    this.#insert = connection.prepare(
      `INSERT INTO version (bucket, key, id, content, size, etag, modified, description, lock_mode, retain_until, legal_hold)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#delete = connection.prepare('DELETE FROM version WHERE sequence = ?');
    this.#updateLock = connection.prepare(
      'UPDATE version SET lock_mode = ?, retain_until = ?, legal_hold = ? WHERE sequence = ?',
    );
    this.#lastSequence = connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'version'");
  }

  /** The newest version, which may be a delete marker. */
  current(bucket: string, key: string): ObjectVersion | undefined {
    const row = this.#selectCurrent.get(bucket, key) as unknown as Row | undefined;
    return row === undefined ? undefined : fromRow(row);
  }

  find(bucket: string, key: string, id: string): ObjectVersion | undefined {
    const row = this.#selectById.get(bucket, key, id) as unknown as Row | undefined;
    return row === undefined ? undefined : fromRow(row);
  }

  /** The id for the version that is inserted next; `null` where the bucket does not keep versions. */
  nextId(bucket: Bucket): string {
    if (bucket.versioning !== 'enabled') return 'null';
    const sequence = Number(this.#lastSequence.get()?.['seq'] ?? 0) + 1;
    const unguessable = randomBytes(ID_RANDOM_BYTES).toString('base64url');
    return `${unguessable}${sequence.toString(36).padStart(ID_SEQUENCE_DIGITS, '0')}`;
  }

  insert(version: NewVersion): ObjectVersion {
    const { retention, legalHold } = version.lock;
    const { lastInsertRowid } = this.#insert.run(
      version.bucket,
      version.key,
      version.id,
      version.content ?? null,
      version.size,
      version.etag,
      version.modifiedAt.getTime(),
      JSON.stringify(version.description),
      retention?.mode ?? null,
      retention?.until.getTime() ?? null,
      legalHold ? 1 : 0,
    );
    return { ...version, sequence: Number(lastInsertRowid) };
  }

  /** Whether a lock permits it is for the caller to ask. */
  remove(version: ObjectVersion): void {
    this.#delete.run(version.sequence);
    if (version.content !== undefined) this.#contents.remove(version.content);
  }

  setLock(version: ObjectVersion, lock: ObjectLock): void {
    this.#updateLock.run(
      lock.retention?.mode ?? null,
      lock.retention?.until.getTime() ?? null,
      lock.legalHold ? 1 : 0,
      version.sequence,
    );
  }

  /** Current versions that are objects, by key (UTF-8 order), beginning at a key. Read it inside one turn. */
  *listCurrent(bucket: string, fromKey: string): Generator<ObjectVersion> {
    const rows = this.#database.connection
      .prepare(
        `SELECT * FROM version AS v WHERE bucket = ? AND key >= ? AND content IS NOT NULL
         AND sequence = (SELECT max(sequence) FROM version WHERE bucket = v.bucket AND key = v.key) ORDER BY key`,
      )
      .iterate(bucket, fromKey);
    for (const row of rows) yield fromRow(row as unknown as Row);
  }

  /** All versions and delete markers, by key and then newest first, beginning at a key. Read it inside one turn. */
  *listAll(bucket: string, fromKey: string): Generator<ObjectVersion> {
    const rows = this.#database.connection
      .prepare('SELECT * FROM version WHERE bucket = ? AND key >= ? ORDER BY key, sequence DESC')
      .iterate(bucket, fromKey);
    for (const row of rows) yield fromRow(row as unknown as Row);
  }
}
