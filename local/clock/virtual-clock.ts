/** Cancels a waiting task; harmless when it has run. */
export type CancelTimer = () => void;

/** The clock as a data directory keeps it. */
export interface SavedClock {
  /** Virtual minus real time, ms. */
  readonly offset: number;
  /** Virtual instant of the save, ms since 1970. */
  readonly lastSeen: number;
}

export interface Advance {
  readonly from: string;
  readonly to: string;
  /** What ran on the way, in order. */
  readonly ran: readonly { readonly at: string; readonly what: string }[];
}

/**
 * The time of everything in the local cloud: real time plus an offset that only grows.
 * Instants are milliseconds since 1970.
 */
export interface VirtualClock {
  readonly now: () => number;
  readonly offset: () => number;
  /** The virtual time that it was at a real instant: engines that know real time only stamp with that. */
  readonly virtualAt: (realInstant: number) => number;
  /** Runs a task when virtual time reaches `due`, by itself or in an advance. A failing task is reported, not thrown. */
  at(due: number, what: string, task: () => unknown): CancelTimer;
  /** The instant that an advance under way leads to. */
  advancingTo(): number | undefined;
  /**
   * Moves on to an instant, stopping at every task that falls due; `settle` is awaited at each stop.
   * Advances queue up behind each other.
   * @throws RangeError for an instant in the past: the clock never goes back.
   */
  advanceTo(target: number, settle?: () => Promise<void>): Promise<Advance>;
  /** As `advanceTo`, by so many milliseconds from when its turn comes. */
  advanceBy(ms: number, settle?: () => Promise<void>): Promise<Advance>;
  onChange(listener: (offset: number) => void): void;
  readonly save: () => SavedClock;
  stop(): void;
}

export interface ClockOptions {
  readonly startAt?: Date | undefined;
  readonly saved?: SavedClock | undefined;
  readonly onError: (what: string, error: unknown) => void;
}

interface Task {
  readonly due: number;
  readonly what: string;
  readonly task: () => unknown;
}

/** "Go to now" arrives a little late: no reason to refuse it. */
const TOLERANCE_MS = 1000;

/** Longest delay setTimeout takes. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export function createVirtualClock({ startAt, saved, onError }: ClockOptions): VirtualClock {
  // A restarted cloud wakes where it fell asleep; the caller then advances over the time it slept.
  let offset = saved === undefined ? (startAt?.getTime() ?? Date.now()) - Date.now() : saved.lastSeen - Date.now();
  const changes: { since: number; offset: number }[] = [{ since: Number.NEGATIVE_INFINITY, offset }];
  if (saved !== undefined && saved.offset !== offset)
    changes[0] = { since: Number.NEGATIVE_INFINITY, offset: saved.offset };
  if (saved !== undefined) changes.push({ since: Date.now(), offset });
  const tasks = new Set<Task>();
  const listeners: ((offset: number) => void)[] = [];
  let alarm: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const state: { stopped: boolean; target: number | undefined } = { stopped: false, target: undefined };

  const now = (): number => Date.now() + offset;

  const nextTask = (before: number): Task | undefined => {
    let next: Task | undefined;
    for (const task of tasks) {
      if (task.due <= before && (next === undefined || task.due < next.due)) next = task;
    }
    return next;
  };

  const setAlarm = (): void => {
    clearTimeout(alarm);
    const next = nextTask(Number.POSITIVE_INFINITY);
    if (state.stopped || state.target !== undefined || next === undefined) return;
    alarm = setTimeout(ring, Math.min(Math.max(next.due - now(), 0), LONGEST_TIMEOUT));
  };

  const ring = (): void => {
    for (let task = nextTask(now()); task !== undefined && state.target === undefined; task = nextTask(now()))
      void run(task);
    setAlarm();
  };

  const run = async (task: Task): Promise<void> => {
    tasks.delete(task);
    try {
      await task.task();
    } catch (error) {
      onError(task.what, error);
    }
  };

  const moveTo = (instant: number): void => {
    if (instant <= now()) return;
    offset = instant - Date.now();
    changes.push({ since: Date.now(), offset });
    for (const listener of listeners) listener(offset);
  };

  const advance = async (to: number, settle: () => Promise<void>): Promise<Advance> => {
    if (!(to >= now() - TOLERANCE_MS))
      throw new RangeError(`the clock never goes back: it is ${iso(now())}, asked for ${iso(to)}`);
    const from = iso(now());
    const ran: { at: string; what: string }[] = [];
    state.target = to;
    clearTimeout(alarm);
    try {
      await settle();
      for (let task = nextTask(to); task !== undefined && !state.stopped; task = nextTask(to)) {
        moveTo(task.due);
        ran.push({ at: iso(now()), what: task.what });
        await run(task);
        await settle();
      }
      moveTo(to);
      await settle();
    } finally {
      state.target = undefined;
      setAlarm();
    }
    return { from, to: iso(now()), ran };
  };

  const takeTurn = (to: () => number, settle = async (): Promise<void> => {}): Promise<Advance> => {
    const turn = queue.then(() => advance(to(), settle));
    queue = turn.catch(() => {});
    return turn;
  };

  return {
    now,
    offset: () => offset,
    virtualAt: (realInstant) =>
      realInstant + (changes.findLast((change) => change.since <= realInstant)?.offset ?? offset),
    at: (due, what, task) => {
      const entry = { due, what, task };
      tasks.add(entry);
      setAlarm();
      return () => {
        tasks.delete(entry);
        setAlarm();
      };
    },
    advancingTo: () => state.target,
    advanceTo: (to, settle) => takeTurn(() => to, settle),
    advanceBy: (ms, settle) => takeTurn(() => now() + ms, settle),
    onChange: (listener) => {
      listeners.push(listener);
    },
    save: () => ({ offset, lastSeen: now() }),
    stop: () => {
      state.stopped = true;
      clearTimeout(alarm);
      tasks.clear();
    },
  };
}

function iso(instant: number): string {
  return Number.isFinite(instant) ? new Date(instant).toISOString() : String(instant);
}
