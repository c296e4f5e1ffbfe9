import { Cron } from 'croner';

/** When something is due. Instants are milliseconds since 1970. */
export interface Timetable {
  /** The first due instant after `instant`, or `undefined` when there is none. */
  next(after: number): number | undefined;
  /** The last due instant at or before `instant`, not before `since`. */
  last(until: number, since: number): number | undefined;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `at(…)`, `rate(…)` and six-field `cron(…)` expressions of EventBridge.
 * @param timeZone IANA name; AWS's default is UTC.
 * @param createdAt the instant from which a rate counts.
 * @throws Error for anything else.
 */
export function readTimetable(expression: string, timeZone: string, createdAt: number): Timetable {
  const [, kind, content] = /^(at|rate|cron)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'at' && content !== undefined) return once(readLocalTime(content, timeZone));
  if (kind === 'rate' && content !== undefined) return regular(readRate(content), createdAt);
  if (kind === 'cron' && content !== undefined) return cron(content, timeZone);
  throw new Error(`not a schedule expression: ${expression}`);
}

function once(instant: number): Timetable {
  return {
    next: (after) => (after < instant ? instant : undefined),
    last: (until, since) => (since <= instant && instant <= until ? instant : undefined),
  };
}

/** A wall-clock time such as `2026-03-02T09:00:00`, as the instant it is in that zone. */
function readLocalTime(text: string, timeZone: string): number {
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)
    ? new Cron(text, { timezone: timeZone, paused: true, allowPast: true }).getOnce()?.getTime()
    : undefined;
  if (instant === undefined) throw new Error(`not a time of day: at(${text})`);
  return instant;
}

function readRate(content: string): number {
  const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(content) ?? [];
  const period = Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (!(period > 0)) throw new Error(`not a rate: rate(${content})`);
  return period;
}

function regular(period: number, createdAt: number): Timetable {
  const latest = (instant: number): number => createdAt + Math.floor((instant - createdAt) / period) * period;
  return {
    next: (after) => Math.max(latest(after), createdAt) + period,
    last: (until, since) => {
      const instant = latest(until);
      return instant > createdAt && instant >= since ? instant : undefined;
    },
  };
}

/** AWS: minutes, hours, day of month, month, day of week (1 is Sunday), year; `?` where the other day field counts. */
function cron(content: string, timeZone: string): Timetable {
  const fields = content.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`a cron expression has six fields: cron(${content})`);
  const pattern = `0 ${fields.map((field) => field.replace('?', '*')).join(' ')}`;
  const job = new Cron(pattern, {
    mode: '7-part',
    timezone: timeZone,
    alternativeWeekdays: true,
    sloppyRanges: true,
    paused: true,
  });
  return {
    next: (after) => job.nextRun(new Date(after))?.getTime(),
    last: (until, since) => {
      const instant = job.previousRuns(1, new Date(until + 1000))[0]?.getTime(); // the reference itself is left out
      return instant !== undefined && instant >= since && instant <= until ? instant : undefined;
    },
  };
}
