import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { localCredentials } from '../credentials.ts';
import type { Endpoints } from '../functions/environment.ts';
import { type RunningKms, startKms } from '../kms/server.ts';
import { type RunningS3, type S3Event, startS3 } from '../s3/server.ts';
import type { DataDirectory } from '../state/data-directory.ts';
import { type QueueEngine, startQueueEngine } from './queue-engine.ts';
import { startTableEngine } from './table-engine.ts';

/** Everything that plays an AWS service, running. */
export interface Engines {
  readonly endpoints: Endpoints;
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly queues: QueueEngine;
  /** `undefined` when `S3_ENDPOINT` names somebody else's. */
  readonly s3: RunningS3 | undefined;
  readonly kms: RunningKms;
  stop(): Promise<void>;
}

export interface EnginesOptions {
  readonly data: DataDirectory;
  readonly region: string;
  readonly now: () => number;
  readonly onEvent: (event: S3Event) => Promise<void>;
}

export async function startEngines({ data, region, now, onEvent }: EnginesOptions): Promise<Engines> {
  const date = (): Date => new Date(now());
  const externalS3 = process.env['S3_ENDPOINT'];
  const started = await Promise.allSettled([
    startTableEngine(join(data.path, 'dynamodb.sqlite')),
    startQueueEngine(data.persistent ? join(data.path, 'sqs') : undefined, region, localCredentials),
    externalS3
      ? undefined
      : startS3({ dataDirectory: data.folder('s3'), now: date, region, credentials: localCredentials, onEvent }),
    startKms({ dataDirectory: data.folder('kms'), now: date, region, credentials: localCredentials }),
  ]);
  const failure = started.find((one) => one.status === 'rejected');
  if (failure !== undefined) {
    for (const one of started) if (one.status === 'fulfilled') await one.value?.stop();
    throw failure.reason;
  }
  const [tables, queues, s3, kms] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined)) as [
    Awaited<ReturnType<typeof startTableEngine>>,
    QueueEngine,
    RunningS3 | undefined,
    RunningKms,
  ];
  const client = { endpoint: tables.endpoint, region, credentials: localCredentials };
  const dynamodb = new DynamoDBClient(client);
  const streams = new DynamoDBStreamsClient(client);
  return {
    endpoints: {
      dynamodb: tables.endpoint,
      sqs: queues.endpoint,
      s3: s3?.endpoint ?? externalS3?.replace(/\/$/, '') ?? '',
      kms: kms.endpoint,
    },
    dynamodb,
    streams,
    queues,
    s3,
    kms,
    stop: async () => {
      dynamodb.destroy();
      streams.destroy();
      await Promise.allSettled([tables.stop(), queues.stop(), s3?.stop(), kms.stop()]);
    },
  };
}
