import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { keptOnLoopback } from '../../../local/engines/loopback.ts';
import { startTableEngine } from '../../../local/engines/table-engine.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('the DynamoDB engine', () => {
  test('several come up at once, each at its own address', async () => {
    const engines = await Promise.all([1, 2, 3].map(() => startTableEngine(undefined)));
    expect(new Set(engines.map((engine) => engine.endpoint)).size).toBe(3);
    await Promise.all(engines.map((engine) => engine.stop()));
  });

  test('says in words when it cannot open its file', async () => {
    await expect(startTableEngine('/nowhere/at/all.sqlite')).rejects.toThrow('the DynamoDB engine did not come up');
  });

  test('ends with the process that started it, even when that is killed', async () => {
    const module = new URL('../../../local/engines/table-engine.ts', import.meta.url).href;
    const script = `import { startTableEngine } from '${module}'; const e = await startTableEngine(undefined); console.log(e.endpoint);
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
