import { startOfBusinessDay } from '../clock/clock.ts';
import { addDays, addYears, type CalendarDate } from '../regulation/calendar-date.ts';

/** The instant until which evidence is locked: so many calendar years on, on a whole second, as the store keeps it. */
export function retainUntil(from: Date, years: number): Date {
  const until = new Date(Math.ceil(from.getTime() / 1000) * 1000);
  // 29 February becomes 1 March: never a day less.
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return until;
}

/**
 * The instant until which the evidence of a claim that was paid or refused for good on a day stays locked (台账保存期,
 * 三(二)): the end, in Asia/Shanghai, of the same day so many years later.
 */
export function retainThrough(endedOn: CalendarDate, years: number): Date {
  return startOfBusinessDay(addDays(addYears(endedOn, years), 1));
}
