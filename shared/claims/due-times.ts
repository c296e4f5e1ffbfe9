const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * How long each step may take before somebody is reminded. The regulation sets no periods for review; these are the
 * product's, counted in calendar days.
 */
export const dueAfterMs = {
  /** Assessment by the rules, after the submission. */
  assessment: 60 * minute,
  /** 初审, after the assessment. */
  review: 15 * day,
  /** 复核, after the endorsement. */
  approval: 5 * day,
} as const;

/** How long an event may be on its way before the sweep takes it for lost and looks for itself. */
export const lookAgainAfterMs = 2 * minute;

export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
