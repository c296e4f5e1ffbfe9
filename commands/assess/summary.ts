import type { Assessment, Finding } from '../../shared/regulation/contract.ts';

/** How often each rule passed, failed and referred. */
type RuleCounts = Record<Finding['outcome'], number>;

/** What came out of a run: requests, claims and lines by outcome, findings by rule and outcome. */
export interface Summary {
  requests: number;
  badRequests: number;
  claims: Record<Assessment['outcome'], number>;
  lines: Record<'eligible' | 'ineligible' | 'referred', number>;
  eligibleFen: number;
  referredFen: number;
  rules: Record<string, RuleCounts>;
}

export function emptySummary(): Summary {
  return {
    requests: 0,
    badRequests: 0,
    claims: { eligible: 0, ineligible: 0, referred: 0, incomplete: 0 },
    lines: { eligible: 0, ineligible: 0, referred: 0 },
    eligibleFen: 0,
    referredFen: 0,
    rules: {},
  };
}

/** Counts the outcome of a claim in. */
export function countClaim(summary: Summary, outcome: Assessment['outcome'], totals: Assessment['totals']): void {
  summary.claims[outcome] += 1;
  summary.lines.eligible += totals.eligible;
  summary.lines.ineligible += totals.ineligible;
  summary.lines.referred += totals.referred;
  summary.eligibleFen += totals.eligibleFen;
  summary.referredFen += totals.referredFen;
}

export function countFindings(summary: Summary, findings: readonly Finding[]): void {
  for (const finding of findings) countsOf(summary, finding.rule)[finding.outcome] += 1;
}

/** Adds one summary to another. */
export function add(total: Summary, part: Summary): void {
  total.requests += part.requests;
  total.badRequests += part.badRequests;
  for (const outcome of ['eligible', 'ineligible', 'referred', 'incomplete'] as const) {
    total.claims[outcome] += part.claims[outcome];
  }
  for (const outcome of ['eligible', 'ineligible', 'referred'] as const) total.lines[outcome] += part.lines[outcome];
  total.eligibleFen += part.eligibleFen;
  total.referredFen += part.referredFen;
  for (const [rule, counts] of Object.entries(part.rules)) {
    const sum = countsOf(total, rule);
    for (const outcome of ['pass', 'fail', 'refer'] as const) sum[outcome] += counts[outcome];
  }
}

function countsOf(summary: Summary, rule: string): RuleCounts {
  let counts = summary.rules[rule];
  if (counts === undefined) {
    counts = { pass: 0, fail: 0, refer: 0 };
    summary.rules[rule] = counts;
  }
  return counts;
}
