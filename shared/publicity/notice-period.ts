import * as z from 'zod';
import { startOfBusinessDay } from '../clock/clock.ts';
import { CALENDAR_VERSION, dayAfter, isWorkingDay } from './working-days.ts';

/** How an authority counts its notice period (公示期). The regulation states none (二(二)). */
export const periodRuleSchema = z.strictObject({
  days: z.int().min(1, '公示期至少1日').max(365, '公示期最多365日'),
  /** working 工作日 · calendar 自然日 */
  unit: z.enum(['working', 'calendar']),
  /** Whether the day of publication is the first of the period. Default: it is not (民法典 201, 开始的当日不计入). */
  firstDayCounts: z.boolean(),
});
export type PeriodRule = z.infer<typeof periodRuleSchema>;

/** A notice period as it was promised; every date is kept with the rule and the calendar that gave it. */
export const noticePeriodSchema = z.strictObject({
  publishedOn: z.string(),
  /** The last day; objections are taken until 24:00 of it, Asia/Shanghai. */
  lastDay: z.string(),
  days: z.int(),
  unit: z.enum(['working', 'calendar']),
  firstDayCounts: z.boolean(),
  calendarVersion: z.string(),
});
export type NoticePeriod = z.infer<typeof noticePeriodSchema>;

function counts(date: string, unit: PeriodRule['unit']): boolean {
  return unit === 'calendar' || isWorkingDay(date);
}

/**
 * The period of a notice published on a date.
 * @throws DomainError `temporarily-unavailable` when it reaches into a year without a published holiday paper.
 */
export function noticePeriod(publishedOn: string, rule: PeriodRule): NoticePeriod {
  let lastDay = rule.firstDayCounts ? dayAfter(publishedOn, -1) : publishedOn;
  for (let counted = 0; counted < rule.days; ) {
    lastDay = dayAfter(lastDay);
    if (counts(lastDay, rule.unit)) counted += 1;
  }
  return { publishedOn, lastDay, ...rule, calendarVersion: CALENDAR_VERSION };
}

/** The instant at which the period is over: 24:00 of its last day, Asia/Shanghai. Objections end before it, clearing begins at it. */
export function periodEnd({ lastDay }: Pick<NoticePeriod, 'lastDay'>): Date {
  return startOfBusinessDay(dayAfter(lastDay));
}

/** Days of the period still to come on a date, that day included (公示剩余日数); 0 when it is over. */
export function daysLeft(period: NoticePeriod, today: string): number {
  const first = period.firstDayCounts ? period.publishedOn : dayAfter(period.publishedOn);
  let left = 0;
  for (let date = today < first ? first : today; date <= period.lastDay; date = dayAfter(date)) {
    if (counts(date, period.unit)) left += 1;
  }
  return left;
}
