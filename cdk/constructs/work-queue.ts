import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What every queue of ours shares: sealed at rest, reached by TLS only. */
const queueSettings = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

/** A queue that only takes what others could not deliver; an alarm rings when something is in it. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    // A dead letter keeps the age it had, so its queue must keep letters longer than the queue they came from.
    super(scope, id, { ...queueSettings, retentionPeriod: Duration.days(14) });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself where the undeliverable goes; an alarm rings while anything is in it.',
    });
  }
}

export interface WorkQueueProps {
  /** Timeout of the function that works on the queue. */
  workerTimeout: Duration;
}

/** Work for one kind of worker, with the queue of what it could not do in five tries. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      ...queueSettings,
      retentionPeriod: Duration.days(4),
      // A message must not appear again while Lambda still retries the batch it is in: six times, as AWS advises.
      visibilityTimeout: Duration.seconds(6 * props.workerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
  }
}
