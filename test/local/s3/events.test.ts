import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test, vi } from 'vitest';
import { formEncodeKey } from '../../../local/s3/rules/notification.ts';
import type { S3BucketConfiguration, S3Event } from '../../../local/s3/server.ts';
import { PATIENTLY, refusal, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';
const QUEUE = 'arn:aws-cn:sqs:cn-north-1:000000000000:verify';
const ALL: S3BucketConfiguration = {
  name: BUCKET,
  versioning: true,
  notifications: [{ id: 'all', events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], target: QUEUE }],
};

interface NotificationRecord {
  readonly eventName: string;
  readonly s3: {
    readonly configurationId: string;
    readonly object: {
      readonly key: string;
      readonly versionId?: string;
      readonly sequencer: string;
      readonly size?: number;
    };
  };
}

function recordOf(event: S3Event | undefined): NotificationRecord {
  return event?.record as NotificationRecord;
}

describe('an event', () => {
  test('tells what was stored, in the words of S3', async () => {
    const fixture = await startFixture([ALL]);
    const { VersionId } = await fixture.client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'in/a b+一.txt', Body: 'hello' }),
    );
    await expect
      .poll(() => fixture.events, PATIENTLY)
      .toEqual([
        {
          target: QUEUE,
          record: {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            awsRegion: 'cn-north-1',
            eventTime: '2026-03-02T04:05:06.789Z',
            eventName: 'ObjectCreated:Put',
            userIdentity: { principalId: '0'.repeat(64) },
            requestParameters: { sourceIPAddress: '127.0.0.1' },
            responseElements: {
              'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
              'x-amz-id-2': expect.any(String),
            },
            s3: {
              s3SchemaVersion: '1.0',
              configurationId: 'all',
              bucket: { name: BUCKET, ownerIdentity: { principalId: '0'.repeat(64) }, arn: 'arn:aws-cn:s3:::incoming' },
              object: {
                key: 'in/a+b%2B%E4%B8%80.txt',
                size: 5,
                eTag: '5d41402abc4b2a76b9719d911017c592',
                versionId: VersionId,
                sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
              },
            },
          },
        },
      ]);
  });

  test('comes for every kind of change, in order', async () => {
    const fixture = await startFixture([ALL]);
    const place = { Bucket: BUCKET, Key: 'k' };
    const put = await fixture.client.send(new PutObjectCommand({ ...place, Body: 'x' }));
    await fixture.client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: `${BUCKET}/k` }));
    const { UploadId } = await fixture.client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC32' }),
    );
    const { ETag, ChecksumCRC32 } = await fixture.client.send(
      new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'part' }),
    );
    const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }];
    await fixture.client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }));
    await fixture.client.send(new DeleteObjectCommand(place));
    await fixture.client.send(new DeleteObjectCommand({ ...place, VersionId: put.VersionId }));
    await fixture.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'copy' }] } }));
    await expect.poll(() => fixture.events.length, PATIENTLY).toBe(6);
    const records = fixture.events.map(recordOf);
    expect(records.map(({ eventName, s3 }) => [eventName, s3.object.key])).toEqual([
      ['ObjectCreated:Put', 'k'],
      ['ObjectCreated:Copy', 'copy'],
      ['ObjectCreated:CompleteMultipartUpload', 'k'],
      ['ObjectRemoved:DeleteMarkerCreated', 'k'],
      ['ObjectRemoved:Delete', 'k'],
      ['ObjectRemoved:DeleteMarkerCreated', 'copy'],
    ]);
    expect(records[4]?.s3.object.versionId).toBe(put.VersionId);
    const sequencers = records.map(({ s3 }) => s3.object.sequencer);
    expect(sequencers).toEqual([...new Set(sequencers)].toSorted());
  });

  test('goes only where its kind and key are asked for', async () => {
    const fixture = await startFixture([
      {
        name: BUCKET,
        notifications: [
          { id: 'videos', events: ['s3:ObjectCreated:Put'], prefix: 'in/', suffix: '.mp4', target: 'videos' },
          { id: 'copies', events: ['s3:ObjectCreated:Copy'], target: 'copies' },
          { events: ['s3:ObjectCreated:*'], prefix: 'in/', target: 'everything' },
        ],
      },
    ]);
    for (const Key of ['in/a.mp4', 'in/a.pdf', 'out/a.mp4', 'in/.mp4x']) {
      await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
    }
    await fixture.client.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: 'in/c.mp4', CopySource: `${BUCKET}/in/a.mp4` }),
    );
    await expect.poll(() => fixture.events.length, PATIENTLY).toBe(6);
    const seen = fixture.events.map((event) => `${event.target}:${recordOf(event).s3.object.key}`);
    expect(seen.toSorted()).toEqual([
      'copies:in/c.mp4',
      'everything:in/.mp4x',
      'everything:in/a.mp4',
      'everything:in/a.pdf',
      'everything:in/c.mp4',
      'videos:in/a.mp4',
    ]);
    expect(recordOf(fixture.events[0]).s3.object.versionId).toBeUndefined();
  });

  test('does not come for what was refused', async () => {
    const fixture = await startFixture([ALL]);
    const put = (input: object): Promise<unknown> =>
      fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x', ...input }));
    await refusal(put({ ChecksumCRC32: 'AAAAAA==' }));
    await refusal(put({ IfMatch: '"x"' }));
    await put({ Key: 'good' });
    await expect.poll(() => fixture.events.length, PATIENTLY).toBe(1);
    expect(recordOf(fixture.events[0]).s3.object.key).toBe('good');
  });
});

