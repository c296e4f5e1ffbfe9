import { describe, expect, test } from 'vitest';
import { readAlarms } from '../../../local/observability/alarms.ts';
import { createMetricStore, type MetricStore } from '../../../local/observability/metric-store.ts';
import { createPlatformMetrics } from '../../../local/observability/platform-metrics.ts';
import { deploymentOf } from '../fixtures/stacks.ts';

const now = Date.parse('2021-03-09T10:00:00Z');
const minute = 60_000;

function alarm(Properties: Record<string, unknown>, fill: (metrics: MetricStore) => void, times = [now]) {
  const metrics = createMetricStore();
  fill(metrics);
  const alarms = readAlarms(
    deploymentOf({ resources: { A: { Type: 'AWS::CloudWatch::Alarm', Properties } } }),
    metrics,
  );
  return times.map((time) => alarms.evaluate(time)[0]?.state);
}

const errors = {
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: 'f' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 2,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
};

const add =
  (at: number, values: number[], name = 'Errors') =>
  (metrics: MetricStore) =>
    metrics.add({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName: 'f' }, unit: 'Count', at, values });

describe('alarms over one metric', () => {
  test.each([
    [[1], 'OK'],
    [[1, 1], 'ALARM'],
    [[3], 'ALARM'],
  ])('sum of %j against 2', (values, state) => {
    expect(alarm(errors, add(now - 1000, values))).toEqual([state]);
  });

  test('only the periods under evaluation count: just in, just out', () => {
    expect(alarm(errors, add(now - minute + 1, [5]))).toEqual(['ALARM']);
    expect(alarm(errors, add(now - minute, [5]))).toEqual(['INSUFFICIENT_DATA']);
  });

  test.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
  ])('no data, treated as %s', (TreatMissingData, state) => {
    expect(alarm({ ...errors, TreatMissingData }, () => {})).toEqual([state]);
  });

  test('ignore keeps the state that was', () => {
    const properties = { ...errors, TreatMissingData: 'ignore' };
    expect(alarm(properties, add(now - 1000, [5]), [now, now + 5 * minute])).toEqual(['ALARM', 'ALARM']);
  });

  test('M out of N periods', () => {
    const properties = { ...errors, EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' };
    const both = (metrics: MetricStore) => {
      add(now - 1000, [5])(metrics);
      add(now - 2 * minute - 1000, [5])(metrics);
    };
    expect(alarm(properties, both)).toEqual(['ALARM']);
    expect(alarm(properties, add(now - 1000, [5]))).toEqual(['OK']);
  });

  test.each([
    ['GreaterThanThreshold', 2, 'OK'],
    ['LessThanThreshold', 2, 'OK'],
    ['LessThanOrEqualToThreshold', 2, 'ALARM'],
    ['GreaterThanThreshold', 3, 'ALARM'],
    ['LessThanThreshold', 1, 'ALARM'],
  ])('%s with %i against 2', (ComparisonOperator, value, state) => {
    expect(alarm({ ...errors, ComparisonOperator }, add(now - 1, [value]))).toEqual([state]);
  });

  test.each([
    ['Average', 3],
    ['Maximum', 6],
    ['Minimum', 1],
    ['SampleCount', 4],
    ['Sum', 12],
    ['p50', 2],
    ['p99', 6],
  ])('statistic %s', (Statistic, expected) => {
    const at = (Threshold: number) => alarm({ ...errors, Statistic, Threshold }, add(now - 1, [1, 2, 3, 6]));
    expect([at(expected), at(expected + 0.1)]).toEqual([['ALARM'], ['OK']]);
  });
});

describe('alarms over metric math', () => {
  const ratio = {
    Metrics: [
      { Id: 'rate', Expression: '100 * e / MAX([i, 1])' },
      ...['Errors', 'Invocations'].map((MetricName) => ({
        Id: MetricName === 'Errors' ? 'e' : 'i',
        ReturnData: false,
        MetricStat: {
          Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: errors.Dimensions },
          Period: 60,
          Stat: 'Sum',
        },
      })),
    ],
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
  };

  test.each([
    [5, 'OK'],
    [6, 'ALARM'],
  ])('%i errors of 100', (count, state) => {
    const fill = (metrics: MetricStore) => {
      add(now - 1, [count])(metrics);
      add(now - 1, [100], 'Invocations')(metrics);
    };
    expect(alarm(ratio, fill)).toEqual([state]);
  });

  test('what cannot be judged is refused at the start', () => {
    const Metrics = [{ Id: 'a', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' }];
    expect(() => alarm({ ...ratio, Metrics }, () => {})).toThrow('unknown function ANOMALY_DETECTION_BAND');
    expect(() => alarm({ ...errors, ComparisonOperator: 'GreaterThanUpperThreshold' }, () => {})).toThrow(
      'refusing to pretend',
    );
    expect(() => alarm({ ...errors, Statistic: 'TM(10%:90%)' }, () => {})).toThrow('unknown statistic');
  });
});

describe('gauges', () => {
  const queue = {
    logicalId: 'Q',
    path: undefined,
    name: 'q',
    arn: '',
    url: '',
    visibilityTimeoutSeconds: 1,
    fifo: false,
  };
  const age = {
    ...errors,
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: 'q' }],
    Statistic: 'Maximum',
    Threshold: 3600,
  };

  test('the age of the oldest message grows with the clock until the queue is empty', () => {
    const metrics = createMetricStore();
    let time = now;
    const platform = createPlatformMetrics(
      metrics,
      () => time,
      (instant) => instant,
    );
    const alarms = readAlarms(
      deploymentOf({ resources: { A: { Type: 'AWS::CloudWatch::Alarm', Properties: age } } }),
      metrics,
    );
    const state = () => alarms.evaluate(time)[0]?.state;
    platform.queueDepth(queue, { visible: 1, inFlight: 0, delayed: 0, oldestSentAt: now });
    expect(state()).toBe('OK');
    time = now + 3599_000;
    expect(state()).toBe('OK');
    time = now + 3600_000;
    expect(state()).toBe('ALARM');
    platform.queueDepth(queue, { visible: 0, inFlight: 0, delayed: 0, oldestSentAt: undefined });
    time += 2 * minute;
    expect(state()).toBe('OK');
  });

  test('a depth stays what it was through periods in which nothing was looked at', () => {
    const metrics = createMetricStore();
    const platform = createPlatformMetrics(
      metrics,
      () => now - 90 * minute,
      (instant) => instant,
    );
    platform.queueDepth(queue, { visible: 7, inFlight: 0, delayed: 0, oldestSentAt: now });
    const id = { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible', dimensions: { QueueName: 'q' } };
    expect(metrics.values(id, now - minute, now)).toEqual([7, 7]);
    expect(metrics.values(id, now - 92 * minute, now - 91 * minute)).toEqual([]);
  });
});
