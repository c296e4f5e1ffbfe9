import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { openDataDirectory } from '../../../local/state/data-directory.ts';
import { openWorkshop, type Workshop, workshopStart } from '../fixtures/workshop.ts';

const folders: string[] = [];
let open: Workshop | undefined;
afterEach(async () => {
  await open?.stop();
  open = undefined;
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'restart-'));
  folders.push(made);
  return made;
}

function kmsOf({ cloud }: Workshop): KMSClient {
  const systemClockOffset = cloud.clock.now().getTime() - Date.now();
  return new KMSClient({
    endpoint: cloud.endpoints.kms,
    region: cloud.region,
    credentials: { ...cloud.credentials },
    systemClockOffset,
  });
}

describe('a data directory', () => {
  test('carries everything over a restart', async () => {
    const dataDirectory = folder();
    const first = await openWorkshop({ dataDirectory });
    open = first;
    const { cloud } = first;
    await first.dynamodb.send(
      new PutItemCommand({ TableName: cloud.outputs['TableName'], Item: { pk: { S: 'order#kept' } } }),
    );
    await cloud.settle();
    await first.s3.send(new PutObjectCommand({ Bucket: first.bucket, Key: 'out/kept', Body: 'bytes' }));
    const send = (id: string, more: object) =>
      first.sqs.send(
        new SendMessageCommand({ QueueUrl: first.queueUrl('WorkQueue'), MessageBody: JSON.stringify({ id, ...more }) }),
      );
    await send('failing', { fails: true });
    await cloud.settle();
    const key = { KeyId: cloud.outputs['KeyArn'] };
    const { CiphertextBlob } = await kmsOf(first).send(
      new EncryptCommand({ ...key, Plaintext: Buffer.from('secret') }),
    );
    await cloud.clock.advance({ ms: 30_000 });
    const token = await cloud.token('finance');
    const was = cloud.clock.now().getTime();
    const { apiUrl, issuer, outputs } = cloud;
    await first.stop();

    const second = await openWorkshop({ dataDirectory, clock: {} });
    open = second;
    expect([second.cloud.apiUrl, second.cloud.issuer]).toEqual([apiUrl, issuer]);
    expect(second.cloud.outputs['TableName']).toBe(outputs['TableName']);
    expect(second.cloud.outputs['StreamArn']).toBe(outputs['StreamArn']);
    const now = second.cloud.clock.now().getTime();
    expect(now - was).toBeGreaterThanOrEqual(0);
    expect(now - was).toBeLessThan(60_000);
    expect(await second.item('order#kept')).toBeDefined();
    const object = await second.s3.send(new GetObjectCommand({ Bucket: second.bucket, Key: 'out/kept' }));
    expect(await object.Body?.transformToString()).toBe('bytes');
    const { Plaintext } = await kmsOf(second).send(new DecryptCommand({ CiphertextBlob, ...key }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('secret');
    const me = await fetch(`${apiUrl}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(200);
    // A message that was on its way comes back at once, with its count; the stream is not read again.
    await second.cloud.settle();
    expect(await second.seen('failing')).toBe(2);
    expect(await second.seen('order#kept#INSERT')).toBe(1);
    // Messages go back and forth in file mode too.
    await second.cloud.clock.advance({ ms: 3_600_000 });
    expect([await second.depth('WorkQueue'), (await second.depth('DeadLetters'))[0]]).toEqual([[0, 0, 0], 1]);
  });

  test('a later start moves the clock, an earlier one is refused', async () => {
    const dataDirectory = folder();
    open = await openWorkshop({ dataDirectory });
    await open.cloud.clock.advance({ ms: 86_400_000 });
    await open.stop();
    open = undefined;
    await expect(openWorkshop({ dataDirectory })).rejects.toThrow('the clock never goes back');
    const later = new Date(workshopStart.getTime() + 3 * 86_400_000 + 1);
    open = await openWorkshop({ dataDirectory, clock: { startAt: later } });
    expect(open.cloud.clock.now().getTime()).toBeGreaterThanOrEqual(later.getTime());
    // 2021-03-09 and 10 before, 11 and 12 in the jump
    expect(await open.seen('daily')).toBe(3);
  });

  test('without one nothing is left', async () => {
    const cloud = await openWorkshop();
    open = cloud;
    const { path } = openDataDirectory(undefined);
    rmSync(path, { recursive: true });
    await cloud.stop();
    open = undefined;
    await expect(fetch(cloud.cloud.endpoints.dynamodb)).rejects.toThrow('fetch failed');
    await expect(fetch(cloud.cloud.apiUrl)).rejects.toThrow('fetch failed');
  });

  test('a state that is none is refused in words', () => {
    const path = folder();
    writeFileSync(join(path, 'state.json'), '{"clock":5}');
    expect(() => openDataDirectory(path)).toThrow('is not a state of the local cloud');
  });

  test('a save leaves the old or the new state, and only its owner reads it', () => {
    const path = folder();
    const data = openDataDirectory(path);
    data.save({ createdAt: 5 });
    data.save({ checkpoints: { a: '1' } });
    expect(openDataDirectory(path).state).toMatchObject({ createdAt: 5, checkpoints: { a: '1' } });
    expect(JSON.parse(readFileSync(join(path, 'state.json'), 'utf8'))).toMatchObject({ createdAt: 5 });
  });
});