describe('delivery', () => {
  test('that fails is logged, does not hold up others, and is tried again', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const delivered: string[] = [];
    let broken = true;
    const fixture = await startFixture([ALL], {
      onEvent: (event) => {
        const { key } = recordOf(event).s3.object;
        if (broken && key === 'first') throw new Error('the queue is away');
        delivered.push(key);
      },
    });
    const put = (Key: string): Promise<unknown> =>
      fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'x' }));
    await put('first');
    await put('second');
    await expect.poll(() => delivered, PATIENTLY).toEqual(['second']);
    broken = false;
    await put('third');
    await expect.poll(() => delivered, PATIENTLY).toEqual(['second', 'first', 'third']);
    expect(log.mock.calls.every(([line]) => String(line).includes('s3 event not delivered'))).toBe(true);
    expect(log).toHaveBeenCalled();
    log.mockRestore();
  });

  test('happens after a restart when it did not before', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const delivered: string[] = [];
    let broken = true;
    const fixture = await startFixture([ALL], {
      onEvent: async (event) => {
        if (broken) throw new Error('the queue is away');
        delivered.push(recordOf(event).s3.object.key);
      },
    });
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' }));
    await expect.poll(() => log.mock.calls.length, PATIENTLY).toBeGreaterThan(0);
    broken = false;
    await fixture.restart();
    await expect.poll(() => delivered, PATIENTLY).toEqual(['k']);
    await fixture.restart();
    expect(delivered).toEqual(['k']);
    log.mockRestore();
  });

  test('to one slow target does not hold up another', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const delivered: string[] = [];
    const rule = { events: ['s3:ObjectCreated:*' as const] };
    const fixture = await startFixture(
      [
        {
          name: BUCKET,
          notifications: [
            { ...rule, target: 'slow' },
            { ...rule, target: 'quick' },
          ],
        },
      ],
      {
        onEvent: async ({ target }) => {
          if (target === 'slow') await gate;
          delivered.push(target);
        },
      },
    );
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' }));
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'b', Body: 'x' }));
    await expect.poll(() => delivered, PATIENTLY).toEqual(['quick', 'quick']);
    release();
    await expect.poll(() => delivered, PATIENTLY).toEqual(['quick', 'quick', 'slow', 'slow']);
  });
});

describe('keys in events', () => {
  test('are encoded like form values, as URLSearchParams decodes them', () => {
    for (const key of ["in/a b+c&d=e?f'g(h)i!j*k~l%m", '一/二.mp4', '😀', '\u0001\n']) {
      expect(new URLSearchParams(`key=${formEncodeKey(key)}`).get('key')).toBe(key);
    }
    expect(formEncodeKey('in/a b.txt')).toBe('in/a+b.txt');
  });
});
