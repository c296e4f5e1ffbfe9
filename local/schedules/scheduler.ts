import type { CancelTimer, VirtualClock } from '../clock/virtual-clock.ts';
import type { SendTo } from '../functions/asynchronous-invocation.ts';
import { findByName } from '../template/names.ts';
import { readTimetable, type Timetable } from './schedule-expression.ts';
import type { ScheduleSettings } from './schedule-settings.ts';

export interface ScheduleState {
  readonly name: string;
  readonly logicalId: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly next: string | undefined;
  readonly fired: number;
}

export interface Scheduler {
  start(): void;
  list(): ScheduleState[];
  /** Fires a schedule now, whatever its state; resolves when the target has had its first attempt. */
  fire(name: string): Promise<void>;
}

export interface SchedulerOptions {
  readonly schedules: readonly ScheduleSettings[];
  readonly clock: VirtualClock;
  readonly sendTo: SendTo;
  /** From when rates count. */
  readonly createdAt: number;
  readonly onError: (what: string, error: unknown) => void;
}

/** From this interval on, every firing of an advance takes place. */
const RARE_MS = 20 * 3_600_000;

/**
 * How often a frequent schedule fires in one advance, evenly spread, the first and the last due instant among them.
 * Days of a five-minute sweep would otherwise be thousands of firings that find nothing.
 */
const FREQUENT_FIRINGS = 8;

const RETRY_MS = 60_000;

export function createScheduler({ schedules, clock, sendTo, createdAt, onError }: SchedulerOptions): Scheduler {
  const running = schedules.map((settings) => ({
    settings,
    timetable: withinDates(
      readTimetable(settings.expression, settings.timeZone, settings.startAt ?? createdAt),
      settings,
    ),
    plan: { until: 0, instants: [] as number[] },
    next: undefined as number | undefined,
    cancel: undefined as CancelTimer | undefined,
    fired: 0,
  }));
  type Running = (typeof running)[number];

  const arm = (schedule: Running, after: number): void => {
    schedule.next = nextDue(schedule, after);
    if (schedule.next === undefined) return;
    const due = schedule.next;
    schedule.cancel = clock.at(due, `schedule ${schedule.settings.name}`, async () => {
      arm(schedule, due);
      schedule.fired += 1;
      await deliver(schedule, due, 0);
    });
  };

  const nextDue = (schedule: Running, after: number): number | undefined => {
    const until = clock.advancingTo();
    const next = schedule.timetable.next(after);
    if (until === undefined || next === undefined || next > until) return next;
    if (schedule.plan.until !== until) {
      schedule.plan = { until, instants: firings(schedule.timetable, after, until) };
    }
    return schedule.plan.instants.find((instant) => instant > after) ?? schedule.timetable.next(until);
  };

  const deliver = async (schedule: Running, due: number, attempts: number): Promise<void> => {
    const { settings } = schedule;
    try {
      await sendTo(settings.targetArn, settings.eventAt(due));
    } catch (error) {
      onError(`schedule ${settings.name}`, error);
      if (attempts < settings.maximumRetryAttempts) {
        clock.at(clock.now() + RETRY_MS, `retry of schedule ${settings.name}`, () =>
          deliver(schedule, due, attempts + 1),
        );
      } else if (settings.deadLetterArn !== undefined) {
        await sendTo(settings.deadLetterArn, settings.eventAt(due));
      }
    }
  };

  return {
    start: () => {
      for (const schedule of running) if (schedule.settings.enabled) arm(schedule, clock.now());
    },
    list: () =>
      running.map(({ settings, next, fired }) => ({
        name: settings.name,
        logicalId: settings.logicalId,
        expression: settings.expression,
        timeZone: settings.timeZone,
        enabled: settings.enabled,
        next: next === undefined ? undefined : new Date(next).toISOString(),
        fired,
      })),
    fire: async (name) => {
      const all = running.map((schedule) => ({ ...schedule.settings, schedule }));
      const { schedule } = findByName(all, name, 'schedule');
      schedule.fired += 1;
      await deliver(schedule, clock.now(), 0);
    },
  };
}

/** The due instants in `(after, until]` at which an advance stops. */
export function firings(timetable: Timetable, after: number, until: number): number[] {
  const first = timetable.next(after);
  if (first === undefined || first > until) return [];
  const second = timetable.next(first);
  const rare = second === undefined || second - first >= RARE_MS;
  const instants = new Set<number>();
  if (rare) {
    for (let due: number | undefined = first; due !== undefined && due <= until; due = timetable.next(due))
      instants.add(due);
    return [...instants];
  }
  const last = timetable.last(until, first) ?? first;
  for (let step = 0; step < FREQUENT_FIRINGS; step += 1) {
    const due = timetable.next(first - 1 + ((last - first) * step) / (FREQUENT_FIRINGS - 1));
    if (due !== undefined && due <= last) instants.add(due);
  }
  return [...instants];
}

function withinDates(timetable: Timetable, { startAt, endAt }: ScheduleSettings): Timetable {
  const latest = endAt ?? Number.POSITIVE_INFINITY;
  const inTime = (due: number | undefined): number | undefined =>
    due !== undefined && due <= latest ? due : undefined;
  return {
    next: (after) => inTime(timetable.next(Math.max(after, (startAt ?? 0) - 1))),
    last: (until, since) => timetable.last(Math.min(until, latest), Math.max(since, startAt ?? 0)),
  };
}
