import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  KMSClient,
  type KMSClientConfig,
  KMSServiceException,
  ListKeysCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RunningKms, startKms } from '../../../local/kms/server.ts';

const REGION = 'cn-north-1';
const CREDENTIALS = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' };
const NOW = new Date('2026-03-02T04:05:06Z');

interface Fixture {
  readonly kms: RunningKms;
  readonly client: KMSClient;
  readonly dataDirectory: string;
  readonly connect: (config?: KMSClientConfig) => KMSClient;
}

async function start(folder?: string): Promise<Fixture> {
  const dataDirectory = folder ?? mkdtempSync(join(tmpdir(), 'local-kms-'));
  const kms = await startKms({ dataDirectory, now: () => NOW, region: REGION, credentials: CREDENTIALS });
  const clients: KMSClient[] = [];
  const connect = (config: KMSClientConfig = {}): KMSClient => {
    const client = new KMSClient({
      endpoint: kms.endpoint,
      region: REGION,
      credentials: CREDENTIALS,
      maxAttempts: 1,
      systemClockOffset: NOW.getTime() - Date.now(),
      ...config,
    });
    clients.push(client);
    return client;
  };
  onTestFinished(async () => {
    for (const client of clients) client.destroy();
    await kms.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  return { kms, client: connect(), dataDirectory, connect };
}

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof KMSServiceException) return error.name;
    throw error;
  }
  return 'accepted';
}

const PLAINTEXT = Buffer.from('330302199001011234');

describe('encryption', () => {
  test('gives back what was encrypted, under the same context in any order', async () => {
    const { kms, client } = await start();
    const { keyId, arn } = kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    expect([keyId, arn]).toEqual(['fields', 'arn:aws-cn:kms:cn-north-1:000000000000:key/fields']);
    for (const KeyId of [keyId, arn]) {
      const sealed = await client.send(
        new EncryptCommand({ KeyId, Plaintext: PLAINTEXT, EncryptionContext: { tenant: 't', field: 'id' } }),
      );
      expect(sealed.KeyId).toBe(arn);
      expect(Buffer.from(sealed.CiphertextBlob ?? []).includes(PLAINTEXT)).toBe(false);
      const opened = await client.send(
        new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { field: 'id', tenant: 't' } }),
      );
      expect(Buffer.from(opened.Plaintext ?? []).equals(PLAINTEXT)).toBe(true);
      expect(opened.KeyId).toBe(arn);
    }
  });

  test('is bound to its context, its key and every byte', async () => {
    const { kms, client } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    kms.createKey('others', 'SYMMETRIC_DEFAULT');
    const EncryptionContext = { claim: 'c-1' };
    const { CiphertextBlob = new Uint8Array() } = await client.send(
      new EncryptCommand({ KeyId: 'fields', Plaintext: PLAINTEXT, EncryptionContext }),
    );
    const decrypt = (input: object): Promise<string> =>
      refusal(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, ...input })));
    expect(await decrypt({ KeyId: 'fields' })).toBe('accepted');
    expect(await decrypt({ EncryptionContext: { claim: 'c-2' } })).toBe('InvalidCiphertextException');
    expect(await decrypt({ EncryptionContext: { claim: 'c-1', more: '' } })).toBe('InvalidCiphertextException');
    expect(await decrypt({ EncryptionContext: undefined })).toBe('InvalidCiphertextException');
    expect(await decrypt({ KeyId: 'others' })).toBe('IncorrectKeyException');
    expect(await decrypt({ KeyId: 'absent' })).toBe('NotFoundException');
    expect(await decrypt({ CiphertextBlob: CiphertextBlob.subarray(0, -1) })).toBe('InvalidCiphertextException');
    expect(await decrypt({ CiphertextBlob: Buffer.from('nothing of ours') })).toBe('InvalidCiphertextException');
    expect(await decrypt({ CiphertextBlob: Buffer.of(1) })).toBe('InvalidCiphertextException');
    for (let index = 0; index < CiphertextBlob.length; index += 1) {
      const changed = Buffer.from(CiphertextBlob);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(['InvalidCiphertextException', 'NotFoundException']).toContain(await decrypt({ CiphertextBlob: changed }));
    }
  });

  test('takes from 1 to 4096 bytes', async () => {
    const { kms, client } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    const encrypt = (bytes: number): Promise<string> =>
      refusal(client.send(new EncryptCommand({ KeyId: 'fields', Plaintext: Buffer.alloc(bytes) })));
    expect(await encrypt(0)).toBe('ValidationException');
    expect(await encrypt(1)).toBe('accepted');
    expect(await encrypt(4096)).toBe('accepted');
    expect(await encrypt(4097)).toBe('ValidationException');
  });
});

