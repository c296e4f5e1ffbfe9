import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'evidence';

async function put(fixture: S3Fixture, Key: string, Body: string): Promise<string> {
  const { VersionId } = await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  return VersionId ?? 'none';
}

async function read(fixture: S3Fixture, Key: string, VersionId?: string): Promise<string | undefined> {
  const got = await fixture.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, VersionId }));
  return got.Body?.transformToString();
}

/** All versions and markers as `key:kind:latest`, newest first per key. */
async function history(fixture: S3Fixture): Promise<string[]> {
  const page = await fixture.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  const lines = [
    ...(page.Versions ?? []).map((each) => `${each.Key}:version:${each.IsLatest}`),
    ...(page.DeleteMarkers ?? []).map((each) => `${each.Key}:marker:${each.IsLatest}`),
  ];
  return lines.toSorted();
}

describe('a versioned bucket', () => {
  test('keeps what is overwritten, to be read by its id', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    const ids = [await put(fixture, 'k', 'one'), await put(fixture, 'k', 'two')];
    expect(new Set(ids).size).toBe(2);
    expect(await read(fixture, 'k')).toBe('two');
    expect(await read(fixture, 'k', ids[0])).toBe('one');
    const head = await fixture.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'k', VersionId: ids[0] }));
    expect([head.VersionId, head.ContentLength]).toEqual([ids[0], 3]);
    expect(await history(fixture)).toEqual(['k:version:false', 'k:version:true']);
  });

  test('hides what is deleted under a marker, whose removal brings it back', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    const id = await put(fixture, 'k', 'one');
    const deleted = await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect(deleted.DeleteMarker).toBe(true);
    const marker = deleted.VersionId;
    expect(await refusal(read(fixture, 'k'))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await read(fixture, 'k', id)).toBe('one');
    expect(await refusal(read(fixture, 'k', marker))).toEqual({ code: 'MethodNotAllowed', status: 405 });
    expect(await history(fixture)).toEqual(['k:marker:true', 'k:version:false']);

    const restored = await fixture.client.send(
      new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k', VersionId: marker }),
    );
    expect([restored.DeleteMarker, restored.VersionId]).toEqual([true, marker]);
    expect(await read(fixture, 'k')).toBe('one');
  });

  test('deletes for good by version id, and then its bytes', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    const ids = [await put(fixture, 'k', 'one'), await put(fixture, 'k', 'two')];
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k', VersionId: ids[1] }));
    expect(await read(fixture, 'k')).toBe('one');
    expect(await refusal(read(fixture, 'k', ids[1]))).toEqual({ code: 'NoSuchVersion', status: 404 });
    expect(fixture.blobs()).toHaveLength(1);
    // Again, and of a key that never was.
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k', VersionId: ids[1] }));
    expect(await refusal(read(fixture, 'k', 'not an id'))).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  test('lists its versions page by page, also when what was shown is deleted meanwhile', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    for (const Key of ['a', 'b', 'a', 'b', 'a']) await put(fixture, Key, 'x');
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'b' }));
    const seen: string[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    for (;;) {
      const page = await fixture.client.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, MaxKeys: 2, KeyMarker, VersionIdMarker }),
      );
      const entries = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      for (const { Key, VersionId } of entries) {
        seen.push(`${Key}`);
        await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, VersionId }));
      }
      if (page.IsTruncated !== true) break;
      KeyMarker = page.NextKeyMarker;
      VersionIdMarker = page.NextVersionIdMarker;
    }
    expect(seen.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    expect(await history(fixture)).toEqual([]);
    expect(fixture.blobs()).toEqual([]);
  });

  test('rolls versions up by a delimiter and goes on by key', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    for (const Key of ['a/1', 'a/1', 'a/2', 'b', 'c/1']) await put(fixture, Key, 'x');
    const rolled = await fixture.client.send(
      new ListObjectVersionsCommand({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 2 }),
    );
    expect(rolled.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['a/']);
    expect(rolled.Versions?.map(({ Key }) => Key)).toEqual(['b']);
    const rest = await fixture.client.send(
      new ListObjectVersionsCommand({ Bucket: BUCKET, Delimiter: '/', KeyMarker: rolled.NextKeyMarker }),
    );
    expect(rest.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['c/']);
    const byKey = await fixture.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, KeyMarker: 'a/1' }));
    expect(byKey.Versions?.map(({ Key }) => Key)).toEqual(['a/2', 'b', 'c/1']);
    const orphan = new ListObjectVersionsCommand({ Bucket: BUCKET, VersionIdMarker: 'null' });
    expect(await refusal(fixture.client.send(orphan))).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  test('restores an old version by copying it onto its key', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    const id = await put(fixture, 'k', 'one');
    await put(fixture, 'k', 'two');
    const copied = await fixture.client.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: 'k', CopySource: `${BUCKET}/k?versionId=${id}` }),
    );
    expect(copied.CopySourceVersionId).toBe(id);
    expect(await read(fixture, 'k')).toBe('one');
    // The copy shows the same bytes; they stay as long as either does.
    expect(fixture.blobs()).toHaveLength(2);
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k', VersionId: id }));
    expect(await read(fixture, 'k', copied.VersionId)).toBe('one');
    expect(fixture.blobs()).toHaveLength(2);
  });
});

