/* oxlint-disable vitest/expect-expect -- a benchmark measures; it claims nothing */
import { test, vi } from 'vitest';
import { openWorkshop } from './fixtures/workshop.ts';

vi.setConfig({ testTimeout: 600_000 });

test('the local cloud, from nothing to the first answer', async ({ bench }) => {
  await bench('up, one cold request, down', async () => {
    const { cloud, stop } = await openWorkshop();
    await (await fetch(`${cloud.apiUrl}/open/x`)).text();
    await stop();
  }).run({ time: 0, warmupTime: 0, iterations: 5, warmupIterations: 1 });
});

test('requests through the API', async ({ bench }) => {
  const { cloud, stop } = await openWorkshop({ throttling: false });
  const request = async () => (await fetch(`${cloud.apiUrl}/open/x`)).text();
  const twenty = () => Promise.all(Array.from({ length: 20 }, request));
  await twenty();
  await bench.compare(
    bench('one request', async () => {
      await request();
    }),
    bench('20 requests at once', async () => {
      await twenty();
    }),
  );
  await stop();
});