describe('data keys', () => {
  test('come in the clear and sealed, new each time', async () => {
    const { kms, client } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    const seen = new Set<string>();
    for (const [input, bytes] of [
      [{ KeySpec: 'AES_256' }, 32],
      [{ KeySpec: 'AES_128' }, 16],
      [{ NumberOfBytes: 1 }, 1],
      [{ NumberOfBytes: 1024 }, 1024],
      [{ KeySpec: 'AES_256' }, 32],
    ] as const) {
      const EncryptionContext = { purpose: 'p' };
      const { Plaintext = new Uint8Array(), CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({ KeyId: 'fields', EncryptionContext, ...input }),
      );
      expect(Plaintext).toHaveLength(bytes);
      const opened = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
      expect(Buffer.from(opened.Plaintext ?? []).equals(Plaintext)).toBe(true);
      seen.add(Buffer.from(Plaintext).toString('hex'));
    }
    expect(seen.size).toBe(5);
  });

  test('have a spec or a size, within bounds', async () => {
    const { kms, client } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    for (const input of [
      {},
      { KeySpec: 'AES_256', NumberOfBytes: 32 } as const,
      { NumberOfBytes: 0 },
      { NumberOfBytes: 1025 },
    ]) {
      expect(await refusal(client.send(new GenerateDataKeyCommand({ KeyId: 'fields', ...input })))).toBe(
        'ValidationException',
      );
    }
  });
});

describe('MACs', () => {
  test('are deterministic, and verified against message and key', async () => {
    const { kms, client } = await start();
    kms.createKey('people', 'HMAC_256');
    kms.createKey('others', 'HMAC_256');
    const input = { KeyId: 'people', Message: PLAINTEXT, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const { Mac } = await client.send(new GenerateMacCommand(input));
    const again = await client.send(new GenerateMacCommand(input));
    expect(Mac).toHaveLength(32);
    expect(again.Mac).toEqual(Mac);
    const verified = await client.send(new VerifyMacCommand({ ...input, Mac }));
    expect(verified.MacValid).toBe(true);
    const verify = (changed: object): Promise<string> =>
      refusal(client.send(new VerifyMacCommand({ ...input, Mac, ...changed })));
    expect(await verify({ Message: Buffer.from('other') })).toBe('KMSInvalidMacException');
    expect(await verify({ KeyId: 'others' })).toBe('KMSInvalidMacException');
    expect(await verify({ Mac: Buffer.alloc(32) })).toBe('KMSInvalidMacException');
    expect(await verify({ Mac: Mac?.subarray(1) })).toBe('KMSInvalidMacException');
    expect(await verify({ MacAlgorithm: 'HMAC_SHA_512' })).toBe('ValidationException');
  });

  test('and encryption have keys of their own', async () => {
    const { kms, client } = await start();
    kms.createKey('people', 'HMAC_256');
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    const wrong = 'InvalidKeyUsageException';
    expect(await refusal(client.send(new EncryptCommand({ KeyId: 'people', Plaintext: PLAINTEXT })))).toBe(wrong);
    expect(await refusal(client.send(new GenerateDataKeyCommand({ KeyId: 'people', KeySpec: 'AES_256' })))).toBe(wrong);
    const mac = new GenerateMacCommand({ KeyId: 'fields', Message: PLAINTEXT, MacAlgorithm: 'HMAC_SHA_256' });
    expect(await refusal(client.send(mac))).toBe(wrong);
  });
});

describe('keys', () => {
  test('survive a restart, in a file for their owner only', async () => {
    const first = await start();
    first.kms.createKey('Storage/FieldKey', 'SYMMETRIC_DEFAULT');
    first.kms.createKey('people', 'HMAC_256');
    const { CiphertextBlob } = await first.client.send(
      new EncryptCommand({ KeyId: 'Storage/FieldKey', Plaintext: PLAINTEXT }),
    );
    const mac = { KeyId: 'people', Message: PLAINTEXT, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const before = await first.client.send(new GenerateMacCommand(mac));
    expect(statSync(join(first.dataDirectory, 'keys.json')).mode & 0o777).toBe(0o600);
    await first.kms.stop();

    const second = await start(first.dataDirectory);
    second.kms.createKey('people', 'HMAC_256');
    const opened = await second.client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext ?? []).equals(PLAINTEXT)).toBe(true);
    expect((await second.client.send(new GenerateMacCommand(mac))).Mac).toEqual(before.Mac);
  });

  test('describe themselves', async () => {
    const { kms, client } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    kms.createKey('people', 'HMAC_256');
    const fields = await client.send(new DescribeKeyCommand({ KeyId: 'fields' }));
    expect(fields.KeyMetadata).toMatchObject({
      AWSAccountId: '000000000000',
      KeyId: 'fields',
      CreationDate: NOW,
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
    });
    const people = await client.send(new DescribeKeyCommand({ KeyId: 'people' }));
    expect(people.KeyMetadata).toMatchObject({ KeyUsage: 'GENERATE_VERIFY_MAC', MacAlgorithms: ['HMAC_SHA_256'] });
    expect(await refusal(client.send(new DescribeKeyCommand({ KeyId: 'alias/fields' })))).toBe('NotFoundException');
  });

  test('keep their spec, and have an id and a spec that we know', async () => {
    const { kms } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    expect(() => kms.createKey('fields', 'HMAC_256')).toThrow(/exists with spec SYMMETRIC_DEFAULT/);
    expect(() => kms.createKey('two words', 'HMAC_256')).toThrow(/cannot be the id of a key/);
    expect(() => kms.createKey('sm', 'SM2' as 'HMAC_256')).toThrow(/no keys of spec SM2/);
  });
});