describe('versioning that comes and goes', () => {
  test('keeps what was written before as `null`, and suspended replaces only that', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    expect(await put(fixture, 'k', 'before')).toBe('none');
    fixture.server.createBucket({ name: BUCKET, versioning: true });
    const id = await put(fixture, 'k', 'versioned');
    expect(await read(fixture, 'k', 'null')).toBe('before');

    fixture.server.createBucket({ name: BUCKET, versioning: false });
    expect(await put(fixture, 'k', 'suspended')).toBe('null');
    expect(await read(fixture, 'k', 'null')).toBe('suspended');
    expect(await read(fixture, 'k', id)).toBe('versioned');
    expect(fixture.blobs()).toHaveLength(2);

    const deleted = await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'k' }));
    expect([deleted.DeleteMarker, deleted.VersionId]).toEqual([true, 'null']);
    expect(await history(fixture)).toEqual(['k:marker:true', 'k:version:false']);
    expect(fixture.blobs()).toHaveLength(1);
  });
});

describe('deleting many', () => {
  test('deletes each and says so, or keeps quiet', async () => {
    const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
    const id = await put(fixture, 'a', 'x');
    await put(fixture, 'b & <\'"> \r一', 'x');
    const answer = await fixture.client.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: { Objects: [{ Key: 'a', VersionId: id }, { Key: 'b & <\'"> \r一' }, { Key: 'absent' }] },
      }),
    );
    expect(answer.Deleted).toMatchObject([
      { Key: 'a', VersionId: id },
      { Key: 'b & <\'"> \r一', DeleteMarker: true },
      { Key: 'absent', DeleteMarker: true },
    ]);
    expect(await history(fixture)).toEqual([
      'absent:marker:true',
      'b & <\'"> \r一:marker:true',
      'b & <\'"> \r一:version:false',
    ]);
    const quiet = await fixture.client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'z' }], Quiet: true } }),
    );
    expect(quiet.Deleted).toBeUndefined();
  });

  test('takes from 1 to 1000 keys, with a digest, and no conditions', async () => {
    const fixture = await startFixture([{ name: BUCKET }]);
    const remove = (count: number): Promise<unknown> => {
      const Objects = Array.from({ length: count }, (_, index) => ({ Key: `k${index}` }));
      return fixture.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    };
    await remove(1000);
    expect(await refusal(remove(1001))).toEqual({ code: 'MalformedXML', status: 400 });
    expect(await refusal(remove(0))).toEqual({ code: 'MalformedXML', status: 400 });
    const conditional = { Objects: [{ Key: 'k', ETag: '"x"' }] };
    expect(
      await refusal(fixture.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: conditional }))),
    ).toEqual({ code: 'NotImplemented', status: 501 });
  });
});
