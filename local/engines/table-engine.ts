import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { freePort, LOOPBACK } from './loopback.ts';
import { indexStreamRecords } from './stream-index.ts';

/** A DynamoDB-compatible engine. */
export interface TableEngine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** How long the engine may take to listen; it needs about 130 ms. */
const STARTUP_MS = 30_000;

const MOST_ATTEMPTS = 5;

/**
 * Starts dynoxide, or takes the engine that `DYNAMODB_ENDPOINT` names.
 * @param file SQLite file that keeps the data. The engine could hold them in memory, but only a file lets us add the
 *   index that it lacks, and with that one is as quick as the other.
 * @throws Error in one clear line when the binary is missing or does not come up.
 */
export async function startTableEngine(file: string): Promise<TableEngine> {
  const external = process.env['DYNAMODB_ENDPOINT'];
  if (external) return { endpoint: external.replace(/\/$/, ''), stop: async () => {} };
  const binary = findBinary();
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const engine = spawnWithUs(binary, ['serve', '--host', LOOPBACK, '--port', String(port), '--db-path', file]);
    const complaint = await listening(engine);
    if (complaint === undefined) {
      try {
        indexStreamRecords(file);
      } catch (error) {
        await end(engine);
        throw error;
      }
      return { endpoint: `http://${LOOPBACK}:${port}`, stop: () => end(engine) };
    }
    await end(engine);
    // Somebody was quicker to take the free port: try another.
    if (attempt >= MOST_ATTEMPTS || !complaint.includes('already in use')) {
      throw new Error(`the DynamoDB engine did not come up: ${complaint}`);
    }
  }
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
 * Ctrl-C in the terminal does not reach it: it is stopped in its turn.
 */
function spawnWithUs(command: string, args: readonly string[]): ChildProcess {
  const script =
    'exec 3<&0; "$@" </dev/null & child=$!; { cat <&3 >/dev/null; kill "$child"; } 2>/dev/null & wait "$child"';
  return spawn('/bin/sh', ['-c', script, 'sh', command, ...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

/**
 * Waits for the engine to say that it listens: an answer at its port could come from somebody else's.
 * @returns what it said instead.
 */
function listening(engine: ChildProcess): Promise<string | undefined> {
  let said = '';
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`no sign of life for ${STARTUP_MS / 1000} s; ${said}`), STARTUP_MS);
    const settle = (complaint: string | undefined): void => {
      clearTimeout(timer);
      resolve(complaint);
    };
    const listen = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-2000);
      if (/listening on/i.test(said)) settle(undefined);
    };
    engine.stdout?.on('data', listen);
    engine.stderr?.on('data', listen);
    engine.once('close', (code) => settle(said.trim() || `it ended with code ${code}`));
    engine.once('error', (error) => settle(error.message));
  });
}

async function end(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return;
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  engine.stdin?.end();
  await ended;
}
