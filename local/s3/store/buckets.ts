import type { StatementSync } from 'node:sqlite';
import { parseBucketConfiguration, type S3BucketConfiguration } from '../bucket-configuration.ts';
import { S3Error } from '../s3-error.ts';
import type { MetadataDatabase } from './metadata-database.ts';

/** Once it has been enabled, versioning can only be suspended. */
type Versioning = 'off' | 'enabled' | 'suspended';

export interface Bucket {
  readonly name: string;
  readonly createdAt: Date;
  readonly versioning: Versioning;
  readonly configuration: S3BucketConfiguration;
}

interface Row {
  readonly name: string;
  readonly created: number;
  readonly versioning: Versioning;
  readonly configuration: string;
}

function isLocked(configuration: S3BucketConfiguration): boolean {
  return configuration.objectLock !== undefined && configuration.objectLock !== false;
}

function nextVersioning(wanted: boolean, current: Versioning): Versioning {
  if (wanted) return 'enabled';
  return current === 'off' ? 'off' : 'suspended';
}

export class Buckets {
  readonly #database: MetadataDatabase;
  readonly #byName = new Map<string, Bucket>();
  readonly #upsert: StatementSync;

  constructor(database: MetadataDatabase) {
    this.#database = database;
    this.#upsert = database.connection.prepare(
      `INSERT INTO bucket (name, created, versioning, configuration) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET versioning = excluded.versioning, configuration = excluded.configuration`,
    );
    for (const row of database.connection.prepare('SELECT * FROM bucket').all() as unknown as Row[]) {
      this.#byName.set(row.name, {
        name: row.name,
        createdAt: new Date(row.created),
        versioning: row.versioning,
        configuration: parseBucketConfiguration(JSON.parse(row.configuration)),
      });
    }
  }

  /**
   * Creates the bucket, or brings the configuration of an existing one up to date.
   * @throws Error when the configuration is not valid, or would take Object Lock from a bucket that has it
   */
  put(given: S3BucketConfiguration, now: Date): void {
    const configuration = parseBucketConfiguration(given);
    const known = this.#byName.get(configuration.name);
    const locked = isLocked(configuration);
    if (known !== undefined && isLocked(known.configuration) && !locked) {
      throw new Error(`Object Lock cannot be taken from bucket '${configuration.name}' once it is enabled`);
    }
    const bucket: Bucket = {
      name: configuration.name,
      createdAt: known?.createdAt ?? now,
      versioning: nextVersioning(locked || configuration.versioning === true, known?.versioning ?? 'off'),
      configuration,
    };
    this.#database.transact(() => {
      this.#upsert.run(bucket.name, bucket.createdAt.getTime(), bucket.versioning, JSON.stringify(configuration));
    });
    this.#byName.set(bucket.name, bucket);
  }

  find(name: string): Bucket | undefined {
    return this.#byName.get(name);
  }

  /** @throws S3Error NoSuchBucket */
  get(name: string | undefined): Bucket {
    const bucket = name === undefined ? undefined : this.#byName.get(name);
    if (bucket === undefined) {
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist', { BucketName: name ?? '' });
    }
    return bucket;
  }

  /** By name. */
  list(): readonly Bucket[] {
    return [...this.#byName.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }
}
