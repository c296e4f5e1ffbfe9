import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commonPrefixOf,
  compareKeys,
  firstKey,
  type ListingQuery,
  takePage,
} from '../../../local/s3/rules/listing-page.ts';
import { refusal, type S3Fixture, startFixture } from './s3-fixture.ts';

const BUCKET = 'incoming';

async function withKeys(keys: readonly string[]): Promise<S3Fixture> {
  const fixture = await startFixture([{ name: BUCKET, versioning: true }]);
  for (const Key of keys) await fixture.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
  return fixture;
}

async function list(fixture: S3Fixture, input: Partial<ListObjectsV2CommandInput>): Promise<(string | undefined)[]> {
  const page = await fixture.client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...input }));
  expect(page.KeyCount).toBe((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0));
  return [
    ...(page.Contents ?? []).map(({ Key }) => Key),
    ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}*`),
  ];
}

describe('a listing', () => {
  test('shows current objects in the order of their UTF-8 bytes', async () => {
    const keys = ['b', 'a/2', 'a/1', 'a', '一', '😀', '\uffee', 'B', 'gone'];
    const fixture = await withKeys(keys);
    await fixture.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }));
    expect(await list(fixture, {})).toEqual(['B', 'a', 'a/1', 'a/2', 'b', '一', '\uffee', '😀']);
    const page = await fixture.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'B', FetchOwner: true }));
    expect(page.Contents?.[0]).toMatchObject({
      Size: 1,
      ETag: '"9d5ed678fe57bcca610140957afab571"',
      StorageClass: 'STANDARD',
      LastModified: new Date('2026-03-02T04:05:06Z'),
      ChecksumAlgorithm: ['CRC32'],
      Owner: { ID: '0'.repeat(64) },
    });
  });

  test('rolls keys up to common prefixes', async () => {
    const fixture = await withKeys(['a', 'p/1', 'p/2', 'p/q/3', 'p/q/4', 'z/']);
    expect(await list(fixture, { Delimiter: '/' })).toEqual(['a', 'p/*', 'z/*']);
    expect(await list(fixture, { Delimiter: '/', Prefix: 'p/' })).toEqual(['p/1', 'p/2', 'p/q/*']);
    expect(await list(fixture, { Prefix: 'p/q' })).toEqual(['p/q/3', 'p/q/4']);
    expect(await list(fixture, { Delimiter: '/', Prefix: 'p/q' })).toEqual(['p/q/*']);
    expect(await list(fixture, { Prefix: 'nothing' })).toEqual([]);
    expect(await list(fixture, { StartAfter: 'p/2' })).toEqual(['p/q/3', 'p/q/4', 'z/']);
  });

  test('goes on where the last page ended', async () => {
    const fixture = await withKeys(['a', 'p/1', 'p/2', 'q/1', 'r', 's/1']);
    const shown: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    let pages = 0;
    do {
      const page = await fixture.client.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Delimiter: '/', MaxKeys: 2, ContinuationToken }),
      );
      shown.push(
        ...(page.Contents ?? []).map(({ Key }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      );
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
      pages += 1;
    } while (ContinuationToken !== undefined);
    expect(pages).toBe(3);
    expect(shown).toEqual(['a', 'p/', 'r', 'q/', 's/']);
  });

  test('of no keys asked for shows none and is not truncated', async () => {
    const fixture = await withKeys(['a']);
    const page = await fixture.client.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 0 }));
    expect([page.KeyCount, page.IsTruncated]).toEqual([0, false]);
  });

  test('refuses a token it never gave, a bad number and an unknown encoding', async () => {
    const fixture = await withKeys([]);
    for (const input of [
      { ContinuationToken: 'not a token' },
      { ContinuationToken: '' },
      { MaxKeys: -1 },
      { EncodingType: 'base64' as 'url' },
    ]) {
      expect(await refusal(list(fixture, input))).toEqual({ code: 'InvalidArgument', status: 400 });
    }
  });

  test('writes keys URL-encoded when asked to', async () => {
    const fixture = await withKeys(["a b/'*~()!+&<\u0001一"]);
    expect(await list(fixture, { EncodingType: 'url' })).toEqual(['a+b/%27%2A%7E%28%29%21%2B%26%3C%01%E4%B8%80']);
  });

  test('taken in pages of any size shows everything once', () => {
    const key = fc.array(fc.constantFrom('a', 'b', '/', '一', '😀', '\uffee'), { minLength: 1, maxLength: 5 });
    const keys = fc.uniqueArray(
      key.map((letters) => letters.join('')),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(
        keys,
        fc.constantFrom('', 'a', 'a/'),
        fc.constantFrom(undefined, '/'),
        fc.integer({ min: 1, max: 5 }),
        (unsorted, prefix, delimiter, limit) => {
          const items = unsorted.toSorted(compareKeys).map((each) => ({ key: each }));
          const query: ListingQuery = { prefix, delimiter, limit, urlEncoded: false };
          const expected = new Set(
            items
              .filter((item) => item.key.startsWith(prefix))
              .map((item) => commonPrefixOf(item.key, query) ?? item.key),
          );
          const shown: string[] = [];
          let after: string | undefined;
          for (;;) {
            const from = firstKey(prefix, after);
            const page = takePage(
              items.filter((item) => compareKeys(item.key, from) >= 0),
              query,
              (item, commonPrefix) =>
                after !== undefined && (compareKeys(item.key, after) <= 0 || commonPrefix === after),
            );
            shown.push(...page.entries.map((item) => item.key), ...page.commonPrefixes);
            expect(page.entries.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit);
            if (page.next === undefined) break;
            after = 'entry' in page.next ? page.next.entry.key : page.next.commonPrefix;
          }
          expect(shown.toSorted()).toEqual([...expected].toSorted());
        },
      ),
      { seed: 20_260_302, numRuns: 500 },
    );
  });
});
