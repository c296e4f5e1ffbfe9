import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { localCredentials } from '../../../local/credentials.ts';
import { startTableEngine } from '../../../local/engines/table-engine.ts';
import { synthesize } from '../../../local/startup/synthesis.ts';

const root = join(import.meta.dirname, '../../..');
const limit = { timeout: 120_000 };

describe('npm start -- --once', () => {
  let running: ChildProcessWithoutNullStreams | undefined;
  beforeAll(async () => {
    await synthesize(root);
  }, 240_000);
  afterEach(() => running?.kill('SIGKILL'));

  /** Starts it for real; `until` waits for a word of its output, `ended` for the end of the process. */
  const start = (env: Record<string, string> = {}) => {
    const main = spawn(process.execPath, [join(root, 'local/main.ts'), '--once'], { env: { ...process.env, ...env } });
    running = main;
    const ended = once(main, 'exit');
    let told = '';
    main.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    return {
      main,
      told: () => told,
      until: async (word: string): Promise<void> => {
        while (!told.includes(word)) {
          if (main.exitCode !== null) throw new Error(`ended without a word of ${word}: ${told}`);
          await Promise.race([once(main.stdout, 'data'), ended]);
        }
      },
      ended,
    };
  };

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stopped by %s before the journey came out, it ends with %i', limit, async (signal, code) => {
    const { main, until, told, ended } = start();
    await until('the journey main:');
    main.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(told()).toContain('stopping …');
    expect(told()).not.toContain('every step came out');
  });

  test('ends with 1 when a step of the journey comes out otherwise', limit, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'once-'));
    const engine = await startTableEngine(join(folder, 'table.sqlite'));
    const client = new DynamoDBClient({ endpoint: engine.endpoint, region: 'local', credentials: localCredentials });
    try {
      const { until, told, ended } = start({ DYNAMODB_ENDPOINT: engine.endpoint });
      await until('the journey main:');
      // The table is gone, and with it what every step needs.
      const { TableNames = [] } = await client.send(new ListTablesCommand({}));
      for (const TableName of TableNames) await client.send(new DeleteTableCommand({ TableName }));
      expect(await ended).toEqual([1, null]);
      expect(told()).toMatch(/✗ .+: .+ answered 500/);
    } finally {
      client.destroy();
      await engine.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
