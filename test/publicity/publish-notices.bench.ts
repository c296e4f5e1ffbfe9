import { expect, test } from 'vitest';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
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
    const before = world.fault.count;
    const started = performance.now();
    expect(await world.publish()).toEqual({ count: 1, failed: 0 });
    const ms = performance.now() - started;
    const bytes = [...world.files.entries()].map(([name, text]) => `${name.slice(-4)} ${Buffer.byteLength(text)}`);
    const figures = {
      ms: Math.round(ms),
      msPerUnit: Number((ms / units).toFixed(2)),
      writes: world.fault.count - before,
    };
    console.log(JSON.stringify({ units, linesOfUnit, ...figures, bytes }));
  } finally {
    await world.engine.stop();
  }
});
