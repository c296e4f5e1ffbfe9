import { createVirtualClock, type VirtualClock } from './clock/virtual-clock.ts';
import { type Engines, startEngines } from './engines/engines.ts';
import { type HttpServer, startHttpServer } from './http-api/http-server.ts';
import { type Issuer, startIssuer } from './identity/issuer.ts';
import type { S3Event } from './s3/server.ts';
import type { Shutdown } from './shutdown.ts';
import { type DataDirectory, openDataDirectory } from './state/data-directory.ts';
import type { Stack } from './template/assembly.ts';
import type { SampleUser } from './users.ts';

/** What the applications stand on: data, time, engines, identity and open ports. */
export interface Ground {
  readonly data: DataDirectory;
  readonly clock: VirtualClock;
  /** Virtual instant of the first start on these data. */
  readonly createdAt: number;
  readonly engines: Engines;
  readonly issuer: Issuer;
  /** One server per HTTP API, by logical id; one without a name when there is no API. */
  readonly servers: ReadonlyMap<string, HttpServer>;
  /** Says who takes S3 events; those that come before wait. */
  deliverEvents(receive: (event: S3Event) => Promise<void>): void;
}

export interface GroundOptions {
  readonly stacks: readonly Stack[];
  readonly dataDirectory: string | undefined;
  readonly apiPort: number | undefined;
  readonly startAt: Date | undefined;
  readonly users: readonly SampleUser[];
  readonly audience: string;
  readonly onError: (what: string, error: unknown) => void;
}

/** Starts everything that does not depend on what the templates say. */
export async function layGround(options: GroundOptions, shutdown: Shutdown): Promise<Ground> {
  const { stacks, startAt, users, audience, onError } = options;
  const data = openDataDirectory(options.dataDirectory);
  shutdown.add(() => data.close());
  const { state } = data;
  if (state.clock !== undefined && startAt !== undefined && startAt.getTime() < state.clock.lastSeen) {
    const seen = new Date(state.clock.lastSeen).toISOString();
    throw new Error(
      `in ${data.path} it is ${seen} already and the clock never goes back: choose another folder or a later start`,
    );
  }
  const clock = createVirtualClock({ startAt, saved: state.clock, onError });
  shutdown.add(() => {
    data.save({ clock: clock.save() });
    clock.stop();
  });
  const createdAt = state.createdAt ?? clock.now();
  data.save({ createdAt });
  clock.onChange(() => data.save({ clock: clock.save() }));

  let deliverEvents: (receive: (event: S3Event) => Promise<void>) => void = () => {};
  const receiver = new Promise<(event: S3Event) => Promise<void>>((resolve) => {
    deliverEvents = resolve;
  });
  // An engine that stops before anybody takes events must not wait for them; they stay in its outbox.
  shutdown.add(() => deliverEvents(() => Promise.reject(new Error('the local cloud has stopped'))));

  const apis = stacks.flatMap((stack) =>
    stack.template.resources.filter((one) => one.type === 'AWS::ApiGatewayV2::Api').map((one) => one.logicalId),
  );
  const [engines, issuer, servers] = await allOrNone(
    [
      startEngines({
        data,
        region: stacks[0]?.region ?? '',
        now: clock.now,
        onEvent: async (event) => (await receiver)(event),
      }),
      startIssuer({ users, audience, now: clock.now, signingKey: state.signingKey, port: state.ports.issuer }),
      startServers(apis.length === 0 ? [''] : apis, options.apiPort, state.ports.api, onError),
    ],
    (started) => shutdown.add(() => started.stop()),
  );
  data.save({
    signingKey: { ...issuer.signingKey },
    ports: { api: servers.first.port, issuer: Number(new URL(issuer.url).port) },
  });
  return { data, clock, createdAt, engines, issuer, servers: servers.byApi, deliverEvents };
}

interface Servers {
  readonly first: HttpServer;
  readonly byApi: ReadonlyMap<string, HttpServer>;
  stop(): Promise<void>;
}

async function startServers(
  names: readonly string[],
  port: number | undefined,
  preferredPort: number | undefined,
  onError: (what: string, error: unknown) => void,
): Promise<Servers> {
  const failed = (error: unknown): void => onError('answering a request', error);
  const [name = '', ...others] = names;
  const first = await startHttpServer({ port, preferredPort, onError: failed });
  const byApi = new Map([[name, first]]);
  for (const other of others) byApi.set(other, await startHttpServer({ onError: failed }));
  return {
    first,
    byApi,
    stop: async () => {
      await Promise.all([...byApi.values()].map((server) => server.stop()));
    },
  };
}

type Stoppable = { stop(): Promise<void> };

/** Waits for all; what did start is noted for the shutdown even when another failed. */
async function allOrNone<T extends readonly Stoppable[]>(
  starting: { [K in keyof T]: Promise<T[K]> },
  started: (one: Stoppable) => void,
): Promise<T> {
  const results = await Promise.allSettled(starting as readonly Promise<Stoppable>[]);
  for (const result of results) if (result.status === 'fulfilled') started(result.value);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<Stoppable>).value) as unknown as T;
}
