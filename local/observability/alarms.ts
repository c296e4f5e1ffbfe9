import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { compileExpression, type Expression } from './metric-math.ts';
import type { MetricId, MetricStore } from './metric-store.ts';

export interface AlarmState {
  readonly name: string;
  readonly logicalId: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** The values it was judged by, newest first; `null` for a period without data. */
  readonly values: readonly (number | null)[];
  readonly threshold: number;
  readonly description: string | undefined;
}

export interface Alarms {
  /** The state of every alarm by the data up to `now`. */
  evaluate(now: number): AlarmState[];
}

const metricShape = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.coerce.string() })).default([]),
});

const alarmShape = z.object({
  AlarmDescription: z.string().optional(),
  ComparisonOperator: z.string(),
  EvaluationPeriods: z.coerce.number(),
  DatapointsToAlarm: z.coerce.number().optional(),
  Threshold: z.coerce.number(),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.coerce.string() })).default([]),
  Period: z.coerce.number().default(300),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Metrics: z
    .array(
      z.object({
        Id: z.string(),
        Expression: z.string().optional(),
        ReturnData: z.boolean().default(true),
        Period: z.coerce.number().optional(),
        MetricStat: z.object({ Metric: metricShape, Period: z.coerce.number(), Stat: z.string() }).optional(),
      }),
    )
    .optional(),
});

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

type Statistic = (values: readonly number[]) => number;

/** Value of what an alarm watches in the period that ends at an instant. */
type Watched = (end: number) => number | undefined;

/**
 * Reads the alarms of a deployment and judges them as CloudWatch would, over periods of virtual time that end now.
 * @throws Error for a kind of alarm that cannot be judged here.
 */
export function readAlarms(deployment: Deployment, metrics: MetricStore): Alarms {
  const previous = new Map<string, AlarmState['state']>();
  const alarms = deployment.resources('AWS::CloudWatch::Alarm').map((resource) => {
    const properties = alarmShape.parse(resource.properties);
    const breaches = comparisons[properties.ComparisonOperator];
    if (breaches === undefined) {
      throw new Error(`refusing to pretend: alarm ${resource.ref} compares by ${properties.ComparisonOperator}`);
    }
    return { resource, properties, breaches, ...watchedBy(resource.ref, properties, metrics) };
  });

  return {
    evaluate: (now) =>
      alarms.map(({ resource, properties, breaches, watched, periodMs }) => {
        const { EvaluationPeriods, Threshold, TreatMissingData, DatapointsToAlarm } = properties;
        const values = Array.from({ length: EvaluationPeriods }, (_none, index) => watched(now - index * periodMs));
        const known = values.filter((value) => value !== undefined);
        const missing = TreatMissingData === 'breaching' ? values.length - known.length : 0;
        const breaching = known.filter((value) => breaches(value, Threshold)).length + missing;
        const silent = known.length === 0 && (TreatMissingData === 'missing' || TreatMissingData === 'ignore');
        const before = TreatMissingData === 'ignore' ? previous.get(resource.ref) : undefined;
        const judged = breaching >= (DatapointsToAlarm ?? EvaluationPeriods) ? 'ALARM' : 'OK';
        const state = silent ? (before ?? 'INSUFFICIENT_DATA') : judged;
        previous.set(resource.ref, state);
        return {
          name: resource.ref,
          logicalId: resource.logicalId,
          state,
          values: values.map((value) => value ?? null),
          threshold: Threshold,
          description: properties.AlarmDescription,
        };
      }),
  };
}

function watchedBy(
  alarm: string,
  properties: z.infer<typeof alarmShape>,
  metrics: MetricStore,
): { watched: Watched; periodMs: number } {
  if (properties.Metrics === undefined) {
    const { Namespace = '', MetricName = '', Dimensions, Period } = properties;
    const statistic = readStatistic(properties.Statistic ?? properties.ExtendedStatistic ?? 'Average');
    const id = metricId({ Namespace, MetricName, Dimensions });
    return { watched: measured(metrics, id, Period * 1000, statistic), periodMs: Period * 1000 };
  }
  const sources = new Map<string, Watched>();
  const expressions = new Map<string, Expression>();
  for (const { Id, Expression: text, MetricStat } of properties.Metrics) {
    if (text !== undefined) expressions.set(Id, compileExpression(text));
    else if (MetricStat !== undefined) {
      const statistic = readStatistic(MetricStat.Stat);
      sources.set(Id, measured(metrics, metricId(MetricStat.Metric), MetricStat.Period * 1000, statistic));
    }
  }
  const period = properties.Metrics.map((metric) => metric.MetricStat?.Period ?? metric.Period).find(
    (one) => one !== undefined,
  );
  const returned = properties.Metrics.filter((metric) => metric.ReturnData);
  const only = returned[0];
  if (only === undefined || returned.length > 1 || period === undefined) {
    throw new Error(`refusing to pretend: alarm ${alarm} does not return exactly one series with a period`);
  }
  const lookUp = (id: string, end: number): number | undefined => {
    const expression = expressions.get(id);
    if (expression !== undefined) return expression((other) => lookUp(other, end));
    const source = sources.get(id);
    if (source === undefined) throw new Error(`alarm ${alarm}: nothing has the id ${id}`);
    return source(end);
  };
  return { watched: (end) => lookUp(only.Id, end), periodMs: period * 1000 };
}

function measured(metrics: MetricStore, id: MetricId, periodMs: number, statistic: Statistic): Watched {
  return (end) => {
    const values = metrics.values(id, end - periodMs + 1, end + 1);
    return values.length === 0 ? undefined : statistic(values);
  };
}

function metricId({ Namespace, MetricName, Dimensions }: z.infer<typeof metricShape>): MetricId {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace: Namespace, name: MetricName, dimensions };
}

const sum: Statistic = (values) => values.reduce((a, b) => a + b, 0);
const statistics: Readonly<Record<string, Statistic>> = {
  Sum: sum,
  Average: (values) => sum(values) / values.length,
  Minimum: (values) => values.reduce((a, b) => Math.min(a, b)),
  Maximum: (values) => values.reduce((a, b) => Math.max(a, b)),
  SampleCount: (values) => values.length,
};

function readStatistic(name: string): Statistic {
  const known = statistics[name];
  if (known !== undefined) return known;
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1]);
  if (!(percent >= 0 && percent <= 100)) throw new Error(`refusing to pretend: unknown statistic ${name}`);
  return (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    return sorted[Math.min(Math.ceil((percent / 100) * sorted.length), sorted.length) - 1] ?? sorted[0] ?? 0;
  };
}
