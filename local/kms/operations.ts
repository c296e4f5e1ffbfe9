import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { seal, sealedWith, unseal } from './ciphertext.ts';
import type { KeySpec, KeyStore, KmsKey } from './key-store.ts';
import { KmsError } from './kms-error.ts';

const MOST_PLAINTEXT_BYTES = 4096;
const MOST_CIPHERTEXT_BYTES = 6144;
const DATA_KEY_BYTES = { AES_128: 16, AES_256: 32 } as const;

function blob(minimum: number, maximum: number): z.ZodType<Buffer> {
  return z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length >= minimum && bytes.length <= maximum, {
      message: `must have ${minimum} to ${maximum} bytes`,
    });
}

const keyId = z.string().min(1).max(2048);
const context = z.record(z.string(), z.string()).default({});
const symmetric = z.literal('SYMMETRIC_DEFAULT').optional();
const macAlgorithm = z.literal('HMAC_SHA_256');

const encryptInput = z.strictObject({
  KeyId: keyId,
  Plaintext: blob(1, MOST_PLAINTEXT_BYTES),
  EncryptionContext: context,
  EncryptionAlgorithm: symmetric,
});
const decryptInput = z.strictObject({
  KeyId: keyId.optional(),
  CiphertextBlob: blob(1, MOST_CIPHERTEXT_BYTES),
  EncryptionContext: context,
  EncryptionAlgorithm: symmetric,
});
const generateDataKeyInput = z
  .strictObject({
    KeyId: keyId,
    KeySpec: z.enum(['AES_128', 'AES_256']).optional(),
    NumberOfBytes: z.int().min(1).max(1024).optional(),
    EncryptionContext: context,
  })
  .refine((input) => (input.KeySpec === undefined) !== (input.NumberOfBytes === undefined), {
    message: 'Please specify either number of bytes or key spec.',
  });
const generateMacInput = z.strictObject({
  KeyId: keyId,
  Message: blob(1, MOST_PLAINTEXT_BYTES),
  MacAlgorithm: macAlgorithm,
});
const verifyMacInput = z.strictObject({ ...generateMacInput.shape, Mac: blob(1, MOST_CIPHERTEXT_BYTES) });
const describeKeyInput = z.strictObject({ KeyId: keyId });

/**
 * Reads the input of an operation. A member that exists in KMS but not here (grant tokens, dry runs, attested recipients)
 * is refused, never ignored.
 */
function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.some((issue) => issue.code === 'unrecognized_keys');
  throw new KmsError(unknown ? 'UnsupportedOperationException' : 'ValidationException', z.prettifyError(parsed.error));
}

function requireSpec(keys: KeyStore, id: string, spec: KeySpec): KmsKey {
  const key = keys.get(id);
  if (key.spec !== spec) {
    throw new KmsError('InvalidKeyUsageException', `${keys.arnOf(key)} is a key of spec ${key.spec}, not ${spec}.`);
  }
  return key;
}

function macOf(key: KmsKey, message: Buffer): Buffer {
  return createHmac('sha256', Buffer.from(key.material, 'base64')).update(message).digest();
}

type Operation = (keys: KeyStore, input: unknown) => object;

/** Everything that the local KMS does, by the name after `TrentService.` in the target. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    'Encrypt',
    (keys, input) => {
      const { KeyId, Plaintext, EncryptionContext } = read(encryptInput, input);
      const key = requireSpec(keys, KeyId, 'SYMMETRIC_DEFAULT');
      return {
        KeyId: keys.arnOf(key),
        CiphertextBlob: seal(key, Plaintext, EncryptionContext).toString('base64'),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    },
  ],
  [
    'Decrypt',
    (keys, input) => {
      const { KeyId, CiphertextBlob, EncryptionContext } = read(decryptInput, input);
      const sealing = sealedWith(CiphertextBlob);
      if (KeyId !== undefined && requireSpec(keys, KeyId, 'SYMMETRIC_DEFAULT').id !== sealing) {
        throw new KmsError('IncorrectKeyException', 'The ciphertext was made with another key.');
      }
      const key = requireSpec(keys, sealing, 'SYMMETRIC_DEFAULT');
      return {
        KeyId: keys.arnOf(key),
        Plaintext: unseal(key, CiphertextBlob, EncryptionContext).toString('base64'),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    },
  ],
  [
    'GenerateDataKey',
    (keys, input) => {
      const { KeyId, KeySpec, NumberOfBytes, EncryptionContext } = read(generateDataKeyInput, input);
      const key = requireSpec(keys, KeyId, 'SYMMETRIC_DEFAULT');
      const plaintext = randomBytes(KeySpec === undefined ? (NumberOfBytes ?? 0) : DATA_KEY_BYTES[KeySpec]);
      return {
        KeyId: keys.arnOf(key),
        Plaintext: plaintext.toString('base64'),
        CiphertextBlob: seal(key, plaintext, EncryptionContext).toString('base64'),
      };
    },
  ],
  [
    'GenerateMac',
    (keys, input) => {
      const { KeyId, Message, MacAlgorithm } = read(generateMacInput, input);
      const key = requireSpec(keys, KeyId, 'HMAC_256');
      return { KeyId: keys.arnOf(key), Mac: macOf(key, Message).toString('base64'), MacAlgorithm };
    },
  ],
  [
    'VerifyMac',
    (keys, input) => {
      const { KeyId, Message, Mac, MacAlgorithm } = read(verifyMacInput, input);
      const key = requireSpec(keys, KeyId, 'HMAC_256');
      const expected = macOf(key, Message);
      if (Mac.length !== expected.length || !timingSafeEqual(Mac, expected)) {
        throw new KmsError('KMSInvalidMacException', 'The MAC is not that of this message under this key.');
      }
      return { KeyId: keys.arnOf(key), MacValid: true, MacAlgorithm };
    },
  ],
  [
    'DescribeKey',
    (keys, input) => {
      const key = keys.get(read(describeKeyInput, input).KeyId);
      const arn = keys.arnOf(key);
      return {
        KeyMetadata: {
          AWSAccountId: arn.split(':')[4],
          KeyId: key.id,
          Arn: arn,
          CreationDate: Date.parse(key.createdAt) / 1000,
          Enabled: true,
          KeyState: 'Enabled',
          KeyManager: 'CUSTOMER',
          Origin: 'AWS_KMS',
          MultiRegion: false,
          KeySpec: key.spec,
          ...(key.spec === 'HMAC_256'
            ? { KeyUsage: 'GENERATE_VERIFY_MAC', MacAlgorithms: ['HMAC_SHA_256'] }
            : { KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
        },
      };
    },
  ],
]);
