import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Signatory } from '../signature/signed-request.ts';
import { errorReply, send, toS3Error } from './answer.ts';
import { authenticate } from './authenticate.ts';
import type { S3BucketConfiguration } from './bucket-configuration.ts';
import { EventDelivery, type S3Event } from './event-delivery.ts';
import { applyLifecycle } from './lifecycle.ts';
import { findOperation } from './operation.ts';
import { OPERATIONS } from './operation-table.ts';
import { isFormUpload, postObject } from './operations/post-object.ts';
import type { Reply } from './reply.ts';
import { corsHeaders, preflightHeaders } from './rules/cors.ts';
import { notImplemented, S3Error } from './s3-error.ts';
import { amzHeader, parseS3Request, type S3Request } from './s3-request.ts';
import { ACCOUNT_ID, Store } from './store/store.ts';

export type { S3BucketConfiguration } from './bucket-configuration.ts';
export type { S3Event } from './event-delivery.ts';

/** 5 TiB, the most that S3 keeps in one object. */
const MOST_OBJECT_BYTES = 5 * 1024 ** 4;

export interface S3Options {
  /** Where everything is kept; it survives a restart. One process at a time. */
  readonly dataDirectory: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Rules signature expiry, locks, lifecycle, LastModified and the `Date` header. */
  readonly now: () => Date;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * Receives events after their commit, at least once. Throwing keeps the event for a later try. Events that an earlier
   * process could not deliver come as soon as this one has started.
   */
  readonly onEvent: (event: S3Event) => void | Promise<void>;
  readonly maximumObjectBytes?: number;
}

export interface RunningS3 {
  /** `http://<host>:<port>`, to be used path-style. */
  readonly endpoint: string;
  /**
   * Creates a bucket or brings its configuration up to date.
   * @throws Error when the configuration asks for what this stand-in does not do
   */
  createBucket(configuration: S3BucketConfiguration): void;
  /** Carries out what the lifecycle rules say is due by `now`; returns how many actions that were. */
  applyLifecycle(): Promise<number>;
  stop(): Promise<void>;
}

class S3Server {
  readonly #store: Store;
  readonly #signatory: Signatory;

  constructor(store: Store, signatory: Signatory) {
    this.#store = store;
    this.#signatory = signatory;
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    let request: S3Request | undefined;
    let reply: Reply;
    try {
      request = parseS3Request(message);
      reply = await this.#carryOut(request);
    } catch (error) {
      reply = errorReply(toS3Error(error), request?.path ?? '', request?.id ?? '');
    }
    if (request !== undefined && request.method !== 'OPTIONS') {
      const configuration =
        request.bucket === undefined ? undefined : this.#store.buckets.find(request.bucket)?.configuration;
      reply = { ...reply, headers: { ...reply.headers, ...corsHeaders(request, configuration) } };
    }
    await send(reply, response, request?.id ?? '', this.#store.now());
  }

  async #carryOut(request: S3Request): Promise<Reply> {
    if (/\.localhost(:\d+)?$/.test(request.headers['host'] ?? '')) {
      throw notImplemented('virtual-hosted addressing; use the endpoint 127.0.0.1 or forcePathStyle');
    }
    if (request.method === 'OPTIONS') {
      const bucket = request.bucket === undefined ? undefined : this.#store.buckets.find(request.bucket);
      return { status: 200, headers: preflightHeaders(request, bucket?.configuration) };
    }
    if (isFormUpload(request)) return postObject(this.#store, request, this.#signatory);
    const { payloadHash } = await authenticate(request, this.#signatory);
    const operation = findOperation(OPERATIONS, request);
    const owner = amzHeader(request, 'x-amz-expected-bucket-owner');
    if (owner !== undefined && owner !== ACCOUNT_ID) throw new S3Error('AccessDenied', 'Access Denied');
    return operation.handle({ store: this.#store, request, payloadHash });
  }
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}

/**
 * Starts a stand-in for S3: path-style REST with verified signatures, everything on disk. It does what `operation-table.ts`
 * lists and answers 501 NotImplemented to the rest. Buckets are private.
 * @throws Error when the port is taken or another process uses the data folder
 */
export async function startS3(options: S3Options): Promise<RunningS3> {
  const store = new Store({
    dataDirectory: options.dataDirectory,
    region: options.region,
    now: options.now,
    maximumObjectBytes: options.maximumObjectBytes ?? MOST_OBJECT_BYTES,
  });
  const delivery = new EventDelivery(store.outbox, options.onEvent);
  store.onEventsCommitted = () => delivery.wake();
  const s3 = new S3Server(store, { service: 's3', region: options.region, ...options.credentials, now: options.now });

  const running = new Set<Promise<void>>();
  const server = createServer((message, response) => {
    const handling = s3.handle(message, response).catch((error: unknown) => {
      toS3Error(error);
      response.destroy();
    });
    running.add(handling);
    void handling.finally(() => running.delete(handling));
  });
  // Large uploads over slow lines take as long as they take.
  server.requestTimeout = 0;
  // Longer than any client keeps a connection idle, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;

  let endpoint: string;
  try {
    endpoint = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  } catch (error) {
    store.close();
    throw error;
  }
  // Events that the last process left behind.
  delivery.wake();

  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeAllConnections();
    await closed;
    await Promise.allSettled(running);
    await delivery.stop();
    store.close();
  };
  let stopping: Promise<void> | undefined;

  return {
    endpoint,
    createBucket: (configuration) => store.buckets.put(configuration, options.now()),
    applyLifecycle: async () => {
      const done = applyLifecycle(store);
      delivery.wake();
      return done;
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
