import { describe, expect, test } from 'vitest';
import { type RunbookName, runbookIds } from '../../../cdk/constructs/runbooks.ts';
import { countedBy } from '../../../cdk/functions/counted-metrics.ts';
import { functionList } from '../../../cdk/functions/function-list.ts';
import type { Resource, Synthesized } from '../synthesized.ts';

interface Watched {
  Namespace: string;
  MetricName: string;
  Dimensions?: unknown;
}

function runbookOf({ properties }: Resource): string {
  const [, name = ''] = /docs\/runbooks\/([a-z-]+)\.md$/.exec(String(properties['AlarmDescription'])) ?? [];
  return name;
}

/** Every metric that an alarm looks at, in metric math too. */
function metricsOf({ properties }: Resource): Watched[] {
  const parts = (properties['Metrics'] ?? []) as { MetricStat?: { Metric: Watched } }[];
  const single = 'MetricName' in properties ? [properties as unknown as Watched] : [];
  return [...single, ...parts.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
}

/** Seconds of one period, the longest in metric math. */
function periodOf({ properties }: Resource): number {
  const parts = (properties['Metrics'] ?? []) as { MetricStat?: { Period: number } }[];
  return Math.max(Number(properties['Period'] ?? 0), ...parts.map(({ MetricStat }) => MetricStat?.Period ?? 0));
}

/** Alarms: everything is watched, and every alarm has its place and its runbook. */
export function alarmGuards(suite: Synthesized): void {
  const { stage } = suite.settings;
  const alarms = suite.ofType('AWS::CloudWatch::Alarm');
  const dashboards = suite.ofType('AWS::CloudWatch::Dashboard');

  /** The alarms that look at a thing. */
  const watching = (resource: Resource): string[] =>
    alarms
      .filter((alarm) =>
        metricsOf(alarm).some(({ Dimensions }) => suite.referencesIn(alarm, Dimensions).includes(resource.id)),
      )
      .map(runbookOf);

  test('every alarm bears the name of its runbook, and the id that people quote', () => {
    for (const alarm of alarms) {
      const runbook = runbookOf(alarm);
      expect(String(alarm.properties['AlarmName']).startsWith(`jipei-${stage}-${runbook}`)).toBe(true);
      expect(String(alarm.properties['AlarmDescription']).split(':')[0]).toBe(runbookIds[runbook as RunbookName]);
    }
    expect(new Set(alarms.map(({ properties }) => properties['AlarmName'])).size).toBe(alarms.length);
  });

  test('every kind of alarm rings for something', () => {
    expect([...new Set(alarms.map(runbookOf))].toSorted()).toEqual(Object.keys(runbookIds).toSorted());
  });

  test('every alarm is shown on exactly one dashboard', () => {
    expect(dashboards.map(({ properties }) => properties['DashboardName'])).toEqual([
      `jipei-${stage}-business`,
      `jipei-${stage}-operations`,
    ]);
    const shown = dashboards.flatMap((dashboard) => {
      const ids = suite.referencesIn(dashboard, dashboard.properties['DashboardBody']);
      return ids.filter((id) => suite.byId(id).type === 'AWS::CloudWatch::Alarm');
    });
    expect(shown.toSorted()).toEqual(alarms.map(({ id }) => id).toSorted());
  });

  test('every alarm tells people when it begins and when it ends', () => {
    const topics = suite.ofType('AWS::SNS::Topic').map(({ id }) => id);
    expect(topics).toHaveLength(1);
    for (const alarm of alarms) {
      expect(suite.referencesIn(alarm, alarm.properties['AlarmActions'])).toEqual(topics);
      expect(suite.referencesIn(alarm, alarm.properties['OKActions'])).toEqual(topics);
    }
  });

  describe('watches', () => {
    test('every function: failures, throttles and time', () => {
      for (const one of suite.ofType('AWS::Lambda::Function')) {
        const kinds = ['function-errors', 'function-throttled', 'function-near-timeout'];
        expect(watching(one)).toEqual(expect.arrayContaining(kinds));
      }
    });

    test('a run as slow above 80 % of the time it has', () => {
      const thresholds = alarms
        .filter((alarm) => runbookOf(alarm) === 'function-near-timeout')
        .map(({ properties }) => [String(properties['AlarmName']).replace(/^.*timeout-/, ''), properties['Threshold']]);
      expect(Object.fromEntries(thresholds)).toEqual(
        Object.fromEntries(functionList.map(({ name, timeoutSeconds }) => [name, timeoutSeconds * 800])),
      );
    });

    test('every queue: what waits too long, what piles up, what could not be done', () => {
      for (const queue of suite.ofType('AWS::SQS::Queue')) {
        const working = 'RedrivePolicy' in queue.properties;
        expect(watching(queue).toSorted()).toEqual(
          working ? ['oldest-message-late', 'queue-backlog'] : ['dead-letters-waiting'],
        );
      }
    });

    test('the table, the API and the stream', () => {
      const kinds = (type: string) => suite.ofType(type).map((one) => [...new Set(watching(one))].toSorted());
      expect(kinds('AWS::DynamoDB::GlobalTable')).toEqual([['table-system-errors', 'table-throttled']]);
      expect(kinds('AWS::ApiGatewayV2::Api')).toEqual([['api-server-errors', 'api-slow']]);
      expect(watching(suite.functionOf('relay-events'))).toContain('stream-behind');
    });

    test('every schedule by its heartbeat, whose absence rings; no other silence does', () => {
      const silent = alarms.filter(({ properties }) => properties['TreatMissingData'] === 'breaching');
      const scheduled = functionList.filter(({ trigger }) => trigger.kind === 'schedule');
      expect(
        silent.map(({ properties }) => String(properties['AlarmName']).replace(/^.*-silent-/, '')).toSorted(),
      ).toEqual(scheduled.map(({ name }) => name).toSorted());
      for (const { properties } of alarms) expect(properties['TreatMissingData']).toMatch(/^(notB|b)reaching$/);
    });

    test('no further back than CloudWatch can look: a day', () => {
      for (const alarm of alarms) {
        expect(periodOf(alarm)).toBeGreaterThanOrEqual(60);
        expect(periodOf(alarm) * Number(alarm.properties['EvaluationPeriods'])).toBeLessThanOrEqual(86_400);
      }
    });

    test('metrics of our own by the function that counts them', () => {
      const own = alarms.flatMap(metricsOf).filter(({ Namespace }) => Namespace === 'jipei');
      expect(own.length).toBeGreaterThan(3);
      for (const { MetricName, Dimensions } of own) {
        const services = (countedBy as Readonly<Record<string, readonly string[]>>)[MetricName] ?? [];
        expect(services.map((Value) => [{ Name: 'service', Value }])).toContainEqual(Dimensions);
      }
    });
  });
}
