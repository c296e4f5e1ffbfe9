import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig, S3ServiceException } from '@aws-sdk/client-s3';
import { onTestFinished, vi } from 'vitest';
import {
  type RunningS3,
  type S3BucketConfiguration,
  type S3Event,
  type S3Options,
  startS3,
} from '../../../local/s3/server.ts';

// A machine busy with other things is slow, not wrong.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** For `expect.poll`: how long to wait for what is bound to come. */
export const PATIENTLY = { timeout: 30_000, interval: 5 };

export const REGION = 'cn-north-1';
export const CREDENTIALS = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local-secret' };
/** The virtual time at which every fixture starts. */
export const START = new Date('2026-03-02T04:05:06.789Z');

export interface S3Fixture {
  readonly server: RunningS3;
  readonly client: S3Client;
  readonly events: S3Event[];
  readonly dataDirectory: string;
  now(): Date;
  /** Moves the virtual clock; the client follows it. */
  advance(ms: number): void;
  /** Another client of the same server. */
  connect(config?: S3ClientConfig): S3Client;
  /** Stops the server and starts it again over the same folder. */
  restart(): Promise<void>;
  /** Files of object bytes on disk. */
  blobs(): readonly string[];
  /** Files of uploads under way. */
  incoming(): readonly string[];
}

/** A stand-in with its own folder and clock, cleared away when the test or the hook that asked for it is done. */
export async function startFixture(
  buckets: readonly S3BucketConfiguration[],
  options: Partial<S3Options> & { readonly cleanUp?: (stop: () => Promise<void>) => void } = {},
): Promise<S3Fixture> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'local-s3-'));
  const events: S3Event[] = [];
  const clients: S3Client[] = [];
  let time = START.getTime();
  const start = async (): Promise<RunningS3> => {
    const { cleanUp: _, ...overrides } = options;
    const server = await startS3({
      dataDirectory,
      now: () => new Date(time),
      region: REGION,
      credentials: CREDENTIALS,
      onEvent: (event) => {
        events.push(event);
      },
      ...overrides,
    });
    for (const bucket of buckets) server.createBucket(bucket);
    return server;
  };
  let server = await start();
  const connect = (config: S3ClientConfig = {}): S3Client => {
    const client = new S3Client({
      endpoint: server.endpoint,
      region: REGION,
      credentials: CREDENTIALS,
      maxAttempts: 1,
      systemClockOffset: time - Date.now(),
      ...config,
    });
    clients.push(client);
    return client;
  };
  let client = connect();
  const stop = async (): Promise<void> => {
    for (const each of clients) each.destroy();
    await server.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  };
  (options.cleanUp ?? onTestFinished)(stop);
  return {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
    events,
    dataDirectory,
    now: () => new Date(time),
    advance: (ms) => {
      time += ms;
      for (const each of clients) each.config.systemClockOffset = time - Date.now();
    },
    connect,
    restart: async () => {
      await server.stop();
      server = await start();
      client = connect();
    },
    blobs: () => readdirSync(join(dataDirectory, 'blobs')),
    incoming: () => readdirSync(join(dataDirectory, 'incoming')),
  };
}

interface MetadataBearer {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What a call ends with: the S3 code of its error, or `accepted`, and the HTTP status. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  try {
    const output = (await call) as MetadataBearer | undefined;
    return { code: 'accepted', status: output?.$metadata?.httpStatusCode };
  } catch (error) {
    if (error instanceof S3ServiceException) return { code: error.name, status: error.$metadata.httpStatusCode };
    throw error;
  }
}

/** The same for a plain HTTP answer. */
export async function outcome(response: Response): Promise<{ code: string; status: number }> {
  const text = await response.text();
  return { code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '', status: response.status };
}
