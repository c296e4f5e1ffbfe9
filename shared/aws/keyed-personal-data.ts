import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { PersonalData, SealContext } from '../access/personal-data.ts';
import type { DataKeys } from './keyring.ts';

const version = 'v1';

function additionalData({ tenant, record, field }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([version, tenant, record, field]));
}

/** Personal data under the keyring's data keys: HMAC-SHA256 for hashes, AES-256-GCM for values. */
export function createPersonalData(keys: () => Promise<DataKeys>): PersonalData {
  return {
    hash: async (number) =>
      createHmac('sha256', (await keys()).hash)
        .update(number)
        .digest('hex'),
    seal: async (value, context) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', (await keys()).field, nonce);
      cipher.setAAD(additionalData(context));
      const bytes = Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}.${bytes.toString('base64url')}`;
    },
    open: async (sealed, context) => {
      const bytes = Buffer.from(sealed.slice(version.length + 1), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', (await keys()).field, bytes.subarray(0, 12));
      decipher.setAAD(additionalData(context));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
    },
  };
}
