import { digits } from './digits.ts';

/**
 * A calendar date in Asia/Shanghai, `YYYY-MM-DD`. Dates that passed `isCalendarDate` order as plain strings do,
 * so the regulation compares them with `<` and `<=` and never asks a clock or a time zone.
 */
export type CalendarDate = string;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DASH = 45;

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Whether the text is `YYYY-MM-DD` and names a day that exists. */
export function isCalendarDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  return isExistingDay(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
}

/** Whether a year, month and day name a day of the Gregorian calendar; false where one of them is NaN. */
export function isExistingDay(year: number, month: number, day: number): boolean {
  return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

export function yearOf(date: CalendarDate): number {
  return digits(date, 0, 4);
}

export function monthOf(date: CalendarDate): number {
  return digits(date, 5, 2);
}

export function dayOf(date: CalendarDate): number {
  return digits(date, 8, 2);
}

/** The date of a year, month and day that exist. */
export function calendarDate(year: number, month: number, day: number): CalendarDate {
  return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

/** Days since 1970-01-01; negative before it. */
export function dayNumber(date: CalendarDate): number {
  const year = yearOf(date);
  const month = monthOf(date);
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const inYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (month > 2 && isLeapYear(year) ? 1 : 0) + dayOf(date);
  return before * 365 + leapDays + inYear - 719_163;
}

/** Calendar days from one date to another: 0 for the same day, negative where `to` is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** The date so many days later (earlier, where `days` is negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  let year = yearOf(date);
  let month = monthOf(date);
  let day = dayOf(date) + days;
  while (day > daysInMonth(year, month)) {
    day -= daysInMonth(year, month);
    month = month === 12 ? 1 : month + 1;
    if (month === 1) year += 1;
  }
  while (day < 1) {
    month = month === 1 ? 12 : month - 1;
    if (month === 12) year -= 1;
    day += daysInMonth(year, month);
  }
  return calendarDate(year, month, day);
}

/**
 * The same day so many months later, or the last day of that month where the day does not exist (民法典 202).
 * `2020-02-29` plus 12 months is `2021-02-28`.
 */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const total = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return calendarDate(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
}

/** The same day so many years later; 29 February becomes 28 February where the year has none. */
export function addYears(date: CalendarDate, years: number): CalendarDate {
  return addMonths(date, years * 12);
}

/** One number per date that orders as dates do, also past the year 9999. */
function ordinal(year: number, month: number, day: number): number {
  return year * 10_000 + month * 100 + day;
}

/**
 * Whether `date` is later than the period of `months` months from `start`: it ends on the same day so many months
 * later, that day included (民法典 期间). Builds no strings, since it runs for every trainee line.
 */
export function isPastMonths(date: CalendarDate, start: CalendarDate, months: number): boolean {
  const total = yearOf(start) * 12 + monthOf(start) - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  const end = ordinal(year, month, Math.min(dayOf(start), daysInMonth(year, month)));
  return ordinal(yearOf(date), monthOf(date), dayOf(date)) > end;
}

/** As `isPastMonths`, in years. */
export function isPastYears(date: CalendarDate, start: CalendarDate, years: number): boolean {
  return isPastMonths(date, start, years * 12);
}

/** Whether `date` is not before `start`, and not later than the period of `months` months from it. */
export function isWithinMonths(date: CalendarDate, start: CalendarDate, months: number): boolean {
  return date >= start && !isPastMonths(date, start, months);
}

/** As `isWithinMonths`, in years. */
export function isWithinYears(date: CalendarDate, start: CalendarDate, years: number): boolean {
  return isWithinMonths(date, start, years * 12);
}

/** Completed years (周岁) on `date` of somebody born on `birthDate`; negative where `date` is before the birth. */
export function completedYears(birthDate: CalendarDate, date: CalendarDate): number {
  const years = yearOf(date) - yearOf(birthDate);
  const month = monthOf(birthDate);
  const birthday = Math.min(dayOf(birthDate), daysInMonth(yearOf(date), month));
  return monthOf(date) * 100 + dayOf(date) < month * 100 + birthday ? years - 1 : years;
}
