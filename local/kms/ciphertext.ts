import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KmsKey } from './key-store.ts';
import { KmsError } from './kms-error.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Key id and context, in an order that does not depend on how the client wrote them: what the ciphertext is bound to. */
function boundTo(keyId: string, context: EncryptionContext): Buffer {
  const entries = Object.entries(context).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Buffer.from(JSON.stringify([keyId, entries]));
}

/** Layout: format, length of the key id, key id, IV, tag, encrypted bytes (AES-256-GCM). */
export function seal(key: KmsKey, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv);
  cipher.setAAD(boundTo(key.id, context));
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const id = Buffer.from(key.id);
  return Buffer.concat([Buffer.of(FORMAT, id.length), id, iv, cipher.getAuthTag(), encrypted]);
}

function invalid(): KmsError {
  return new KmsError(
    'InvalidCiphertextException',
    'The ciphertext is not valid, or its encryption context is another',
  );
}

/**
 * The id of the key that a ciphertext was made with.
 * @throws KmsError InvalidCiphertextException
 */
export function sealedWith(ciphertext: Buffer): string {
  const idLength = ciphertext[1];
  if (ciphertext[0] !== FORMAT || idLength === undefined || ciphertext.length < 2 + idLength + IV_BYTES + TAG_BYTES) {
    throw invalid();
  }
  return ciphertext.toString('utf8', 2, 2 + idLength);
}

/** @throws KmsError InvalidCiphertextException for other bytes, another key or another context */
export function unseal(key: KmsKey, ciphertext: Buffer, context: EncryptionContext): Buffer {
  const start = 2 + Buffer.byteLength(sealedWith(ciphertext));
  const iv = ciphertext.subarray(start, start + IV_BYTES);
  const tag = ciphertext.subarray(start + IV_BYTES, start + IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(boundTo(key.id, context));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(start + IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    throw invalid();
  }
}
