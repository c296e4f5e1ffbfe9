import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** The metrics that the functions count themselves (shared/lambda/metrics.ts), as far as they are shown, and who counts them. */
export const countedBy = {
  ClassesFiled: ['classes-api'],
  ClaimsSubmitted: ['claims-api'],
  ClaimsAssessed: ['assess-claim'],
  LinesReserved: ['assess-claim'],
  LinesRefused: ['assess-claim'],
  LinesReferred: ['assess-claim'],
  ClaimsReturned: ['desk-api'],
  ClaimsApproved: ['desk-api'],
  ApprovedFen: ['desk-api'],
  EvidenceVerified: ['verify-evidence'],
  EvidenceRejected: ['verify-evidence'],
  EvidenceVerifyMs: ['verify-evidence'],
  NoticesPublished: ['publish-notices'],
  NoticesClosed: ['close-notices'],
  ObjectionsLodged: ['notices-api'],
  SweepFound: ['sweep-work'],
  SweepHeartbeat: ['sweep-work'],
  NoticeHeartbeat: ['publish-notices', 'close-notices'],
  ClaimsOverdue: ['sweep-work'],
  AccessDenied: ['classes-api', 'claims-api', 'evidence-api', 'desk-api', 'registry-api', 'notices-api'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ProductMetricName = keyof typeof countedBy;

/** A metric as one function counts it. */
export function productMetric(
  name: ProductMetricName,
  service: string,
  period: Duration,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: 'jipei',
    metricName: name,
    dimensionsMap: { service },
    period,
    statistic,
    label: name,
  });
}

/** A metric over all functions that count it. */
export function productMetricTotal(name: ProductMetricName, period: Duration): IMetric {
  const [only, ...more] = countedBy[name].map((service) => productMetric(name, service, period));
  if (only !== undefined && more.length === 0) return only;
  // Several totals share a graph, so their parts carry the metric's name.
  const parts = countedBy[name].map(
    (service, i) => [`part${i}_${name}`, productMetric(name, service, period)] as const,
  );
  return new MathExpression({
    label: name,
    expression: `SUM([${parts.map(([id]) => `FILL(${id}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(parts),
    period,
  });
}
