import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmBook, fiveMinutes, oneMinute } from './alarm-book.ts';
import type { ServiceFunction } from './service-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface QueueWorkerProps {
  /** The name of the queue, as alarms say it. */
  name: string;
  work: WorkQueue;
  worker: ServiceFunction;
  batchSize: number;
  maxConcurrency: number;
  alarms: AlarmBook;
}

/** Rings as soon as something lies in a dead-letter queue. */
export function watchDeadLetters(scope: Construct, alarms: AlarmBook, name: string, queue: Queue): void {
  alarms.add(scope, 'operations', {
    runbook: 'dead-letters-waiting',
    subject: name,
    says: `Something of ${name} could not be done and waits for a human.`,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: oneMinute, statistic: Stats.MAXIMUM }),
    threshold: 1,
  });
}

/** Binds a function to its queue; only the messages that failed come back. */
export class QueueWorker extends Construct {
  constructor(scope: Construct, id: string, props: QueueWorkerProps) {
    super(scope, id);
    const { name, work, worker, alarms } = props;
    new EventSourceMapping(this, 'Source', {
      target: worker.function,
      eventSourceArn: work.queue.queueArn,
      batchSize: props.batchSize,
      maxConcurrency: props.maxConcurrency,
      reportBatchItemFailures: true,
    });
    watchDeadLetters(this, alarms, name, work.deadLetters);
    alarms.add(this, 'operations', {
      runbook: 'oldest-message-late',
      subject: name,
      says: `A message in ${name} has waited for a quarter of an hour.`,
      metric: work.queue.metricApproximateAgeOfOldestMessage({ period: fiveMinutes, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(15).toSeconds(),
    });
    alarms.add(this, 'operations', {
      runbook: 'queue-backlog',
      subject: name,
      says: `More than 1,000 messages wait in ${name}, and have for a quarter of an hour.`,
      metric: work.queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MINIMUM }),
      threshold: 1_000,
      of: 3,
    });
  }
}
