import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { countedBy, type ProductMetricName } from '../functions/counted-metrics.ts';

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
