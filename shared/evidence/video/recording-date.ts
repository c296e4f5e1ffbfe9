/** Asia/Shanghai, without daylight saving since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** First and last day of a class, `YYYY-MM-DD` in Asia/Shanghai, both included. */
export interface ClassDates {
  readonly from: string;
  readonly to: string;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The day in Asia/Shanghai on which a recorder says it made a file. */
export function recordingDate(createdAt: Date): string {
  return dateOf(createdAt.getTime() + SHANGHAI_OFFSET_MS);
}

/**
 * Whether a recording was made outside the class. Many cameras write the hour on the wall where the format wants UTC,
 * so that only a file outside under both readings is.
 */
export function isOutsideClass(createdAt: Date, dates: ClassDates): boolean {
  return [recordingDate(createdAt), dateOf(createdAt.getTime())].every((day) => day < dates.from || day > dates.to);
}

/**
 * Whether all clips of a claim, two at least, were recorded on one day; false when a clip does not say when.
 * Computed over a claim's clips, because no clip shows it alone: the flag `same-session`.
 */
export function isSameSession(clips: readonly { readonly createdAt: string | null }[]): boolean {
  const days = new Set(clips.map(({ createdAt }) => (createdAt === null ? null : recordingDate(new Date(createdAt)))));
  return clips.length > 1 && days.size === 1 && !days.has(null);
}
