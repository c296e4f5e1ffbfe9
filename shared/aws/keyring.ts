import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './table.ts';

/** The two data keys that protect people's numbers, in the clear, in memory only. */
export interface DataKeys {
  /** For keyed hashes of identity and certificate numbers. Never changes: a new one would let a person be paid twice. */
  hash: Uint8Array;
  /** For sealing stored values. */
  field: Uint8Array;
}

const context = (purpose: string) => ({ purpose: `jipei/${purpose}` });

async function unwrap(kms: KMSClient, keyId: string, purpose: string, wrapped: Uint8Array): Promise<Uint8Array> {
  const reply = await kms.send(
    new DecryptCommand({ KeyId: keyId, CiphertextBlob: wrapped, EncryptionContext: context(purpose) }),
  );
  if (reply.Plaintext === undefined) throw new Error('key service returned no plaintext');
  return reply.Plaintext;
}

async function dataKey(
  table: Table,
  kms: KMSClient,
  keyId: string,
  purpose: 'PERSON-HASH' | 'FIELD#1',
): Promise<Uint8Array> {
  const key = { pk: 'KEYRING', sk: purpose };
  const stored = async () =>
    (await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }))).Item;
  const found = await stored();
  if (found !== undefined) return unwrap(kms, keyId, purpose, found['wrapped'] as Uint8Array);
  const fresh = await kms.send(
    new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context(purpose) }),
  );
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...key, type: 'data-key', wrapped: fresh.CiphertextBlob },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    // Another function made it at the same moment; only the stored one counts.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  const kept = await stored();
  if (kept === undefined) throw new Error('data key vanished after it was stored');
  return unwrap(kms, keyId, purpose, kept['wrapped'] as Uint8Array);
}

/**
 * Opens the data keys: made once, wrapped by the KMS key, kept in the table; unwrapped once per process.
 * One call to KMS per number would cost more than the rest of the product.
 */
export function openKeyring(table: Table, keyId: string, kms: KMSClient = new KMSClient({})): () => Promise<DataKeys> {
  let keys: Promise<DataKeys> | undefined;
  const open = async (): Promise<DataKeys> => {
    const [hash, field] = await Promise.all([
      dataKey(table, kms, keyId, 'PERSON-HASH'),
      dataKey(table, kms, keyId, 'FIELD#1'),
    ]);
    return { hash, field };
  };
  return () => {
    keys ??= open().catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };
}

/** For tests and tools without a key service: keys of this process only. */
export function ephemeralKeyring(): () => Promise<DataKeys> {
  const keys = { hash: randomBytes(32), field: randomBytes(32) };
  return async () => keys;
}
