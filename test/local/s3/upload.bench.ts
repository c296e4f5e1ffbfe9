import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS, REGION } from './s3-fixture.ts';

/**
 * 500 MB through presigned parts, four at once, against the stand-in in a process of its own: how long it takes, and how
 * far that process grows. Resident memory is sampled while the upload runs; `VmHWM` is the kernel's own high-water mark.
 */
const PART_BYTES = 10_000_000;
const PARTS = 50;
const AT_ONCE = 4;
const MOST_GROWTH_BYTES = 50 * 1024 * 1024;
const PLACE = { Bucket: 'incoming', Key: 'lesson.mp4' };

let folder: string;
let child: ChildProcess;
let lines: Interface;
let client: S3Client;

async function residentBytes(): Promise<number> {
  child.stdin?.write('rss\n');
  const [line] = (await once(lines, 'line')) as [string];
  return Number(line);
}

function highWaterBytes(): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-s3-bench-'));
  const script = fileURLToPath(new URL('server-process.ts', import.meta.url));
  child = spawn(process.execPath, [script, folder, PLACE.Bucket], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('the child has no output');
  lines = createInterface({ input: child.stdout });
  const [endpoint] = (await once(lines, 'line')) as [string];
  client = new S3Client({
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
});

afterAll(async () => {
  const gone = once(child, 'exit');
  child.stdin?.end();
  await gone;
  rmSync(folder, { recursive: true, force: true });
});

async function uploadPart(
  UploadId: string | undefined,
  PartNumber: number,
  body: Buffer<ArrayBuffer>,
): Promise<CompletedPart> {
  const ChecksumSHA256 = createHash('sha256').update(body).digest('base64');
  const url = await getSignedUrl(
    client,
    new UploadPartCommand({ ...PLACE, UploadId, PartNumber, ContentLength: body.length, ChecksumSHA256 }),
    { unhoistableHeaders: new Set(['x-amz-checksum-sha256']) },
  );
  const response = await fetch(url, { method: 'PUT', body, headers: { 'x-amz-checksum-sha256': ChecksumSHA256 } });
  if (!response.ok) throw new Error(`part ${PartNumber}: ${response.status} ${await response.text()}`);
  return { PartNumber, ETag: response.headers.get('etag') ?? '', ChecksumSHA256 };
}

async function uploadAll(): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...PLACE, ChecksumAlgorithm: 'SHA256' }));
  const body = randomBytes(PART_BYTES);
  const Parts: CompletedPart[] = [];
  let next = 1;
  const worker = async (): Promise<void> => {
    while (next <= PARTS) {
      const number = next;
      next += 1;
      Parts[number - 1] = await uploadPart(UploadId, number, body);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await client.send(new CompleteMultipartUploadCommand({ ...PLACE, UploadId, MultipartUpload: { Parts } }));
}

test('500 MB by presigned multipart leaves the memory of the stand-in flat', { timeout: 300_000 }, async () => {
  const before = await residentBytes();
  const started = performance.now();
  await uploadAll();
  const seconds = (performance.now() - started) / 1000;
  const growth = highWaterBytes() - before;
  const megabytes = (PARTS * PART_BYTES) / 1e6;
  const head = await client.send(new HeadObjectCommand(PLACE));
  expect(head.ContentLength).toBe(PARTS * PART_BYTES);
  console.log(
    `${megabytes} MB in ${seconds.toFixed(1)} s (${(megabytes / seconds).toFixed(0)} MB/s); resident ` +
      `${(before / 2 ** 20).toFixed(1)} MiB before, at most ${((before + growth) / 2 ** 20).toFixed(1)} MiB, grown by ${(growth / 2 ** 20).toFixed(1)} MiB`,
  );
  expect(growth).toBeLessThan(MOST_GROWTH_BYTES);
});
