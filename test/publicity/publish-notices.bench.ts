import { expect, test } from 'vitest';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { meterCapacity } from '../support/capacity-meter.ts';
import { openNoticeWorld } from '../support/notice-world.ts';

const units = 500;
const linesOfUnit = 4;

/** One notice of 500 units, through the real SDK on the embedded engine in memory: how long, how many writes, how large. */
test(`publishing a notice with ${units} units of ${linesOfUnit} lines`, { timeout: 600_000 }, async () => {
  const world = await openNoticeWorld('2021-12-13T00:30:00Z');
  try {
    const claims = Array.from({ length: units }, (_, index) => String(index).padStart(4, '0'));
    for (let from = 0; from < units; from += 20)
      await Promise.all(
        claims.slice(from, from + 20).map((number) =>
          seedApprovedClaim(world.table, {
            id: claimId(`U${number}`),
            name: `第${number}号培训机构`,
            lines: Array.from({ length: linesOfUnit }, () => ({ fen: 50_000 })),
          }),
        ),
      );
    const meter = meterCapacity(world.engine.client);
    const before = world.fault.count;
    const started = performance.now();
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const ms = performance.now() - started;
    const bytes = [...world.files.entries()].map(([name, text]) => `${name.slice(-4)} ${Buffer.byteLength(text)}`);
    const published = meter.take();
    const writes = world.fault.count - before;
    world.clock.set('2021-12-21T00:30:00Z');
    const closing = performance.now();
    expect(await world.close()).toMatchObject({ count: 1, failed: 0 });
    const closingMs = performance.now() - closing;
    const closed = meter.take();
    const perLine = (writeUnits: number) => Number((writeUnits / units / linesOfUnit).toFixed(2));
    const figures = {
      ms: Math.round(ms),
      msPerUnit: Number((ms / units).toFixed(2)),
      writes,
      writeUnitsPerLine: perLine(published.writeUnits),
      readUnitsPerLine: perLine(published.readUnits),
      closingMs: Math.round(closingMs),
      closingWriteUnitsPerLine: perLine(closed.writeUnits),
      closingReadUnitsPerLine: perLine(closed.readUnits),
    };
    console.log(JSON.stringify({ units, linesOfUnit, ...figures, bytes }));
  } finally {
    await world.engine.stop();
  }
});
