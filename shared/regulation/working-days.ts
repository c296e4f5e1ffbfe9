import type { CalendarDate } from './calendar-date.ts';
import { dayNumber } from './calendar-date.ts';

/** The State Council's holiday papers (放假安排) of the years `from` to `to`, dates as they were published. */
export interface WorkingCalendar {
  /** first and last day that the papers cover */
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** days off (放假), first and last of each run */
  readonly daysOff: readonly (readonly [CalendarDate, CalendarDate])[];
  /** weekend days worked instead (调休上班) */
  readonly workedWeekends: readonly CalendarDate[];
}

/**
 * Working days (工作日) from `start`, counted, up to `end`, not counted; negative never, 0 where `end` is not later.
 * Undefined where the calendar does not cover the period: no paper, no answer.
 */
export function workingDaysBetween(
  start: CalendarDate,
  end: CalendarDate,
  calendar: WorkingCalendar,
): number | undefined {
  if (end <= start) return 0;
  if (start < calendar.from || end > calendar.to) return undefined;
  const first = dayNumber(start);
  const last = dayNumber(end);
  const off = calendar.daysOff.map(([from, to]) => [dayNumber(from), dayNumber(to)] as const);
  const worked = new Set(calendar.workedWeekends.map((date) => dayNumber(date)));
  let count = 0;
  for (let day = first; day < last; day += 1) {
    if (worked.has(day) || (!isWeekend(day) && !off.some(([from, to]) => day >= from && day <= to))) count += 1;
  }
  return count;
}

/** Day 0, 1970-01-01, was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 3) % 7) + 7) % 7;
  return weekday >= 5;
}
