import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { benchRequest } from '../regulation/bench-requests.ts';

/*
 * The whole command: NDJSON in from a file, full NDJSON out, validation included. Prints trainee lines a second by
 * the wall clock, start-up and all, and the most memory that the process held, as Linux counts it.
 */

const COMMAND = fileURLToPath(new URL('../../commands/assess.ts', import.meta.url));
const RUNS = 5;

interface Measured {
  readonly linesPerSecond: number;
  readonly megabytes: number;
}

/** Claims of a size with so many lines altogether, in a file. */
function writeRequests(path: string, total: number, size: number): void {
  const file = openSync(path, 'w');
  for (let first = 0; first < total; first += size) {
    writeSync(file, `${JSON.stringify(benchRequest('qualification/agency', size, first))}\n`);
  }
  closeSync(file);
}

function run(path: string, lines: number): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const input = openSync(path, 'r');
    const started = performance.now();
    const child = spawn(process.execPath, [COMMAND], { stdio: [input, 'ignore', 'inherit'] });
    let megabytes = 0;
    // The high-water mark only rises, so reading it now and then until the end is enough.
    const watch = setInterval(() => {
      const peak = /VmHWM:\s+(\d+) kB/u.exec(statusOf(child.pid));
      megabytes = Math.max(megabytes, Number(peak?.[1] ?? 0) / 1024);
    }, 20);
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      clearInterval(watch);
      closeSync(input);
      if (code === 0) resolve({ linesPerSecond: lines / seconds, megabytes });
      else reject(new Error(`the command exited with ${code}`));
    });
  });
}

function statusOf(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Lines a second, the median of the runs; prints it with the memory. */
async function measure(total: number, size: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'assess-bench-'));
  try {
    const path = join(folder, 'requests.ndjson');
    writeRequests(path, total, size);
    const runs: Measured[] = [];
    for (let index = 0; index < RUNS; index += 1) runs.push(await run(path, total));
    const speed = Math.round(median(runs.map((each) => each.linesPerSecond)));
    const memory = Math.round(Math.max(...runs.map((each) => each.megabytes)));
    console.log(`assess command: ${total} lines in claims of ${size}: ${speed} lines/s, at most ${memory} MB`);
    return speed;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  [1_000, 100],
  [10_000, 100],
  [100_000, 100],
  [1_000_000, 100],
  [100_000, 1],
  [100_000, 5_000],
])('%i lines in claims of %i', { timeout: 600_000 }, async (total, size) => {
  expect(await measure(total, size)).toBeGreaterThan(0);
});
