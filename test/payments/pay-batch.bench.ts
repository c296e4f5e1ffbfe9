import { expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { exportBankFile, openBatch, readBatch, recordReceipts } from '../../shared/payments/pay-batch.ts';
import { type CapacityReading, meterCapacity } from '../support/capacity-meter.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { settableClock } from '../support/http.ts';
import { finance } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const LINES = 10_000;
const FEN = 50_000;

type World = Awaited<ReturnType<typeof openWorld>>;

async function openWorld() {
  const engine = await openTestTable();
  const personal = createPersonalData(ephemeralKeyring());
  const clock = settableClock('2021-04-01T01:00:00Z');
  const organisations = createOrganisationTable(engine.table, personal);
  const payments = createPaymentTable(engine.table, personal, organisations);
  const applications = createFundApplicationTable(engine.table);
  await organisations.save('ent-aoke', enterpriseFacts, systemActor('test'), clock.now());
  return { engine, personal, meter: meterCapacity(engine.client), deps: { payments, applications, personal, clock } };
}

async function seed(world: World, payee: 'trainee' | 'applicant', linesOfClaim: number): Promise<string> {
  const account = `bench-${payee}`;
  await seedAccount(world.engine.table, account, 0, LINES * FEN);
  const fens = Array.from({ length: linesOfClaim }, () => FEN);
  const claims = Array.from({ length: LINES / linesOfClaim }, (_, index) => idFromCause(account, String(index)));
  const next = claims.values();
  const worker = async () => {
    for (const id of next) await seedClearedClaim(world.engine.table, world.personal, { id, account, payee, fens });
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return account;
}

interface Part {
  ms: number;
  capacity: CapacityReading;
}

async function timed(world: World, work: () => Promise<unknown>): Promise<Part> {
  world.meter.take();
  const started = performance.now();
  await work();
  return { ms: performance.now() - started, capacity: world.meter.take() };
}

/** Pays all that is payable from the account, one batch after the other, as finance does it by hand. */
async function payAll(world: World, account: string, payee: 'trainee' | 'applicant', as: Principal) {
  const parts: Record<'collect' | 'export' | 'receipts', Part[]> = { collect: [], export: [], receipts: [] };
  for (let number = 0; ; number += 1) {
    const id = idFromCause(account, `batch ${number}`);
    const collect = await timed(world, async () => openBatch(world.deps, as, id, { account, payee }));
    const { transfers } = await readBatch(world.deps, as, id);
    if (transfers.length === 0) return { batches: number, parts };
    parts.collect.push(collect);
    parts.export.push(await timed(world, async () => exportBankFile(world.deps, as, id)));
    const rows = transfers.map(({ reference }, index) => `${reference},成功,S-${id}-${index},`);
    const file = ['转账编号,结果,银行流水号,原因', ...rows].join('\n');
    parts.receipts.push(await timed(world, async () => recordReceipts(world.deps, as, id, file)));
  }
}

/** 10,000 lines from `cleared` to `paid`: to trainees' cards, one transfer each; and to units, one transfer a claim. */
test('paying 10,000 lines', { timeout: 1_800_000 }, async () => {
  const world = await openWorld();
  const figures: Record<string, unknown>[] = [];
  try {
    for (const [payee, linesOfClaim] of [
      ['trainee', 100],
      ['applicant', 500],
    ] as const) {
      const account = await seed(world, payee, linesOfClaim);
      const { batches, parts } = await payAll(world, account, payee, finance);
      for (const [step, done] of Object.entries(parts)) {
        const seconds = done.reduce((sum, { ms }) => sum + ms, 0) / 1000;
        const writes = done.reduce((sum, { capacity }) => sum + capacity.writeUnits, 0);
        const reads = done.reduce((sum, { capacity }) => sum + capacity.readUnits, 0);
        const longest = Math.max(...done.map(({ ms }) => ms)) / 1000;
        figures.push({
          payee,
          'lines of a claim': linesOfClaim,
          batches,
          step,
          s: seconds.toFixed(1),
          'longest s': longest.toFixed(1),
          'lines/s': Math.round(LINES / seconds),
          'write units/line': (writes / LINES).toFixed(2),
          'read units/line': (reads / LINES).toFixed(2),
        });
      }
      const [balance] = await createFundTable(world.engine.table).balances([account]);
      expect(balance).toMatchObject({ available: 0, escrow: 0, paid: LINES * FEN });
    }
    console.table(figures);
  } finally {
    await world.engine.stop();
  }
});
