import type { StatementSync } from 'node:sqlite';
import type { ChecksumAlgorithm, ChecksumType } from '../checksum/checksum.ts';
import type { ObjectHeaders } from '../rules/object-headers.ts';
import type { RequestedLock } from '../rules/object-lock.ts';
import { S3Error } from '../s3-error.ts';
import type { Contents } from './contents.ts';
import type { MetadataDatabase } from './metadata-database.ts';

/** What the object shall be once its parts are joined. */
export interface UploadDescription {
  readonly headers: ObjectHeaders;
  readonly checksum: {
    readonly algorithm: ChecksumAlgorithm;
    readonly type: ChecksumType;
    /** Whether the client named the algorithm, and so must send the checksum with every part. */
    readonly named: boolean;
  };
  readonly lock: RequestedLock;
}

export interface MultipartUpload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedAt: Date;
  readonly description: UploadDescription;
}

export interface UploadedPart {
  readonly number: number;
  readonly content: number;
  readonly size: number;
  /** The MD5 in hex. */
  readonly etag: string;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly checksum: string;
  readonly modifiedAt: Date;
}

interface UploadRow {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: number;
  readonly description: string;
}

interface PartRow {
  readonly number: number;
  readonly content: number;
  readonly size: number;
  readonly etag: string;
  readonly checksum_algorithm: ChecksumAlgorithm;
  readonly checksum: string;
  readonly modified: number;
}

function fromUploadRow(row: UploadRow): MultipartUpload {
  const description = JSON.parse(row.description) as UploadDescription;
  const { retention, legalHold } = description.lock;
  const lock = {
    ...(retention === undefined ? {} : { retention: { ...retention, until: new Date(retention.until) } }),
    legalHold,
  };
  return {
    id: row.id,
    bucket: row.bucket,
    key: row.key,
    initiatedAt: new Date(row.initiated),
    description: { ...description, lock },
  };
}

function fromPartRow(row: PartRow): UploadedPart {
  return {
    number: row.number,
    content: row.content,
    size: row.size,
    etag: row.etag,
    checksumAlgorithm: row.checksum_algorithm,
    checksum: row.checksum,
    modifiedAt: new Date(row.modified),
  };
}

/** Uploads under way and their parts. Writing methods belong inside a transaction. */
export class MultipartUploads {
  readonly #contents: Contents;
  readonly #selectUpload: StatementSync;
  readonly #selectUploads: StatementSync;
  readonly #insertUpload: StatementSync;
  readonly #deleteUpload: StatementSync;
  readonly #selectPart: StatementSync;
  readonly #selectParts: StatementSync;
  readonly #insertPart: StatementSync;
  readonly #deletePart: StatementSync;

  constructor(database: MetadataDatabase, contents: Contents) {
    this.#contents = contents;
    const { connection } = database;
    this.#selectUpload = connection.prepare('SELECT * FROM upload WHERE id = ?');
    this.#selectUploads = connection.prepare('SELECT * FROM upload WHERE bucket = ? ORDER BY key, id');
    this.#insertUpload = connection.prepare(
      'INSERT INTO upload (id, bucket, key, initiated, description) VALUES (?, ?, ?, ?, ?)',
    );
    this.#deleteUpload = connection.prepare('DELETE FROM upload WHERE id = ?');
    this.#selectPart = connection.prepare('SELECT * FROM part WHERE upload = ? AND number = ?');
    this.#selectParts = connection.prepare('SELECT * FROM part WHERE upload = ? ORDER BY number');
    this.#insertPart = connection.prepare(
      `INSERT INTO part (upload, number, content, size, etag, checksum_algorithm, checksum, modified)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#deletePart = connection.prepare('DELETE FROM part WHERE upload = ? AND number = ?');
  }

  insert(upload: MultipartUpload): void {
    this.#insertUpload.run(
      upload.id,
      upload.bucket,
      upload.key,
      upload.initiatedAt.getTime(),
      JSON.stringify(upload.description),
    );
  }

  /** @throws S3Error NoSuchUpload also when the upload is of another key */
  get(bucket: string, key: string, id: string): MultipartUpload {
    const row = this.#selectUpload.get(id) as unknown as UploadRow | undefined;
    if (row === undefined || row.bucket !== bucket || row.key !== key) {
      throw new S3Error(
        'NoSuchUpload',
        'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
        { UploadId: id },
      );
    }
    return fromUploadRow(row);
  }

  /** By key, then by id. */
  list(bucket: string): readonly MultipartUpload[] {
    return (this.#selectUploads.all(bucket) as unknown as UploadRow[]).map(fromUploadRow);
  }

  parts(upload: string): readonly UploadedPart[] {
    return (this.#selectParts.all(upload) as unknown as PartRow[]).map(fromPartRow);
  }

  /** Sending a part again replaces it. */
  putPart(upload: string, part: UploadedPart): void {
    const previous = this.#selectPart.get(upload, part.number) as unknown as PartRow | undefined;
    if (previous !== undefined) {
      this.#deletePart.run(upload, part.number);
      this.#contents.remove(previous.content);
    }
    this.#insertPart.run(
      upload,
      part.number,
      part.content,
      part.size,
      part.etag,
      part.checksumAlgorithm,
      part.checksum,
      part.modifiedAt.getTime(),
    );
  }

  /** Forgets the upload with all its parts; blobs that an object shows by now stay. */
  remove(upload: string): void {
    for (const part of this.parts(upload)) {
      this.#deletePart.run(upload, part.number);
      this.#contents.remove(part.content);
    }
    this.#deleteUpload.run(upload);
  }
}
