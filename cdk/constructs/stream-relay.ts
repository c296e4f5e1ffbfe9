import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type AlarmBook, fiveMinutes } from './alarm-book.ts';
import { watchDeadLetters } from './queue-worker.ts';
import type { ServiceFunction } from './service-function.ts';

export interface StreamRelayProps {
  streamArn: string;
  relay: ServiceFunction;
  batchSize: number;
  /** Takes the position of records that could not be relayed, once no try is left. */
  unrelayed: Queue;
  alarms: AlarmBook;
}

/**
 * Binds a function to the table's stream. A record that fails is tried again on its own, five times, and then makes
 * room for the rest: the sweep finds what it stood for.
 */
export class StreamRelay extends Construct {
  constructor(scope: Construct, id: string, props: StreamRelayProps) {
    super(scope, id);
    const { relay, unrelayed, alarms } = props;
    new EventSourceMapping(this, 'Source', {
      target: relay.function,
      eventSourceArn: props.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: props.batchSize,
      // Only what is on the worklist now: deciding one line writes five items, and none of them waits for anybody.
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { wpk: { S: FilterRule.beginsWith('W#') } } } })],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
      // The right to send is in the relay's own role; the library's destination would grant more.
      onFailure: { bind: () => ({ destination: unrelayed.queueArn }) },
    });
    watchDeadLetters(this, alarms, relay.definition.name, unrelayed);
    alarms.add(this, 'operations', {
      runbook: 'stream-behind',
      subject: relay.definition.name,
      says: 'Events of the table are relayed five minutes late or more.',
      metric: relay.function.metric('IteratorAge', { period: fiveMinutes, statistic: Stats.MAXIMUM }),
      threshold: Duration.minutes(5).toMilliseconds(),
    });
  }
}
