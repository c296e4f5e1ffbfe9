/** The time, as a port: everything that depends on "now" takes one, so that tests and the local cloud can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

// China has kept UTC+8 without daylight saving since 1992, so a fixed offset is exact for every date this product sees.
const shanghaiOffsetMs = 8 * 60 * 60 * 1000;

/** The calendar date in Asia/Shanghai at an instant, as `YYYY-MM-DD`. */
export function businessDate(instant: Date): string {
  return new Date(instant.getTime() + shanghaiOffsetMs).toISOString().slice(0, 10);
}

/** The instant at which a calendar date (`YYYY-MM-DD`) begins in Asia/Shanghai. */
export function startOfBusinessDay(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) - shanghaiOffsetMs);
}
