import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../invariants.ts';
import { keyOf, type Raw, text } from '../snapshot.ts';
import { anyCommand, type Command, Life } from './commands.ts';
import { openLifeWorld } from './life-world.ts';

const runs = 8;
const steps = 60;

const mustHappen = [
  'line-refused',
  'line-released',
  'line-reopened',
  'line-paid',
  'line-bounced',
  'line-reapplied',
  'line-recovered',
  'claim-left-waiting-for-funds',
  'claim-funded',
  'claim-returned',
  'claim-withdrawn',
  'claim-found-ineligible',
  'claim-cleared',
  'claim-paid',
  'claim-payment-reopened',
  'objection-decided',
  'transfer-unknown',
  'transfer-bounced',
  'recovery-received',
];

/** What a command changes: replies that are kept for their repetition and counters of a rate are not the claim's. */
function stateOf(items: readonly Raw[]): Map<string, string> {
  const own = items.filter((item) => !/^(IDEMPOTENCY|RATE)#/.test(text(item, 'pk')));
  // The engine gives attributes in any order.
  const shown = (_: string, value: unknown): unknown => {
    if (value instanceof Set) return [...value].toSorted((a, b) => String(a).localeCompare(String(b)));
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  return new Map(own.map((item) => [keyOf(item), JSON.stringify(item, shown)]));
}

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

/** Every step that some entity took, by the name of its audit record. */
function taken(items: readonly Raw[]): string[] {
  return items.filter((item) => text(item, 'pk').startsWith('AUDIT#')).map((record) => text(record, 'action'));
}

describe('lives of claims that share people, certificates and an account', () => {
  const seen = new Map<string, number>();
  const refused = new Map<string, number>();

  /** Carries the commands out one after the other, or two at once, and looks at the whole table after each. */
  const live = async (
    beginnings: readonly { going: number; n: number }[],
    script: readonly (readonly Command[])[],
  ): Promise<void> => {
    const world = await openLifeWorld();
    try {
      const life = new Life(world);
      for (const [claim, { going, n }] of beginnings.entries()) {
        await life.run({ do: 'open', claim, who: 0, n });
        for (let step = 0; step < going; step += 1) await life.run({ do: 'go-on', claim, who: step % 2, n: 11 });
      }
      let before = stateOf(await world.scan());
      for (const together of script) {
        const told = await Promise.all(together.map(async (command) => life.run(command)));
        const items = await world.scan();
        const after = stateOf(items);
        expect({ together, wrong: violations(items, { isQuiet: false }) }).toEqual({ together, wrong: [] });
        if (told.every((status) => status >= 400)) {
          for (const { do: name } of together) refused.set(name, (refused.get(name) ?? 0) + 1);
          expect({ together, told, changed: changed(before, after) }).toEqual({ together, told, changed: [] });
        }
        before = after;
      }
      for (let round = 0; round < 2; round += 1) {
        for (const claimId of life.claims) if (claimId !== undefined) await world.deliver(JSON.stringify({ claimId }));
        world.clock.advance(10 * 60_000);
        await world.finish();
        await world.close();
      }
      const items = await world.scan();
      expect(violations(items, { isQuiet: true })).toEqual([]);
      for (const action of taken(items)) seen.set(action, (seen.get(action) ?? 0) + 1);
    } finally {
      await world.stop();
    }
  };

  test(`${runs} lives of ${steps} commands, some given two at once: the invariants hold after each`, {
    timeout: 600_000,
  }, async () => {
    const together = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(anyCommand) },
      { weight: 1, arbitrary: fc.tuple(anyCommand, anyCommand) },
    );
    const script = fc.array(together, { minLength: steps, maxLength: steps });
    const beginnings = fc.array(fc.record({ going: fc.nat(12), n: fc.nat(14) }), { minLength: 4, maxLength: 4 });
    await fc.assert(fc.asyncProperty(beginnings, script, live), {
      seed: 20_210_510,
      numRuns: runs,
      endOnFailure: true,
    });
    // Lives that never come so far would prove nothing.
    expect(mustHappen.filter((action) => !seen.has(action))).toEqual([]);
    expect([...refused.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(100);
  });
});
