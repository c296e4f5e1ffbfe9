import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startS3 } from '../../../local/s3/server.ts';
import { CREDENTIALS, PATIENTLY, REGION, refusal, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const SCRIPT = fileURLToPath(new URL('server-process.ts', import.meta.url));

/** Starts the stand-in in a child process over a folder. */
async function startProcess(dataDirectory: string): Promise<{ client: S3Client; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [SCRIPT, dataDirectory, BUCKET], { stdio: ['pipe', 'pipe', 'inherit'] });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  const [endpoint] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { client: new S3Client({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 }), kill };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-s3-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('after a restart', () => {
  test('objects, versions, uploads and locks are as they were', async () => {
    const fixture = await startFixture([{ name: BUCKET, objectLock: { mode: 'COMPLIANCE', days: 1 } }]);
    const put = await fixture.client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'kept', Metadata: { a: 'b' }, ContentType: 'text/plain' }),
    );
    const place = { Bucket: BUCKET, Key: 'parts' };
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date('2027-01-01T00:00:00Z') } as const;
    const { UploadId } = await fixture.client.send(
      new CreateMultipartUploadCommand({ ...place, ...lock, ChecksumAlgorithm: 'CRC32' }),
    );
    await fixture.client.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'part' }));

    await fixture.restart();
    const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(got).toMatchObject({
      VersionId: put.VersionId,
      ETag: put.ETag,
      ChecksumCRC32: put.ChecksumCRC32,
      Metadata: { a: 'b' },
      ContentType: 'text/plain',
      ObjectLockMode: 'COMPLIANCE',
    });
    expect(await got.Body?.transformToString()).toBe('kept');
    const { Parts } = await fixture.client.send(new ListPartsCommand({ ...place, UploadId }));
    const [part] = Parts ?? [];
    await fixture.client.send(
      new CompleteMultipartUploadCommand({
        ...place,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part?.ETag, ChecksumCRC32: part?.ChecksumCRC32 }] },
      }),
    );
    const joined = await fixture.client.send(new GetObjectCommand(place));
    expect(joined.ObjectLockRetainUntilDate).toEqual(lock.ObjectLockRetainUntilDate);
  });

  test('files that no metadata names are gone', async () => {
    const folder = temporaryFolder();
    for (const name of ['blobs', 'incoming']) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'stray'), 'x');
    }
    const { kill } = await startProcess(folder);
    expect(readdirSync(join(folder, 'blobs'))).toEqual([]);
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    await kill();
  });
});

describe('a kill', () => {
  test('in the middle of an upload loses that upload and nothing else', async () => {
    const folder = temporaryFolder();
    const first = await startProcess(folder);
    await first.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'before', Body: 'kept' }));
    await first.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'under', Body: 'old' }));
    const slow = new PassThrough();
    const upload = first.client
      .send(new PutObjectCommand({ Bucket: BUCKET, Key: 'under', Body: slow, ContentLength: 1_000_000 }))
      .then(() => 'stored')
      .catch(() => 'lost');
    slow.write(Buffer.alloc(500_000));
    await expect.poll(() => readdirSync(join(folder, 'incoming')).length, PATIENTLY).toBe(1);
    await first.kill();
    slow.destroy();
    expect(await upload).toBe('lost');

    const second = await startProcess(folder);
    const { Versions } = await second.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    expect(Versions?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['before', 4],
      ['under', 3],
    ]);
    const got = await second.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'under' }));
    expect(await got.Body?.transformToString()).toBe('old');
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    expect(readdirSync(join(folder, 'blobs'))).toHaveLength(2);
  });

  test('among many writes leaves every acknowledged one, whole', async () => {
    const folder = temporaryFolder();
    const first = await startProcess(folder);
    const acknowledged = new Set<string>();
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; ; index += 1) {
        const Key = `${writer}/${index}`;
        try {
          await first.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key.repeat(1000) }));
        } catch {
          return;
        }
        acknowledged.add(Key);
      }
    });
    await expect.poll(() => acknowledged.size, PATIENTLY).toBeGreaterThan(40);
    await first.kill();
    await Promise.all(writers);

    const second = await startProcess(folder);
    for (const Key of acknowledged) {
      const got = await second.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      expect(await got.Body?.transformToString()).toBe(Key.repeat(1000));
    }
    const { Versions = [] } = await second.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    expect(readdirSync(join(folder, 'blobs'))).toHaveLength(Versions.length);
  });
});

describe('a folder or port in use', () => {
  test('is said so in one line', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const options = {
      now: () => new Date(),
      region: REGION,
      credentials: CREDENTIALS,
      onEvent: () => undefined,
    };
    await expect(startS3({ ...options, dataDirectory: fixture.dataDirectory })).rejects.toThrow(
      /data folder is in use by another process/,
    );
    const port = Number(new URL(fixture.server.endpoint).port);
    const folder = temporaryFolder();
    await expect(startS3({ ...options, dataDirectory: folder, port })).rejects.toThrow(/EADDRINUSE/);
    // The failed start let go of its folder.
    const server = await startS3({ ...options, dataDirectory: folder });
    await server.stop();
    await server.stop();
  });

  test('is let go of when the stand-in stops, even with a client in mid-upload', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const slow = new PassThrough();
    const upload = fixture.client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: slow, ContentLength: 1_000_000 }),
    );
    const lost = upload.then(() => 'stored').catch(() => 'lost');
    slow.write(Buffer.alloc(500_000));
    await expect.poll(() => fixture.incoming().length, PATIENTLY).toBe(1);
    await fixture.restart();
    slow.destroy();
    expect(await lost).toBe('lost');
    expect(fixture.incoming()).toEqual([]);
    expect(await refusal(fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'k' })))).toMatchObject({
      code: 'NoSuchKey',
    });
    const idle = connect(Number(new URL(fixture.server.endpoint).port), '127.0.0.1');
    await once(idle, 'connect');
    await fixture.server.stop();
    idle.destroy();
  });
});
