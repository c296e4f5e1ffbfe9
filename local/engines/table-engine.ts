import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, LOOPBACK } from './loopback.ts';

/** A DynamoDB-compatible engine. */
export interface TableEngine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** How long the engine may take to answer; it needs about 130 ms. */
const STARTUP_MS = 10_000;

/**
 * Starts dynoxide, or takes the engine that `DYNAMODB_ENDPOINT` names.
 * @param file SQLite file that keeps the data; in memory without one.
 * @throws Error in one clear line when the binary is missing or does not come up.
 */
export async function startTableEngine(file: string | undefined): Promise<TableEngine> {
  const external = process.env['DYNAMODB_ENDPOINT'];
  if (external) return { endpoint: external.replace(/\/$/, ''), stop: async () => {} };
  const binary = findBinary();
  const port = await freePort();
  const engine = spawnWithUs(
    binary,
    ['serve', '--host', LOOPBACK, '--port', String(port)].concat(file ? ['--db-path', file] : []),
  );
  const endpoint = `http://${LOOPBACK}:${port}`;
  try {
    await answers(endpoint, engine);
  } catch (error) {
    await end(engine);
    throw error;
  }
  return { endpoint, stop: () => end(engine) };
}

function findBinary(): string {
  try {
    return createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  } catch {
    throw new Error(
      `the DynamoDB engine (@dynoxide/linux-x64) is not installed for ${process.platform}/${process.arch}: ` +
        'run npm ci on Linux x64, or point DYNAMODB_ENDPOINT at a DynamoDB-compatible engine',
    );
  }
}

/**
 * Starts a program that ends when this process does, even if we are killed: a shell holds our pipe and
 * kills the program when the pipe closes. Otherwise every killed test run would leave an engine behind.
 */
function spawnWithUs(command: string, args: readonly string[]): ChildProcess {
  const script =
    'exec 3<&0; "$@" </dev/null & child=$!; { cat <&3 >/dev/null; kill "$child"; } 2>/dev/null & wait "$child"';
  return spawn('/bin/sh', ['-c', script, 'sh', command, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
}

async function answers(endpoint: string, engine: ChildProcess): Promise<void> {
  let complaint = '';
  engine.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const deadline = Date.now() + STARTUP_MS;
  while (Date.now() < deadline) {
    if (engine.exitCode !== null) break;
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1000) });
      return;
    } catch {
      await delay(10);
    }
  }
  throw new Error(`the DynamoDB engine did not come up at ${endpoint}: ${complaint.trim() || 'it said nothing'}`);
}

async function end(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return;
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  engine.stdin?.end();
  await ended;
}
