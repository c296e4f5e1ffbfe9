import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
} from '@aws-sdk/client-dynamodb-streams';

/** Remembers how far a reader got, over restarts. */
export interface Checkpoints {
  get(key: string): string | undefined;
  set(key: string, sequenceNumber: string): void;
}

/** Reads the records of a stream in order. */
export interface StreamReader {
  /** Fixes where reading starts. */
  open(): Promise<void>;
  /** The next records, at most `limit`; none when there is nothing new. */
  next(limit: number): Promise<{ readonly shardId: string; readonly records: _Record[] }>;
  /** Everything up to here is dealt with. */
  done(shardId: string, sequenceNumber: string): void;
}

export function createStreamReader(
  client: DynamoDBStreamsClient,
  streamArn: string,
  fromBeginning: boolean,
  name: string,
  checkpoints: Checkpoints,
): StreamReader {
  const iterators = new Map<string, string | undefined>();
  const key = (shardId: string): string => `${name}/${shardId}`;

  const openShard = async (shardId: string, known: boolean): Promise<string | undefined> => {
    const reached = checkpoints.get(key(shardId));
    const from: Partial<GetShardIteratorCommandInput> =
      reached === undefined
        ? { ShardIteratorType: fromBeginning || known ? 'TRIM_HORIZON' : 'LATEST' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: reached };
    const input = { StreamArn: streamArn, ShardId: shardId, ...from } as GetShardIteratorCommandInput;
    return (await client.send(new GetShardIteratorCommand(input))).ShardIterator;
  };

  /** @param opened a shard that appears later is read whole, whatever the starting position. */
  const findShards = async (opened: boolean): Promise<void> => {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId !== undefined && !iterators.has(ShardId)) iterators.set(ShardId, await openShard(ShardId, opened));
    }
  };

  return {
    open: () => findShards(false),
    next: async (limit) => {
      for (const [shardId, iterator] of iterators) {
        if (iterator === undefined) continue;
        const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }));
        iterators.set(shardId, answer.NextShardIterator);
        if (answer.NextShardIterator === undefined) await findShards(true);
        if (answer.Records?.length) return { shardId, records: answer.Records };
      }
      return { shardId: '', records: [] };
    },
    done: (shardId, sequenceNumber) => checkpoints.set(key(shardId), sequenceNumber),
  };
}
