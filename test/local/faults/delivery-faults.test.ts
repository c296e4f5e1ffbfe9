import { describe, expect, test } from 'vitest';
import { createDeliveryFaults, type DeliveryFault } from '../../../local/faults/delivery-faults.ts';

const names = ['workshop-work', 'WorkFn'];

function pass(fault: DeliveryFault, items = ['a', 'b', 'c']) {
  const faults = createDeliveryFaults();
  faults.add(fault);
  const late: string[] = [];
  const through = () => {
    const { deliver, dropped, held } = faults.pass('queue', names, items, async (later) => {
      late.push(...later);
    });
    return { deliver, dropped, held };
  };
  return { faults, late, through };
}

describe('delivery faults', () => {
  test.each([
    ['drop', { deliver: ['b', 'c'], dropped: ['a'], held: [] }],
    ['duplicate', { deliver: ['a', 'a', 'b', 'c'], dropped: [], held: [] }],
    ['hold', { deliver: ['b', 'c'], dropped: [], held: ['a'] }],
    ['reverse', { deliver: ['c', 'b', 'a'], dropped: [], held: [] }],
  ] as const)('%s hits once', (action, expected) => {
    const { through } = pass({ channel: 'queue', action });
    expect(through()).toEqual(expected);
    expect(through()).toEqual({ deliver: ['a', 'b', 'c'], dropped: [], held: [] });
  });

  test('as often as asked', () => {
    const { through } = pass({ channel: 'queue', action: 'drop', times: 4 });
    expect(through().dropped).toEqual(['a', 'b', 'c']);
    expect(through().dropped).toEqual(['a']);
  });

  test('what is held comes when let go, once', async () => {
    const { faults, late, through } = pass({ channel: 'queue', action: 'hold', times: 2 });
    through();
    expect(late).toEqual([]);
    expect(await faults.letGo()).toBe(2);
    expect(late).toEqual(['a', 'b']);
    expect(await faults.letGo()).toBe(0);
  });

  test.each([
    [{ target: 'WorkFn' }, true],
    [{ target: 'work' }, true],
    [{ target: 'workshop-work' }, true],
    [{ target: 'shop-work' }, false],
    [{ target: 'other' }, false],
    [{ channel: 's3' }, false],
  ] as const)('%j concerns this delivery: %s', (more, hit) => {
    const { through } = pass({ channel: 'queue', action: 'drop', ...more });
    expect(through().dropped.length).toBe(hit ? 1 : 0);
  });

  test('cleared means well again', async () => {
    const { faults, late, through } = pass({ channel: 'queue', action: 'hold' });
    through();
    faults.add({ channel: 'queue', action: 'drop' });
    faults.clear();
    expect([through().dropped, await faults.letGo(), late]).toEqual([[], 0, []]);
  });
});
