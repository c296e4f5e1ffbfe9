import chineseDays from 'chinese-days';
import { DomainError } from '../errors/domain-error.ts';

/** Which calendar a date was computed by; kept beside every computed date, since papers are amended (国务院放假安排). */
export const CALENDAR_VERSION = 'chinese-days/1.5.7';

const dayMs = 24 * 60 * 60 * 1000;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;

/** The calendar date so many days after another, both `YYYY-MM-DD`. */
export function dayAfter(date: string, days = 1): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

// A day that a paper names is called "National Day,国庆节,3"; any other is called by its weekday. The weekday itself is
// not taken from the library: west of Greenwich it is off by one there, while the papers' days are not.
function isSpecial(name: string): boolean {
  return name.includes(',');
}

const published = new Map<number, boolean>();

/** Whether the holiday paper of a year is known. Every paper gives 1 October off; the library invents nothing for a year without one. */
function isPublished(year: number): boolean {
  let known = published.get(year);
  if (known === undefined) {
    known = isSpecial(chineseDays.getDayDetail(`${year}-10-01`).name);
    published.set(year, known);
  }
  return known;
}

/**
 * Whether a calendar date (`YYYY-MM-DD`, Asia/Shanghai) is a working day (工作日): Monday to Friday but for public
 * holidays, and the weekend days worked instead.
 * @throws DomainError `temporarily-unavailable` for a year whose holiday paper the calendar does not have: a date
 * promised without it could be wrong.
 */
export function isWorkingDay(date: string): boolean {
  if (!datePattern.test(date)) throw new RangeError(`not a calendar date: ${date}`);
  const year = Number(date.slice(0, 4));
  if (!isPublished(year)) {
    throw new DomainError(
      'temporarily-unavailable',
      `${year}年的放假安排尚未公布或尚未收录，无法计算工作日。请在收录该年放假安排后再办理。`,
    );
  }
  const { name, work } = chineseDays.getDayDetail(date);
  if (isSpecial(name)) return work;
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}