describe('a request', () => {
  test('of another secret, key, region or time is refused', async () => {
    const { kms, connect } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    const describeKey = new DescribeKeyCommand({ KeyId: 'fields' });
    const attempts: readonly [KMSClientConfig, string][] = [
      [{ credentials: { ...CREDENTIALS, secretAccessKey: 'guessed' } }, 'InvalidSignatureException'],
      [{ credentials: { ...CREDENTIALS, accessKeyId: 'AKIDOTHER' } }, 'UnrecognizedClientException'],
      [{ region: 'eu-west-1' }, 'IncompleteSignatureException'],
      [{ systemClockOffset: NOW.getTime() - Date.now() + 16 * 60_000 }, 'InvalidSignatureException'],
      [{ credentials: { ...CREDENTIALS, sessionToken: 'token' } }, 'accepted'],
    ];
    for (const [config, expected] of attempts) {
      expect(await refusal(connect(config).send(describeKey))).toBe(expected);
    }
    // By our Date header a client with a wrong clock finds the right time.
    expect(await refusal(connect({ systemClockOffset: 0, maxAttempts: 2 }).send(describeKey))).toBe('accepted');
  });

  test('for what is not implemented is refused, never answered', async () => {
    const { kms, client } = await start();
    kms.createKey('fields', 'SYMMETRIC_DEFAULT');
    for (const command of [new CreateKeyCommand({}), new ListKeysCommand({})]) {
      const failure = await client.send(command as ListKeysCommand).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 501 } });
    }
    const dryRun = new EncryptCommand({ KeyId: 'fields', Plaintext: PLAINTEXT, DryRun: true });
    expect(await refusal(client.send(dryRun))).toBe('UnsupportedOperationException');
    const granted = new DescribeKeyCommand({ KeyId: 'fields', GrantTokens: ['t'] });
    expect(await refusal(client.send(granted))).toBe('UnsupportedOperationException');
  });

  test('without a signature, or too long, is refused', async () => {
    const { kms } = await start();
    const post = async (body: string): Promise<unknown> => {
      const response = await fetch(kms.endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': 'TrentService.DescribeKey' },
        body,
      });
      const { __type } = (await response.json()) as { __type: string };
      return [response.status, __type];
    };
    expect(await post('{"KeyId":"fields"}')).toEqual([400, 'MissingAuthenticationTokenException']);
    expect(await post('x'.repeat(64 * 1024 + 1))).toEqual([400, 'ValidationException']);
  });
});
