import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { KmsError } from './kms-error.ts';

const KEY_SPECS = ['SYMMETRIC_DEFAULT', 'HMAC_256'] as const;
export type KeySpec = (typeof KEY_SPECS)[number];

const keySchema = z.strictObject({
  id: z.string(),
  spec: z.enum(KEY_SPECS),
  /** ISO 8601. */
  createdAt: z.string(),
  /** Base64 of 32 bytes: an AES-256 or an HMAC key. */
  material: z.string(),
});

export type KmsKey = z.output<typeof keySchema>;

const ACCOUNT_ID = '000000000000';
/** Key ids of AWS are UUIDs; here whoever creates a key names it, so that a restart finds it again. */
const KEY_ID = /^[A-Za-z0-9/_-]{1,200}$/;

/** The keys, in one file that only their owner may read. */
export class KeyStore {
  readonly #file: string;
  readonly #region: string;
  readonly #keys: Map<string, KmsKey>;

  constructor(dataDirectory: string, region: string) {
    mkdirSync(dataDirectory, { recursive: true });
    this.#file = join(dataDirectory, 'keys.json');
    this.#region = region;
    this.#keys = new Map(this.#read().map((key) => [key.id, key]));
  }

  arnOf(key: KmsKey): string {
    const partition = this.#region.startsWith('cn-') ? 'aws-cn' : 'aws';
    return `arn:${partition}:kms:${this.#region}:${ACCOUNT_ID}:key/${key.id}`;
  }

  /**
   * Creates a key, or finds the one that an earlier start created under this id.
   * @throws Error when the id or the spec is none of ours, or the key exists with another spec
   */
  create(id: string, spec: string, now: Date): KmsKey {
    if (!KEY_ID.test(id)) throw new Error(`'${id}' cannot be the id of a key`);
    const known = KEY_SPECS.find((each) => each === spec);
    if (known === undefined)
      throw new Error(`The local KMS has no keys of spec ${spec}, only ${KEY_SPECS.join(' and ')}`);
    const existing = this.#keys.get(id);
    if (existing !== undefined) {
      if (existing.spec !== known)
        throw new Error(`Key ${id} exists with spec ${existing.spec}; it cannot become ${spec}`);
      return existing;
    }
    const key: KmsKey = { id, spec: known, createdAt: now.toISOString(), material: randomBytes(32).toString('base64') };
    this.#keys.set(id, key);
    this.#write();
    return key;
  }

  /**
   * The key of that id or ARN.
   * @throws KmsError NotFoundException
   */
  get(idOrArn: string): KmsKey {
    const key = this.#keys.get(idOrArn) ?? [...this.#keys.values()].find((each) => this.arnOf(each) === idOrArn);
    if (key === undefined) throw new KmsError('NotFoundException', `Key '${idOrArn}' does not exist`);
    return key;
  }

  #read(): readonly KmsKey[] {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    return z.array(keySchema).parse(JSON.parse(text));
  }

  #write(): void {
    const temporary = `${this.#file}.new`;
    writeFileSync(temporary, JSON.stringify([...this.#keys.values()]), { mode: 0o600 });
    renameSync(temporary, this.#file);
  }
}
