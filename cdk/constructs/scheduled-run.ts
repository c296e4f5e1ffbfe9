import { Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Trigger } from '../functions/function-definition.ts';
import type { AlarmBook } from './alarm-book.ts';
import { productMetric } from './product-metric.ts';
import type { RunbookName } from './runbooks.ts';
import type { ServiceFunction } from './service-function.ts';

type Schedule = Extract<Trigger, { kind: 'schedule' }>;

export interface ScheduledRunProps {
  schedule: Schedule;
  run: ServiceFunction;
  /** Takes runs that Scheduler could not start. */
  failedRuns: Queue;
  alarms: AlarmBook;
}

const silenceRunbooks: Readonly<Record<Schedule['heartbeat']['metric'], RunbookName>> = {
  SweepHeartbeat: 'sweep-silent',
  NoticeHeartbeat: 'notices-silent',
  CheckHeartbeat: 'check-silent',
};

/** Wakes a function by the clock of Asia/Shanghai, and rings when its heartbeat stays away. */
export class ScheduledRun extends Construct {
  constructor(scope: Construct, id: string, { schedule, run, failedRuns, alarms }: ScheduledRunProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: `Lets the schedule start ${run.definition.name}`,
      inlinePolicies: {
        rights: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'Start',
              actions: ['lambda:InvokeFunction'],
              resources: [run.function.functionArn],
            }),
            new PolicyStatement({
              sid: 'FailedRuns',
              actions: ['sqs:SendMessage'],
              resources: [failedRuns.queueArn],
            }),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      description: run.definition.does,
      scheduleExpression: schedule.expression,
      scheduleExpressionTimezone: 'Asia/Shanghai',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: run.function.functionArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: failedRuns.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 5 },
      },
    });
    this.#watch(schedule, run, alarms);
  }

  #watch({ heartbeat }: Schedule, run: ServiceFunction, alarms: AlarmBook): void {
    // Whole hours for a daily run: a window that slides by minutes would ring when a run is a moment later than
    // the day before. CloudWatch looks back no further than a day.
    const period = heartbeat.silenceMinutes > 60 ? Duration.hours(1) : Duration.minutes(5);
    alarms.add(this, 'operations', {
      runbook: silenceRunbooks[heartbeat.metric],
      subject: run.definition.name,
      says: `${run.definition.name} has not finished a run for ${heartbeat.silenceMinutes} minutes.`,
      metric: productMetric(heartbeat.metric, run.definition.name, period),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      of: heartbeat.silenceMinutes / period.toMinutes(),
      missingRings: true,
    });
  }
}
