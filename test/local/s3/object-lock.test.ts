import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import type { S3BucketConfiguration } from '../../../local/s3/server.ts';
import { refusal, type S3Fixture, START, startFixture } from './s3-fixture.ts';

const BUCKET = 'evidence';
const DAY = 24 * 60 * 60 * 1000;
const DENIED = { code: 'AccessDenied', status: 403 };
type Mode = 'COMPLIANCE' | 'GOVERNANCE';

function after(days: number): Date {
  return new Date(START.getTime() + days * DAY);
}

async function locked(
  objectLock: S3BucketConfiguration['objectLock'],
  input: Partial<PutObjectCommandInput> = {},
): Promise<{ fixture: S3Fixture; place: { Bucket: string; Key: string; VersionId: string } }> {
  const fixture = await startFixture([{ name: BUCKET, objectLock }]);
  const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'proof', ...input });
  const { VersionId } = await fixture.client.send(put);
  return { fixture, place: { Bucket: BUCKET, Key: 'k', VersionId: VersionId ?? '' } };
}

describe.each<Mode>(['COMPLIANCE', 'GOVERNANCE'])('a version under %s', (mode) => {
  test('cannot be deleted before its date, not a millisecond', async () => {
    const { fixture, place } = await locked({ mode, days: 10 });
    const remove = (): Promise<unknown> => fixture.client.send(new DeleteObjectCommand(place));
    expect(await refusal(remove())).toEqual(DENIED);
    fixture.advance(10 * DAY - 1);
    expect(await refusal(remove())).toEqual(DENIED);
    fixture.advance(1);
    await remove();
    expect(fixture.blobs()).toEqual([]);
  });

  test('can be hidden by a marker and overwritten, but stays', async () => {
    const { fixture, place } = await locked({ mode, days: 10 });
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'new' }));
    const head = await fixture.client.send(new HeadObjectCommand(place));
    expect([head.ObjectLockMode, head.ObjectLockRetainUntilDate]).toEqual([mode, after(10)]);
  });

  test('can be locked for longer, not for shorter', async () => {
    const { fixture, place } = await locked({ mode, days: 10 });
    const retain = (days: number): Promise<unknown> =>
      fixture.client.send(
        new PutObjectRetentionCommand({ ...place, Retention: { Mode: mode, RetainUntilDate: after(days) } }),
      );
    await retain(10);
    await retain(20);
    expect(await refusal(retain(19))).toEqual(DENIED);
    const { Retention } = await fixture.client.send(new GetObjectRetentionCommand(place));
    expect(Retention).toEqual({ Mode: mode, RetainUntilDate: after(20) });
    const none = new PutObjectRetentionCommand({ ...place, Retention: {} });
    expect(await refusal(fixture.client.send(none))).toEqual(DENIED);
    fixture.advance(20 * DAY);
    await fixture.client.send(none);
  });
});

describe('who may bypass', () => {
  test('governance by saying so: deletes, shortens and takes off', async () => {
    const { fixture, place } = await locked({ mode: 'GOVERNANCE', days: 10 });
    const bypass = { BypassGovernanceRetention: true };
    const shorter = { Mode: 'GOVERNANCE', RetainUntilDate: after(5) } as const;
    await fixture.client.send(new PutObjectRetentionCommand({ ...place, ...bypass, Retention: shorter }));
    await fixture.client.send(new PutObjectRetentionCommand({ ...place, ...bypass, Retention: {} }));
    expect(await refusal(fixture.client.send(new GetObjectRetentionCommand(place)))).toEqual({
      code: 'NoSuchObjectLockConfiguration',
      status: 404,
    });
    await fixture.client.send(new PutObjectRetentionCommand({ ...place, Retention: shorter }));
    await fixture.client.send(new DeleteObjectCommand({ ...place, ...bypass }));
    expect(fixture.blobs()).toEqual([]);
  });

  test('compliance nobody: not deleted, weakened, shortened or taken off', async () => {
    const { fixture, place } = await locked({ mode: 'COMPLIANCE', days: 10 });
    const remove = new DeleteObjectCommand({ ...place, BypassGovernanceRetention: true });
    expect(await refusal(fixture.client.send(remove))).toEqual(DENIED);
    const retain = (Retention: { Mode?: Mode; RetainUntilDate?: Date }): Promise<unknown> =>
      fixture.client.send(new PutObjectRetentionCommand({ ...place, BypassGovernanceRetention: true, Retention }));
    expect(await refusal(retain({ Mode: 'GOVERNANCE', RetainUntilDate: after(20) }))).toEqual(DENIED);
    expect(await refusal(retain({ Mode: 'COMPLIANCE', RetainUntilDate: after(9) }))).toEqual(DENIED);
    expect(await refusal(retain({}))).toEqual(DENIED);
  });

  test('governance may be made compliance', async () => {
    const { fixture, place } = await locked({ mode: 'GOVERNANCE', days: 10 });
    const stricter = { Mode: 'COMPLIANCE', RetainUntilDate: after(10) } as const;
    await fixture.client.send(new PutObjectRetentionCommand({ ...place, Retention: stricter }));
    expect(
      await refusal(fixture.client.send(new DeleteObjectCommand({ ...place, BypassGovernanceRetention: true }))),
    ).toEqual(DENIED);
  });
});

