import { expect, test } from 'vitest';
import type { Resource, Synthesized } from '../synthesized.ts';

/** Queues: nothing is lost, nothing is done twice for want of time, nothing is retried for the sake of others. */
export function queueGuards(suite: Synthesized): void {
  const { stage, account, partition } = suite.settings;
  const queues = suite.ofType('AWS::SQS::Queue');
  const sources = suite.ofType('AWS::Lambda::EventSourceMapping');

  const deadLettersOf = (queue: Resource): string | undefined =>
    suite.referencesIn(queue, queue.properties['RedrivePolicy'])[0];
  const sourceQueue = (source: Resource): Resource | undefined => {
    const [id = ''] = suite.referencesIn(source, source.properties['EventSourceArn']);
    return queues.find((queue) => queue.id === id);
  };
  const working = queues.filter((queue) => deadLettersOf(queue) !== undefined);

  test('every queue has a dead-letter queue after five tries, or is one', () => {
    expect(working).toHaveLength(2);
    for (const queue of working) expect(queue.properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: 5 });
    const named = [
      ...queues.map((queue) => suite.referencesIn(queue, queue.properties['RedrivePolicy'])),
      ...suite
        .ofType('AWS::Lambda::Function')
        .map((one) => suite.referencesIn(one, one.properties['DeadLetterConfig'])),
      ...sources.map((source) => suite.referencesIn(source, source.properties['DestinationConfig'])),
    ];
    const rest = queues.filter((queue) => !working.includes(queue)).map(({ id }) => id);
    expect(rest.toSorted()).toEqual([...new Set(named.flat())].toSorted());
  });

  test('a dead letter is kept longer than the queue it came from keeps it', () => {
    for (const queue of working) {
      const longer = suite.byId(deadLettersOf(queue) ?? '').properties['MessageRetentionPeriod'];
      expect(Number(longer)).toBeGreaterThan(Number(queue.properties['MessageRetentionPeriod']));
    }
  });

  test('every queue is sealed at rest and refuses plain HTTP', () => {
    const refusals = suite.ofType('AWS::SQS::QueuePolicy').flatMap((policy) => {
      const text = JSON.stringify(policy.properties['PolicyDocument']);
      return text.includes('aws:SecureTransport') ? suite.referencesIn(policy, policy.properties['Queues']) : [];
    });
    for (const queue of queues) {
      expect(queue.properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(refusals).toContain(queue.id);
    }
  });

  test('a queue has one policy: on AWS a second would replace the first', () => {
    const named = suite
      .ofType('AWS::SQS::QueuePolicy')
      .flatMap((policy) => suite.referencesIn(policy, policy.properties['Queues']));
    expect(named.toSorted()).toEqual(queues.map(({ id }) => id).toSorted());
  });

  test('every queue with work has exactly one worker, which returns only what failed', () => {
    const worked = sources.flatMap((source) => sourceQueue(source)?.id ?? []);
    expect(worked.toSorted()).toEqual(working.map(({ id }) => id).toSorted());
    for (const source of sources) {
      expect(source.properties).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    }
  });

  test('a message stays hidden for six times the timeout of its worker, and no worker takes all concurrency', () => {
    for (const queue of working) {
      const source = sources.find((one) => sourceQueue(one) === queue);
      if (source === undefined) throw new Error(`nobody works on ${queue.id}`);
      const [worker = ''] = suite.referencesIn(source, source.properties['FunctionName']);
      expect(queue.properties['VisibilityTimeout']).toBe(6 * Number(suite.byId(worker).properties['Timeout']));
      expect(source.properties['ScalingConfig']).toEqual({ MaximumConcurrency: expect.any(Number) });
    }
  });

  test('a stream record that cannot be relayed makes room for the rest and is not lost from sight', () => {
    const streams = sources.filter((source) => sourceQueue(source) === undefined);
    expect(streams).toHaveLength(1);
    for (const stream of streams) {
      expect(stream.properties).toMatchObject({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 5 });
      const [destination = ''] = suite.referencesIn(stream, stream.properties['DestinationConfig']);
      expect(suite.byId(destination).type).toBe('AWS::SQS::Queue');
    }
  });

  test('the relay is woken for what is on the worklist, not for every item that is written', () => {
    const [stream] = sources.filter((source) => sourceQueue(source) === undefined);
    if (stream === undefined) throw new Error('nobody reads the stream');
    const { Filters } = stream.properties['FilterCriteria'] as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { dynamodb: { NewImage: { wpk: { S: [{ prefix: 'W#' }] } } } },
    ]);
  });

  test('uploads are announced to the queue of verify-evidence, and only by a bucket of ours', () => {
    const [incoming, ...more] = suite
      .ofType('AWS::S3::Bucket')
      .filter((bucket) => 'NotificationConfiguration' in bucket.properties);
    if (incoming === undefined || more.length > 0) throw new Error('one bucket announces what arrives');
    const [queue = ''] = suite.referencesIn(incoming, incoming.properties['NotificationConfiguration']);
    const source = sources.find((one) => sourceQueue(one)?.id === queue);
    if (source === undefined) throw new Error('nobody hears the announcements');
    const [worker = ''] = suite.referencesIn(source, source.properties['FunctionName']);
    expect(suite.byId(worker).properties['Environment']).toMatchObject({
      Variables: { POWERTOOLS_SERVICE_NAME: 'verify-evidence' },
    });

    const letting = suite
      .ofType('AWS::SQS::QueuePolicy')
      .filter(({ properties }) => JSON.stringify(properties['PolicyDocument']).includes('"Allow"'));
    expect(letting).toHaveLength(1);
    expect(incoming.dependsOn).toContain(letting[0]?.id);
    expect(letting[0]?.properties['PolicyDocument']).toMatchObject({
      Statement: [
        { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 's3.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::jipei-${stage}-storage-*` },
          },
        },
      ],
    });
  });
}
