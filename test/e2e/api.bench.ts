import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCloud } from '../../local/cloud.ts';
import { enterprise, firstOfficer } from '../../local/sample/people.ts';
import { openSampleApi } from '../../local/sample/sample-api.ts';
import { synthesize } from '../../local/startup/synthesis.ts';

const root = join(import.meta.dirname, '../..');
const atOnce = 20;
const requests = 1000;

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Real time of each of many requests, `atOnce` of them under way at any moment; sorted, ms. */
async function timed(send: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  let left = requests;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      await send();
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return times.toSorted((a, b) => a - b);
}

test('the local cloud: up, and API latency under 20 requests at once', async () => {
  const synthesis = await synthesize(root);
  const ups: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const began = performance.now();
    const cloud = await startCloud({
      assembly: synthesis.assembly,
      clock: { startAt: new Date('2021-03-08T01:00:00Z') },
    });
    ups.push(performance.now() - began);
    await cloud.stop();
  }
  const { assembly } = synthesis;
  const cloud = await startCloud({ assembly, clock: { startAt: new Date('2021-03-08T01:00:00Z') }, throttling: false });
  try {
    const token = await cloud.token({ ...enterprise });
    const officer = await cloud.token({ ...firstOfficer });
    const api = openSampleApi(cloud.apiUrl, async ({ sub }) => (sub === enterprise.sub ? token : officer));
    await api.good(firstOfficer, `PUT /organisations/${enterprise.tenant}`, {
      name: '温州奥科阀门有限公司',
      kind: 'enterprise',
      unifiedCode: '91330302MA2ABCDE11',
      insuredDistrict: 'lucheng',
      independentLegalPerson: true,
    });
    const read = async () => api.good(enterprise, `GET /organisations/${enterprise.tenant}`);
    const filing = {
      programme: 'project',
      route: 'enterprise',
      district: 'lucheng',
      startsOn: '2021-03-20',
      endsOn: '2021-03-20',
      hours: 8,
      subject: '钳工',
      place: '实训楼',
      contact: '陈经办',
      sessions: [],
      trainees: [],
    };
    const write = async () => api.good(enterprise, 'POST /classes', filing);
    await Promise.all(Array.from({ length: atOnce }, read));
    await Promise.all(Array.from({ length: atOnce }, write));
    const [reads, writes] = [await timed(read), await timed(write)];
    const row = (times: readonly number[]) => ({
      'p50 ms': percentile(times, 0.5).toFixed(1),
      'p99 ms': percentile(times, 0.99).toFixed(1),
    });
    console.table({ 'GET /organisations/{id}': row(reads), 'POST /classes (transaction)': row(writes) });
    expect(writes).toHaveLength(requests);
    const sorted = ups.toSorted((a, b) => a - b);
    console.log(
      `up after synthesis: median ${percentile(sorted, 0.5).toFixed(0)} ms of ${ups.length}; synthesis ${synthesis.skipped ? 'skipped' : synthesis.milliseconds}`,
    );
  } finally {
    await cloud.stop();
  }
}, 600_000);