describe('a retention', () => {
  test('of the request outranks the default of the bucket', async () => {
    const { fixture, place } = await locked(
      { mode: 'GOVERNANCE', days: 1 },
      { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: after(3) },
    );
    const { Retention } = await fixture.client.send(new GetObjectRetentionCommand(place));
    expect(Retention).toEqual({ Mode: 'COMPLIANCE', RetainUntilDate: after(3) });
  });

  test('in years keeps the calendar day', async () => {
    const { fixture, place } = await locked({ mode: 'GOVERNANCE', years: 5 });
    const { Retention } = await fixture.client.send(new GetObjectRetentionCommand(place));
    expect(Retention?.RetainUntilDate).toEqual(new Date('2031-03-02T04:05:06.789Z'));
  });

  test('comes with copies and multipart uploads as well', async () => {
    const { fixture } = await locked({ mode: 'COMPLIANCE', days: 2 });
    const copied = await fixture.client.send(
      new CopyObjectCommand({
        Bucket: BUCKET,
        Key: 'copy',
        CopySource: `${BUCKET}/k`,
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: after(1000),
        ObjectLockLegalHoldStatus: 'ON',
      }),
    );
    const copy = { Bucket: BUCKET, Key: 'copy', VersionId: copied.VersionId };
    const head = await fixture.client.send(new HeadObjectCommand(copy));
    expect([head.ObjectLockRetainUntilDate, head.ObjectLockLegalHoldStatus]).toEqual([after(1000), 'ON']);

    const place = { Bucket: BUCKET, Key: 'parts' };
    for (const [lock, until] of [
      [{}, after(1 + 2)],
      [{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: after(50) } as const, after(50)],
    ] as const) {
      const { UploadId } = await fixture.client.send(
        new CreateMultipartUploadCommand({ ...place, ...lock, ChecksumAlgorithm: 'SHA256' }),
      );
      const part = { ...place, UploadId, PartNumber: 1, Body: Buffer.from('x') };
      const bare = fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
      expect(await refusal(bare.send(new UploadPartCommand(part)))).toMatchObject({ code: 'InvalidRequest' });
      const { ETag, ChecksumSHA256 } = await fixture.client.send(
        new UploadPartCommand({ ...part, ChecksumAlgorithm: 'SHA256' }),
      );
      // The default counts from the completion.
      if (until.getTime() === after(3).getTime()) fixture.advance(DAY);
      await fixture.client.send(
        new CompleteMultipartUploadCommand({
          ...place,
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA256 }] },
        }),
      );
      const done = await fixture.client.send(new HeadObjectCommand(place));
      expect(done.ObjectLockRetainUntilDate).toEqual(until);
    }
  });

  test('is refused when it makes no sense', async () => {
    const { fixture } = await locked(true);
    const put = (input: Partial<PutObjectCommandInput>): Promise<unknown> =>
      fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x', ...input }));
    const invalid = { code: 'InvalidArgument', status: 400 };
    expect(await refusal(put({ ObjectLockMode: 'COMPLIANCE' }))).toEqual(invalid);
    expect(await refusal(put({ ObjectLockRetainUntilDate: after(1) }))).toEqual(invalid);
    expect(await refusal(put({ ObjectLockMode: 'FOREVER' as Mode, ObjectLockRetainUntilDate: after(1) }))).toEqual(
      invalid,
    );
    // The SDK sends whole seconds; the clock stands at .789.
    const now = new Date('2026-03-02T04:05:06Z');
    expect(await refusal(put({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: now }))).toEqual(invalid);
    await put({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date('2026-03-02T04:05:07Z') });
    expect(await refusal(put({ ObjectLockLegalHoldStatus: 'MAYBE' as 'ON' }))).toEqual(invalid);
  });

  test('demands a checksum with what is put, be it by default or by request', async () => {
    const lock = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: after(1) } as const;
    for (const [objectLock, input] of [
      [{ mode: 'GOVERNANCE', days: 1 } as const, {}],
      [true, lock],
      [true, { ObjectLockLegalHoldStatus: 'ON' } as const],
    ] as const) {
      const fixture = await startFixture([{ name: BUCKET, objectLock }]);
      const client = fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
      const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x', ...input });
      expect(await refusal(client.send(put))).toEqual({ code: 'InvalidRequest', status: 400 });
    }
    const fixture = await startFixture([{ name: BUCKET, objectLock: true }]);
    const client = fixture.connect({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' }));
    await client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x', ...lock, ContentMD5: 'ndTkYSaMgDT1yFZOFVxnpg==' }),
    );
  });
});

