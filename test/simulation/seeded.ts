/** Chance that a seed repeats: the same seed gives the same order. */
export interface Seeded {
  /** An integer from 0 up to but not including `below`. */
  under(below: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** Mulberry32, a small generator of 32 bits of state. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const under = (below: number): number => Math.floor(next() * below);
  return {
    under,
    shuffled: (items) => {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const at = under(last + 1);
        const kept = order[last];
        order[last] = order[at] as (typeof order)[number];
        order[at] = kept as (typeof order)[number];
      }
      return order;
    },
  };
}
