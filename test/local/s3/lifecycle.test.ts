import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { dueAt } from '../../../local/s3/lifecycle.ts';
import type { S3BucketConfiguration } from '../../../local/s3/server.ts';
import { PATIENTLY, type S3Fixture, START, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
type Rule = NonNullable<S3BucketConfiguration['lifecycle']>[number];

function put(fixture: S3Fixture, Key: string): Promise<unknown> {
  return fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
}

async function keys(fixture: S3Fixture): Promise<(string | undefined)[]> {
  const page = await fixture.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return (page.Contents ?? []).map(({ Key }) => Key);
}

async function counts(fixture: S3Fixture): Promise<{ versions: number; markers: number }> {
  const page = await fixture.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  return { versions: page.Versions?.length ?? 0, markers: page.DeleteMarkers?.length ?? 0 };
}

/** Moves the clock to that moment. */
function goTo(fixture: S3Fixture, iso: string): void {
  fixture.advance(new Date(iso).getTime() - fixture.now().getTime());
}

async function withRule(rule: Rule, more: Partial<S3BucketConfiguration> = {}): Promise<S3Fixture> {
  return startFixture([
    {
      name: BUCKET,
      lifecycle: [rule],
      notifications: [{ events: ['s3:LifecycleExpiration:*'], target: 'lifecycle' }],
      ...more,
    },
  ]);
}

describe('the lifecycle', () => {
  test('acts at the midnight (UTC) after the days have passed', () => {
    expect(dueAt(START, 1)).toEqual(new Date('2026-03-04T00:00:00Z'));
    expect(dueAt(new Date('2026-03-02T00:00:00Z'), 1)).toEqual(new Date('2026-03-03T00:00:00Z'));
  });

  test('deletes what has expired, under its prefix only', async () => {
    const fixture = await withRule({ prefix: 'in/', expirationInDays: 2 });
    await put(fixture, 'in/old');
    await put(fixture, 'out/old');
    goTo(fixture, '2026-03-04T23:59:59.999Z');
    await put(fixture, 'in/new');
    expect(await fixture.server.applyLifecycle()).toBe(0);
    fixture.advance(1);
    expect(await fixture.server.applyLifecycle()).toBe(1);
    expect(await fixture.server.applyLifecycle()).toBe(0);
    expect(await keys(fixture)).toEqual(['in/new', 'out/old']);
    await expect
      .poll(() => fixture.events, PATIENTLY)
      .toMatchObject([
        { target: 'lifecycle', record: { eventName: 'LifecycleExpiration:Delete', s3: { object: { key: 'in/old' } } } },
      ]);
  });

  test('hides expired versions, later deletes them, and at last their marker', async () => {
    const fixture = await withRule({ expirationInDays: 2, noncurrentVersionExpirationInDays: 3 }, { versioning: true });
    await put(fixture, 'k');
    goTo(fixture, '2026-03-05T00:00:00Z');
    expect(await fixture.server.applyLifecycle()).toBe(1);
    expect(await counts(fixture)).toEqual({ versions: 1, markers: 1 });
    goTo(fixture, '2026-03-07T23:59:59.999Z');
    expect(await fixture.server.applyLifecycle()).toBe(0);
    fixture.advance(1);
    expect(await fixture.server.applyLifecycle()).toBe(1);
    expect(await counts(fixture)).toEqual({ versions: 0, markers: 1 });
    expect(await fixture.server.applyLifecycle()).toBe(1);
    expect(await counts(fixture)).toEqual({ versions: 0, markers: 0 });
    expect(fixture.blobs()).toEqual([]);
  });

  test('counts a version as noncurrent from the moment it was replaced', async () => {
    const fixture = await withRule({ noncurrentVersionExpirationInDays: 1 }, { versioning: true });
    await put(fixture, 'k');
    goTo(fixture, '2026-03-12T00:00:00Z');
    await put(fixture, 'k');
    expect(await fixture.server.applyLifecycle()).toBe(0);
    goTo(fixture, '2026-03-13T00:00:00Z');
    expect(await fixture.server.applyLifecycle()).toBe(1);
    expect(await counts(fixture)).toEqual({ versions: 1, markers: 0 });
  });

  test('removes markers with nothing beneath them', async () => {
    const fixture = await withRule({ expiredObjectDeleteMarker: true }, { versioning: true });
    await put(fixture, 'kept');
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'kept' }));
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'alone' }));
    expect(await fixture.server.applyLifecycle()).toBe(1);
    expect(await counts(fixture)).toEqual({ versions: 1, markers: 1 });
  });

  test('waits for a lock', async () => {
    const fixture = await withRule(
      { noncurrentVersionExpirationInDays: 1 },
      { objectLock: { mode: 'GOVERNANCE', days: 30 } },
    );
    await put(fixture, 'k');
    await put(fixture, 'k');
    goTo(fixture, '2026-03-20T00:00:00Z');
    expect(await fixture.server.applyLifecycle()).toBe(0);
    goTo(fixture, '2026-04-02T00:00:00Z');
    expect(await fixture.server.applyLifecycle()).toBe(1);
  });

  test('aborts uploads that nobody finished', async () => {
    const fixture = await withRule({ prefix: 'in/', abortIncompleteMultipartUploadAfterDays: 7 });
    for (const Key of ['in/k', 'out/k']) {
      const place = { Bucket: BUCKET, Key };
      const { UploadId } = await fixture.client.send(
        new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC32' }),
      );
      await fixture.client.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'x' }));
    }
    goTo(fixture, '2026-03-09T23:59:59.999Z');
    expect(await fixture.server.applyLifecycle()).toBe(0);
    fixture.advance(1);
    expect(await fixture.server.applyLifecycle()).toBe(1);
    const { Uploads } = await fixture.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect(Uploads?.map(({ Key }) => Key)).toEqual(['out/k']);
    expect(fixture.blobs()).toHaveLength(1);
  });

  test('does nothing by a rule that is switched off', async () => {
    const fixture = await withRule({ enabled: false, expirationInDays: 1 });
    await put(fixture, 'k');
    goTo(fixture, '2027-01-01T00:00:00Z');
    expect(await fixture.server.applyLifecycle()).toBe(0);
  });
});
