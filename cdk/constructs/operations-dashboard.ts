import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmBook, fiveMinutes, oneMinute } from './alarm-book.ts';
import type { ClaimsTable } from './claims-table.ts';
import type { SuiteApi } from './http-api.ts';
import { productMetricTotal } from './product-metric.ts';
import { runbookIds } from './runbooks.ts';
import type { ServiceFunction } from './service-function.ts';
import { tableSystemErrors, tableThrottles } from './table-alarms.ts';
import type { WorkQueue } from './work-queue.ts';

export interface OperationsDashboardProps {
  stage: string;
  alarms: AlarmBook;
  api: SuiteApi;
  functions: readonly ServiceFunction[];
  queues: Readonly<Record<string, WorkQueue>>;
  deadLetters: Readonly<Record<string, Queue>>;
  claims: ClaimsTable;
}

function graph(title: string, left: IMetric[], width = 8): GraphWidget {
  return new GraphWidget({ title, width, left });
}

/** What users meet: rate, faults, latency. */
function userRow({ api }: OperationsDashboardProps): IWidget[] {
  const latency = (statistic: string) => api.api.metricLatency({ period: oneMinute, statistic, label: statistic });
  return [
    graph('Requests', [
      api.api.metricCount({ period: oneMinute, label: 'all' }),
      api.api.metricClientError({ period: oneMinute, statistic: Stats.SUM, label: '4xx' }),
      api.api.metricServerError({ period: oneMinute, statistic: Stats.SUM, label: '5xx' }),
    ]),
    graph('Latency (ms)', ['p50', 'p95', 'p99'].map(latency)),
    graph('Server errors (%)', [api.serverErrorRate()]),
  ];
}

/** What waits: queues, dead letters, the stream, the sweep. */
function asynchronousRow({ queues, deadLetters, functions }: OperationsDashboardProps): IWidget[] {
  const metrics = (of: (label: string, queue: Queue) => IMetric, among: Readonly<Record<string, Queue>>) =>
    Object.entries(among).map(([label, queue]) => of(label, queue));
  const working = Object.fromEntries(Object.entries(queues).map(([name, work]) => [name, work.queue]));
  const depth = (label: string, queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: oneMinute, statistic: Stats.MAXIMUM, label });
  const age = (label: string, queue: Queue) =>
    queue.metricApproximateAgeOfOldestMessage({ period: oneMinute, statistic: Stats.MAXIMUM, label });
  const relays = functions.filter(({ definition }) => definition.trigger.kind === 'stream');
  return [
    graph('Queue depth', metrics(depth, working), 6),
    graph('Oldest message (s)', metrics(age, working), 6),
    graph('Dead letters', metrics(depth, deadLetters), 6),
    graph(
      'Stream behind (ms) and found by the sweep',
      [
        ...relays.map((relay) => relay.function.metric('IteratorAge', { period: oneMinute, statistic: Stats.MAXIMUM })),
        productMetricTotal('SweepFound', fiveMinutes),
      ],
      6,
    ),
  ];
}

/** How full things are: each function and the table. */
function saturationRows({ functions, claims }: OperationsDashboardProps): IWidget[][] {
  const each = (of: (one: ServiceFunction, label: string) => IMetric) =>
    functions.map((one) => of(one, one.definition.name));
  return [
    [
      graph(
        'Failed runs (%)',
        each((one) => one.errorRate()),
      ),
      graph(
        'Longest run (ms)',
        each((one, label) => one.function.metricDuration({ period: fiveMinutes, statistic: Stats.MAXIMUM, label })),
      ),
      graph(
        'Throttled runs',
        each((one, label) => one.function.metricThrottles({ period: fiveMinutes, label })),
      ),
    ],
    [
      graph(
        'Runs at once',
        each((one, label) =>
          one.function.metric('ConcurrentExecutions', { period: fiveMinutes, statistic: Stats.MAXIMUM, label }),
        ),
      ),
      graph('Table: throttled and failed', [tableThrottles(claims), tableSystemErrors(claims)]),
      graph('Access denied', [productMetricTotal('AccessDenied', fiveMinutes)]),
    ],
    [
      graph(
        'Audit chains verified and broken, a day',
        (['AuditChainsVerified', 'AuditChainsBroken'] as const).map((name) =>
          productMetricTotal(name, Duration.days(1)),
        ),
        12,
      ),
      graph(
        'Answers with personal data, and those beyond the hourly measure',
        (['PersonalDataDownloads', 'PersonalDataDownloadsExcessive'] as const).map((name) =>
          productMetricTotal(name, Duration.hours(1)),
        ),
        12,
      ),
    ],
  ];
}

/** What the people on call ask. Its first row names every alarm and where help is. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const help = Object.entries(runbookIds).map(([name, number]) => `${number} ${name}`);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `jipei-${props.stage}-operations`,
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          new TextWidget({
            width: 8,
            height: 8,
            markdown: `# jipei ${props.stage}: operations\nHelp: docs/runbooks/\n\n${help.join(' · ')}`,
          }),
          new AlarmStatusWidget({ title: 'Alarms', width: 16, height: 8, alarms: props.alarms.on('operations') }),
        ],
        userRow(props),
        asynchronousRow(props),
        ...saturationRows(props),
      ],
    });
  }
}
