import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ALL_FORMATS, Input, UrlSource } from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openUrl } from '../../../commands/range-sources/http-range-source.ts';
import { proveVideo } from '../../../shared/evidence/video/prove-video.ts';
import { fragmented } from './fragmented-builder.ts';
import { lesson } from './h264-builder.ts';
import { progressive } from './mp4-builder.ts';

// What a proof costs over HTTP, beside what others read to tell a duration, on the same files from the same server in one run.

const TIMESCALE = 12_800;
const PART_BYTES = 16 * 1024;

function clip(name: string): Uint8Array {
  return readFileSync(new URL(`../../../local/sample/clips/${name}`, import.meta.url));
}

/** Lectures as cameras make them: 25 frames per second, a key frame every two seconds. */
function lecture(seconds: number) {
  return lesson({ frames: seconds * 25, duration: 512 });
}

const twoHours = lecture(7200);
const FILES: Readonly<Record<string, Uint8Array>> = {
  'index-first.mp4': clip('index-first.mp4'),
  'index-last.mp4': clip('index-last.mp4'),
  'fragmented.mp4': clip('fragmented.mp4'),
  'two-hours.mp4': progressive({ frames: twoHours, timescale: TIMESCALE, soundMs: 7_200_000 }),
  'two-hours-index-last.mp4': progressive({ frames: twoHours, timescale: TIMESCALE, indexFirst: false }),
  'two-hours-fragmented.mp4': fragmented({
    frames: twoHours,
    timescale: TIMESCALE,
    framesPerFragment: 50,
    randomAccessIndex: true,
  }),
};

/** Bytes of the boxes that index a file. */
function indexBytes(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let sum = 0;
  for (let at = 0; at + 8 <= file.length; at += view.getUint32(at)) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (['moov', 'moof', 'sidx', 'mfra'].includes(type)) sum += view.getUint32(at);
  }
  return sum;
}

interface Cost {
  requests: number;
  bytes: number;
}

const cost: Cost = { requests: 0, bytes: 0 };

function* parts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const part = bytes.subarray(at, at + PART_BYTES);
    cost.bytes += part.length;
    yield part;
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const file = FILES[(request.url ?? '').slice(1)] ?? new Uint8Array(0);
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] === undefined || range[2] === '' ? file.length : Math.min(file.length, Number(range[2]) + 1);
  cost.requests += 1;
  response.writeHead(range === null ? 200 : 206, {
    'accept-ranges': 'bytes',
    'content-length': end - start,
    'content-range': `bytes ${start}-${end - 1}/${file.length}`,
    'content-type': 'video/mp4',
    etag: '"one"',
  });
  // A client that has read enough hangs up; what it did not take is not counted beyond the buffers on the way.
  await pipeline(
    Readable.from(parts(file.subarray(start, end)), { objectMode: false, highWaterMark: PART_BYTES }),
    response,
  ).catch(() => undefined);
}

let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function byProver(url: string): Promise<string> {
  const source = await openUrl(url);
  const { verdict, durationMs, isAtLeast } = await proveVideo(source);
  return `${verdict} ${durationMs / 1000}${isAtLeast ? '+' : ''}`;
}

async function byMediabunny(url: string): Promise<string> {
  const input = new Input({ formats: ALL_FORMATS, source: new UrlSource(url) });
  try {
    const track = await input.getPrimaryVideoTrack();
    return String(await track?.computeDuration());
  } finally {
    input.dispose();
  }
}

async function byFfprobe(url: string): Promise<string> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=duration:format=duration',
    '-of',
    'csv=p=0',
    url,
  ];
  const { stdout } = await promisify(execFile)('ffprobe', args);
  return stdout.trim().replaceAll('\n', ' / ');
}

async function hasFfprobe(): Promise<boolean> {
  return promisify(execFile)('ffprobe', ['-version']).then(
    () => true,
    () => false,
  );
}

test('bytes and requests of a proof, beside mediabunny and ffprobe', async () => {
  const readers = {
    prover: byProver,
    mediabunny: byMediabunny,
    ...((await hasFfprobe()) ? { ffprobe: byFfprobe } : {}),
  };
  const rows: Record<string, string | number>[] = [];
  for (const [name, file] of Object.entries(FILES)) {
    const index = indexBytes(file);
    for (const [reader, read] of Object.entries(readers)) {
      Object.assign(cost, { requests: 0, bytes: 0 });
      const startedAt = performance.now();
      const found = await read(base + name).catch((error: unknown) => `failed: ${String(error)}`);
      const ms = Math.round(performance.now() - startedAt);
      rows.push({
        file: name,
        size: file.length,
        index,
        reader,
        requests: cost.requests,
        bytes: cost.bytes,
        ms,
        found,
      });
    }
    const proof = rows.find((row) => row['file'] === name && row['reader'] === 'prover');
    expect(proof?.['found']).toMatch(/^proven/);
    expect(proof?.['requests']).toBeLessThanOrEqual(15);
    expect(proof?.['bytes']).toBeLessThanOrEqual(2 * index + 150_000);
  }
  console.table(rows);
});
