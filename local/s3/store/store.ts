import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Blobs } from './blobs.ts';
import { Buckets } from './buckets.ts';
import { Contents } from './contents.ts';
import { MetadataDatabase } from './metadata-database.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import { ObjectVersions } from './object-versions.ts';
import { Outbox } from './outbox.ts';

export interface StoreOptions {
  readonly dataDirectory: string;
  readonly region: string;
  readonly now: () => Date;
  readonly maximumObjectBytes: number;
}

/** The account that owns everything here. */
export const ACCOUNT_ID = '000000000000';
/** The canonical user id of that account, as S3 shows it in listings. */
export const OWNER_ID = ACCOUNT_ID.padStart(64, '0');

/** Everything that is kept, and the clock that rules it. */
export class Store {
  readonly region: string;
  readonly now: () => Date;
  readonly maximumObjectBytes: number;
  readonly database: MetadataDatabase;
  readonly blobs: Blobs;
  readonly contents: Contents;
  readonly buckets: Buckets;
  readonly versions: ObjectVersions;
  readonly uploads: MultipartUploads;
  readonly outbox: Outbox;
  /** Called after a commit that left events in the outbox. */
  onEventsCommitted: () => void = () => undefined;

  /** @throws Error when another process uses the folder */
  constructor(options: StoreOptions) {
    this.region = options.region;
    this.now = options.now;
    this.maximumObjectBytes = options.maximumObjectBytes;
    mkdirSync(options.dataDirectory, { recursive: true });
    // First the database: it is what keeps a second process out of the folder.
    this.database = new MetadataDatabase(join(options.dataDirectory, 'metadata.sqlite'));
    this.blobs = new Blobs(options.dataDirectory);
    this.contents = new Contents(this.database, this.blobs);
    this.blobs.removeUnknown((id) => this.contents.knows(id));
    this.buckets = new Buckets(this.database);
    this.versions = new ObjectVersions(this.database, this.contents);
    this.uploads = new MultipartUploads(this.database, this.contents);
    this.outbox = new Outbox(this.database);
  }

  close(): void {
    this.database.close();
  }
}
