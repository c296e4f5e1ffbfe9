/** Ways by which an event travels that tests may disturb. */
export type Channel = 's3' | 'stream' | 'queue';

/** What happens to the next deliveries on a channel. */
export interface DeliveryFault {
  readonly channel: Channel;
  /** Name of the function, queue or bucket concerned; everybody's without one. */
  readonly target?: string;
  readonly action: 'drop' | 'duplicate' | 'hold' | 'reverse';
  /** How many deliveries; one if not said. `reverse` turns round one batch. */
  readonly times?: number;
}

export interface DeliveryFaults {
  readonly add: (fault: DeliveryFault) => void;
  /**
   * Passes deliveries through the faults that are armed.
   * @param names what the target is called.
   * @param later delivers what was held once it is let go.
   * @returns what to deliver now, in this order.
   */
  pass<T>(
    channel: Channel,
    names: readonly string[],
    items: readonly T[],
    later: (items: T[]) => Promise<void>,
  ): Disturbed<T>;
  /** Delivers what is held; resolves with how many there were. */
  readonly letGo: () => Promise<number>;
  clear(): void;
}

export interface Disturbed<T> {
  readonly deliver: readonly T[];
  readonly dropped: readonly T[];
  readonly held: readonly T[];
}

export function createDeliveryFaults(): DeliveryFaults {
  let armed: { fault: DeliveryFault; left: number }[] = [];
  let held: { count: number; deliver: () => Promise<void> }[] = [];

  const next = (channel: Channel, names: readonly string[], reverse: boolean): DeliveryFault | undefined => {
    const found = armed.find(
      ({ fault }) =>
        fault.channel === channel &&
        (fault.action === 'reverse') === reverse &&
        (fault.target === undefined ||
          names.some((name) => name === fault.target || name.endsWith(`-${fault.target}`))),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) armed = armed.filter((one) => one !== found);
    return found.fault;
  };

  return {
    add: (fault) => {
      armed.push({ fault, left: fault.times ?? 1 });
    },
    pass: (channel, names, items, later) => {
      const deliver = [];
      const dropped = [];
      const kept: (typeof items)[number][] = [];
      for (const item of items) {
        const action = next(channel, names, false)?.action;
        if (action === 'drop') dropped.push(item);
        else if (action === 'hold') kept.push(item);
        else if (action === 'duplicate') deliver.push(item, item);
        else deliver.push(item);
      }
      if (kept.length > 0) held.push({ count: kept.length, deliver: () => later(kept) });
      if (deliver.length > 1 && next(channel, names, true) !== undefined) deliver.reverse();
      return { deliver, dropped, held: kept };
    },
    letGo: async () => {
      const due = held;
      held = [];
      for (const one of due) await one.deliver();
      return due.reduce((sum, one) => sum + one.count, 0);
    },
    clear: () => {
      armed = [];
      held = [];
    },
  };
}
