import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { keptOnLoopback } from '../../../local/engines/loopback.ts';
import { indexStreamRecords } from '../../../local/engines/stream-index.ts';
import { startTableEngine } from '../../../local/engines/table-engine.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('the DynamoDB engine', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'engines-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fileNamed = (name: string): string => join(folder, `${name}.sqlite`);

  test('several come up at once, each at its own address', async () => {
    const engines = await Promise.all(['one', 'two', 'three'].map((name) => startTableEngine(fileNamed(name))));
    expect(new Set(engines.map((engine) => engine.endpoint)).size).toBe(3);
    await Promise.all(engines.map((engine) => engine.stop()));
  });

  test('says in words when it cannot open its file', async () => {
    await expect(startTableEngine('/nowhere/at/all.sqlite')).rejects.toThrow('the DynamoDB engine did not come up');
  });

  test('numbers stream records and reads on from one without looking at all of them', async () => {
    const file = fileNamed('streams');
    const engine = await startTableEngine(file);
    await engine.stop();
    const database = new DatabaseSync(file, { readOnly: true });
    // The engine's own statements; without the index each says SCAN.
    const plans = [
      "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'a'",
      `SELECT * FROM _stream_records WHERE table_name = 'a' AND shard_id = 'b' AND CAST(sequence_number AS INTEGER) > 7
       ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT 9`,
    ].map((statement) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .map(({ detail }) => detail),
    );
    database.close();
    expect(plans).toEqual([
      [expect.stringMatching(/^SEARCH _stream_records USING (COVERING )?INDEX stream_order/)],
      [expect.stringMatching(/^SEARCH _stream_records USING INDEX stream_order/)],
    ]);
  });

  test('takes its file up again as it left it', async () => {
    const file = fileNamed('again');
    await (await startTableEngine(file)).stop();
    const again = await startTableEngine(file);
    expect(again.endpoint).toMatch(/^http:/);
    await again.stop();
  });

  test('a file of another layout is refused in words', () => {
    const file = fileNamed('foreign');
    new DatabaseSync(file).close();
    expect(() => indexStreamRecords(file)).toThrow('is not laid out as expected');
  });

  test('ends with the process that started it, even when that is killed', async () => {
    const module = new URL('../../../local/engines/table-engine.ts', import.meta.url).href;
    const script = `import { startTableEngine } from '${module}'; const e = await startTableEngine(${JSON.stringify(fileNamed('killed'))}); console.log(e.endpoint);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const endpoint = chunk.toString().trim();
    await expect(fetch(endpoint)).resolves.toBeDefined();
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(fetch(endpoint)).rejects.toThrow('fetch failed'), { timeout: 10_000 });
  });
});

describe('loopback', () => {
  test("a server that asks for all interfaces gets the loopback one; afterwards it is nobody's business", async () => {
    const listenWide = async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen({ host: '0.0.0.0', port: 0 }, resolve));
      const { address } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return address;
    };
    expect(await keptOnLoopback(listenWide)).toBe('127.0.0.1');
    expect(await listenWide()).toBe('0.0.0.0');
  });
});