describe('a legal hold', () => {
  test('forbids deletion until it is lifted, bypass or not', async () => {
    const { fixture, place } = await locked(true, { ObjectLockLegalHoldStatus: 'ON' });
    const remove = new DeleteObjectCommand({ ...place, BypassGovernanceRetention: true });
    expect(await refusal(fixture.client.send(remove))).toEqual(DENIED);
    const many = new DeleteObjectsCommand({
      Bucket: BUCKET,
      BypassGovernanceRetention: true,
      Delete: { Objects: [{ Key: place.Key, VersionId: place.VersionId }] },
    });
    expect((await fixture.client.send(many)).Errors).toMatchObject([{ Key: 'k', Code: 'AccessDenied' }]);
    expect((await fixture.client.send(new GetObjectLegalHoldCommand(place))).LegalHold?.Status).toBe('ON');
    await fixture.client.send(new PutObjectLegalHoldCommand({ ...place, LegalHold: { Status: 'OFF' } }));
    expect((await fixture.client.send(new GetObjectLegalHoldCommand(place))).LegalHold?.Status).toBe('OFF');
    await fixture.client.send(remove);
    const { Versions } = await fixture.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
    expect(Versions).toBeUndefined();
  });

  test('does not touch the bytes of the object', async () => {
    const { fixture, place } = await locked(true);
    await fixture.client.send(new PutObjectLegalHoldCommand({ ...place, LegalHold: { Status: 'ON' } }));
    const head = await fixture.client.send(new HeadObjectCommand(place));
    expect([head.ContentLength, head.ETag]).toEqual([5, '"028dce7f598c280ba3697045a8316ce2"']);
  });
});

describe('a bucket without Object Lock', () => {
  test('knows no locks', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'x' }));
    const place = { Bucket: BUCKET, Key: 'k' };
    const retention = { Mode: 'COMPLIANCE', RetainUntilDate: after(1) } as const;
    const commands = [
      () => fixture.client.send(new PutObjectRetentionCommand({ ...place, Retention: retention })),
      () => fixture.client.send(new GetObjectRetentionCommand(place)),
      () => fixture.client.send(new PutObjectLegalHoldCommand({ ...place, LegalHold: { Status: 'ON' } })),
      () => fixture.client.send(new GetObjectLegalHoldCommand(place)),
      () => fixture.client.send(new PutObjectCommand({ ...place, Body: 'x', ObjectLockLegalHoldStatus: 'ON' })),
    ];
    for (const send of commands) expect(await refusal(send())).toEqual({ code: 'InvalidRequest', status: 400 });
  });
});
