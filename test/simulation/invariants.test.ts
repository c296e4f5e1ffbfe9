import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './invariants.ts';
import { Life } from './life/commands.ts';
import { type LifeWorld, openLifeWorld } from './life/life-world.ts';
import { keyOf, type Raw } from './snapshot.ts';

type Items = Record<string, unknown>[];

const isNoRecord = (item: Raw) => !String(item['pk']).startsWith('AUDIT#');

/** Finds the one item to spoil. */
function one(items: Items, sk: RegExp, more: (item: Raw) => boolean = isNoRecord): Record<string, unknown> {
  const found = items.find((item) => sk.test(String(item['sk'])) && more(item));
  if (found === undefined) throw new Error(`no ${sk.source}`);
  return found;
}

function change(item: Record<string, unknown>, set: Raw): undefined {
  Object.assign(item, set);
}

const without = (items: Items, gone: Raw): Items => items.filter((item) => item !== gone);
const isPaidTransfer = (item: Raw) => String(item['pk']).startsWith('BATCH#') && item['st'] === 'paid';
const isOfClaim = (item: Raw) => String(item['pk']).startsWith('CLAIM#');

/** One thing that must never be found in a table, and the invariant that says so. */
const corruptions: readonly (readonly [what: string, invariant: string, spoil: (items: Items) => Items | undefined])[] =
  [
    ['an account with a fen too many', 'I1', (items) => change(one(items, /^BALANCE$/), { available: 1 })],
    ['an escrow that forgot a payment', 'I1', (items) => change(one(items, /^ESCROW$/), { openFen: 100 })],
    ['a payment that is not in the ledger', 'I1', (items) => without(items, one(items, /^ENTRY#.*#paid#/))],
    [
      'a payment that is in the ledger twice',
      'I5',
      (items) => [...items, { ...one(items, /^ENTRY#.*#paid#/), sk: 'ENTRY#0000#paid#99999999' }],
    ],
    ['an allotment without its paper', 'I1', (items) => without(items, one(items, /^ALLOTMENT#/))],
    ['a quota that lost a line', 'I2', (items) => without(items, one(items, /^QUOTA$/))],
    [
      'a quota with a line that is gone',
      'I2',
      (items) => change(one(items, /^QUOTA$/), { lines: new Set(['X#0001']) }),
    ],
    [
      'a subsidy of ours beside three of the insurance',
      'I2',
      (items) => {
        const quota = one(items, /^QUOTA$/);
        const three = [1, 2, 3].map((n) => `insurance#${n}`);
        return change(quota, { lines: new Set([...(quota['lines'] as Set<string>), ...three]) });
      },
    ],
    [
      'an occupation lock given back too early',
      'I3',
      (items) =>
        without(
          items,
          one(items, /^LOCK$/, ({ pk }) => String(pk).startsWith('PERSON#')),
        ),
    ],
    [
      'a class lock that lost its line',
      'I3',
      (items) => {
        const line = one(items, /^LINE#/, ({ holds }) => holds !== undefined);
        return change(line, { holds: { ...(line['holds'] as Raw), classLock: 'K' } });
      },
    ],
    [
      'a class lock that two claims share',
      'I3',
      (items) => [...items, { pk: 'PERSON#x', sk: 'CLASS#K', claimId: 'X', lines: new Set(['X#0001', 'Y#0001']) }],
    ],
    ['a certificate lock of nobody', 'I4', (items) => [...items, { pk: 'CERTIFICATE#x', sk: 'LOCK', line: 'X#0001' }]],
    ['a transfer of another sum', 'I5', (items) => change(one(items, /^TRANSFER#/, isPaidTransfer), { fen: 1 })],
    [
      'a second transfer for the same payee',
      'I5',
      (items) => [
        ...items,
        { ...one(items, /^TRANSFER#/, isPaidTransfer), sk: 'TRANSFER#JP0', reference: 'JP0', attempt: 2 },
      ],
    ],
    [
      'a claim in a state that its records do not tell',
      'I7',
      (items) => change(one(items, /^META$/, isOfClaim), { st: 'cleared' }),
    ],
    [
      'a record of a step that nobody may take',
      'I7',
      (items) =>
        change(
          one(items, /^META#/, ({ action }) => action === 'claim-endorsed'),
          { from: 'draft' },
        ),
    ],
    [
      'an edited record',
      'I8',
      (items) =>
        change(
          one(items, /^LINE#0001#00000002$/, ({ action }) => action !== undefined),
          { at: '2020-01-01T00:00:00.000Z' },
        ),
    ],
    [
      'a record taken away',
      'I8',
      (items) =>
        without(
          items,
          one(items, /^META#00000003$/, ({ action }) => action === 'claim-submitted'),
        ),
    ],
    ['records of an item that is gone', 'I8', (items) => without(items, one(items, /^PROFILE$/))],
    [
      'one person for both of four eyes',
      'I10',
      (items) => {
        const claim = one(items, /^META$/, isOfClaim);
        return change(claim, { approvedBy: claim['endorsedBy'] });
      },
    ],
    [
      'an objection that nobody counts',
      'I10',
      (items) => [
        ...items,
        { pk: 'NOTICE#n', sk: 'OBJECTION#o', st: 'open', claimId: one(items, /^META$/, isOfClaim)['id'] },
      ],
    ],
    [
      'money paid while the notice still runs',
      'I10',
      (items) =>
        change(
          one(items, /^META$/, ({ pk }) => String(pk).startsWith('NOTICE#')),
          { st: 'running' },
        ),
    ],
    ['a line left in the middle', 'I12', (items) => change(one(items, /^LINE#0001$/, isOfClaim), { st: 'paying' })],
  ];

describe('the checker of the invariants', () => {
  let world: LifeWorld;
  let sound: Raw[];
  beforeAll(async () => {
    world = await openLifeWorld();
    const life = new Life(world);
    await life.run({ do: 'open', claim: 0, who: 0, n: 0 });
    const isPaid = async () => (await world.find(life.claims[0] ?? '')).st === 'paid';
    for (let step = 0; step < 20 && !(await isPaid()); step += 1)
      await life.run({ do: 'go-on', claim: 0, who: step % 2, n: 11 });
    sound = await world.scan();
  });
  afterAll(async () => world.stop());

  test('finds nothing wrong with a claim that went all its way', () => {
    expect(one(structuredClone(sound) as Items, /^META$/, isOfClaim)['st']).toBe('paid');
    expect(violations(sound, { isQuiet: true })).toEqual([]);
    expect(new Set(sound.map(keyOf)).size).toBe(sound.length);
  });

  test.each(corruptions)('sees %s (%s)', (_, invariant, spoil) => {
    const items = structuredClone(sound) as Items;
    const found = violations(spoil(items) ?? items, { isQuiet: true });
    expect(found.map((violation) => violation.split(' ')[0])).toContain(invariant);
  });
});
