import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lesson } from '../evidence/video/h264-builder.ts';
import { progressive } from '../evidence/video/mp4-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'probe-'));
const servers: Server[] = [];

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function serve(bytes: Uint8Array): Promise<string> {
  const server = createServer((request, response) => {
    const [start = 0, last = 0] = (/bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []).slice(1).map(Number);
    const part = bytes.slice(start, last + 1);
    response.writeHead(206, { 'content-range': `bytes ${start}-${start + part.length - 1}/${bytes.length}` }).end(part);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/lesson.mp4`;
}

interface Outcome {
  status: number;
  lines: Record<string, unknown>[];
  errors: string;
}

function probe(...args: string[]): Promise<Outcome> {
  return new Promise((done) => {
    execFile(process.execPath, ['commands/probe.ts', ...args], (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      const status = typeof error?.code === 'number' ? error.code : 0;
      done({ status, lines: lines.map((line) => JSON.parse(line)), errors: stderr });
    });
  });
}

const film = progressive({ frames: lesson({ frames: 3025, duration: 512 }), timescale: 12_800, indexFirst: false });
const path = write('lesson.mp4', film);
const text = write('notes.mp4', Buffer.from('not a video'));

afterAll(() => {
  for (const server of servers) server.close();
});

describe('npm run probe', () => {
  it('prints a line of JSON per video, whatever the verdict', async () => {
    const url = await serve(film);
    const { status, lines, errors } = await probe(path, text, url);
    expect(errors).toBe('');
    expect(status).toBe(0);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ source: path, verdict: 'proven', durationMs: 121_000, layout: 'index-last' });
    expect(lines[1]).toMatchObject({ source: text, verdict: 'not-video' });
    // Over HTTP it is the same, to the byte and the request.
    expect(lines[2]).toEqual({ ...lines[0], source: url });
  });

  it('names each that cannot be opened, and probes the others', async () => {
    const { status, lines, errors } = await probe(join(folder, 'absent.mp4'), folder, 'http://127.0.0.1:1/x.mp4', path);
    expect(status).toBe(1);
    expect(lines).toHaveLength(1);
    const messages = errors.trimEnd().split('\n');
    expect(messages).toHaveLength(3);
    expect(messages[0]).toMatch(/^probe: .*absent\.mp4: ENOENT/);
    expect(messages[1]).toBe(`probe: ${folder}: not a regular file`);
    expect(messages[2]).toMatch(/^probe: http:\/\/127\.0\.0\.1:1\/x\.mp4: .*(ECONNREFUSED|bad port)/);
  });

  it('flags by the dates of a class', async () => {
    const createdAt = new Date('2021-03-15T02:00:00Z');
    const dated = write(
      'dated.mp4',
      progressive({ frames: lesson({ frames: 100, duration: 512 }), timescale: 12_800, createdAt }),
    );
    const { lines } = await probe('--class-dates', '2021-04-01..2021-04-05', dated);
    expect(lines[0]).toMatchObject({ verdict: 'short', flags: ['recorded-outside-class'] });
  });

  it.each([
    ['nothing to probe', []],
    ['--class-dates: not two dates in order', ['--class-dates', '2021-04-05..2021-04-01', 'x.mp4']],
    ['--class-dates: not two dates in order', ['--class-dates', 'soon', 'x.mp4']],
    ["Unknown option '--fast'", ['--fast', 'x.mp4']],
  ])('explains its usage: %s', async (message, args) => {
    const { status, lines, errors } = await probe(...args);
    expect(status).toBe(2);
    expect(lines).toEqual([]);
    expect(errors).toContain(message);
    expect(errors).toContain('usage: npm run -s probe -- ');
  });
});
