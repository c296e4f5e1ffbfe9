import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalCloud, startCloud } from '../../local/cloud.ts';
import { runJourney } from '../../local/sample/journey.ts';
import { journeyStart } from '../../local/startup/journey-choice.ts';
import { synthesize } from '../../local/startup/synthesis.ts';
import { itemsOfCloud } from '../simulation/cloud-table.ts';
import { violations } from '../simulation/invariants.ts';
import { privilegeOf } from './granted-calls.ts';
import { usedElsewhere } from './used-elsewhere.ts';

describe('one claim by each route on one machine', () => {
  let cloud: LocalCloud;
  let assembly: string;
  beforeAll(async () => {
    assembly = (await synthesize(join(import.meta.dirname, '../..'))).assembly;
    cloud = await startCloud({ assembly, clock: { startAt: journeyStart }, recordCalls: true });
  }, 240_000);
  afterAll(async () => cloud.stop());

  test('every line ends where its story says, and every account balances', { timeout: 480_000 }, async () => {
    const { apiUrl, token, settle } = cloud;
    const clock = {
      now: cloud.clock.now,
      advance: async (to: { to: Date } | { ms: number }) => void (await cloud.clock.advance(to)),
    };
    const told = await runJourney({ apiUrl, token, settle, clock }, { journey: 'all', log: () => undefined });
    expect(told).toMatchObject({ ok: true, endings: { paid: 22, released: 1, recovered: 1 } });
    const balances = told.ok && 'balances' in told ? told.balances : [];
    expect(balances.filter(({ allotted }) => allotted > 0)).toEqual([
      { account: 'city', allotted: 2_000_000, available: 1_080_000, escrow: 0, paid: 920_000, recovered: 0 },
      { account: 'lucheng', allotted: 2_000_000, available: 890_000, escrow: 0, paid: 1_110_000, recovered: 0 },
      { account: 'longwan', allotted: 1_000_000, available: 620_000, escrow: 0, paid: 480_000, recovered: 100_000 },
      { account: 'ouhai', allotted: 1_000_000, available: 660_000, escrow: 0, paid: 340_000, recovered: 0 },
      { account: 'jingkai', allotted: 500_000, available: 460_000, escrow: 0, paid: 40_000, recovered: 0 },
    ]);
    await settle();
    expect(violations(await itemsOfCloud(cloud), { isQuiet: true })).toEqual([]);
  });

  test('the nightly checks ran over all of it, and found books and audit chains in order', {
    timeout: 240_000,
  }, async () => {
    // Transfers of the story's last day are looked at in the night after it.
    await cloud.clock.advance({ ms: 86_400_000 });
    await cloud.settle();
    const { metrics } = cloud.metrics();
    const counted = (name: string) => metrics.filter((metric) => metric.name === name);
    for (const name of ['PaidMinusApprovedFen', 'LedgerMinusBalanceFen', 'AuditChainsBroken']) {
      expect(counted(name).map(({ max }) => max)).toEqual([0]);
    }
    expect(counted('CheckHeartbeat')).toHaveLength(2);
    expect(counted('AuditChainsVerified')[0]?.max).toBeGreaterThan(20);
  });

  test('every AWS call is one that the role of its function allows, and every right is used or its use elsewhere is named', () => {
    const { granted, denied, unused } = privilegeOf(assembly, cloud);
    expect(denied).toEqual([]);
    expect(unused.filter((right) => !usedElsewhere.includes(right))).toEqual([]);
    // A right that is granted no more needs no excuse.
    expect(usedElsewhere.filter((right) => !granted.includes(right))).toEqual([]);
  });
});
