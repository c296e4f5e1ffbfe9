import { localCredentials } from './credentials.ts';
import type { DeployedResources } from './engines/deployed-resources.ts';
import { createExpiry, type Expiry } from './engines/expiry.ts';
import type { Queue } from './engines/queue-engine.ts';
import { createEventSources } from './event-sources/event-sources.ts';
import { type CallFaults, createCallFaults } from './faults/call-faults.ts';
import { type CallGateway, startCallGateway } from './faults/call-gateway.ts';
import { createDeliveryFaults, type DeliveryFaults } from './faults/delivery-faults.ts';
import { createAsynchronousInvocation, type SendTo } from './functions/asynchronous-invocation.ts';
import { processEnvironment } from './functions/environment.ts';
import { createFunctionFleet, type FunctionFleet } from './functions/function-fleet.ts';
import { createFunctionPool } from './functions/function-pool.ts';
import { readFunctions } from './functions/function-settings.ts';
import type { Ground } from './ground.ts';
import { createInvocationLog } from './observability/invocation-log.ts';
import type { Observability } from './observability/observability.ts';
import { untilQuiet } from './quiet.ts';
import type { S3Event } from './s3/server.ts';
import { readSchedules } from './schedules/schedule-settings.ts';
import { createScheduler, type Scheduler } from './schedules/scheduler.ts';
import type { Shutdown } from './shutdown.ts';
import type { Deployment } from './template/deployment.ts';

/** The functions of a deployment and everything that calls them by itself. */
export interface Workload {
  readonly fleet: FunctionFleet;
  readonly scheduler: Scheduler;
  readonly gateway: CallGateway;
  readonly deliveryFaults: DeliveryFaults;
  readonly callFaults: CallFaults;
  readonly expiry: Expiry;
  /** Resolves when nothing more happens without time passing. */
  readonly settle: () => Promise<void>;
  /** As `settle`, after the clock was moved: brings the queues' own deadlines nearer first. */
  readonly settleAfterMove: () => Promise<void>;
  start(): Promise<void>;
}

export interface WorkloadOptions {
  readonly ground: Ground;
  readonly deployment: Deployment;
  readonly resources: DeployedResources;
  readonly observability: Observability;
  readonly recordCalls: boolean;
  readonly say: (line: string) => void;
  readonly onError: (what: string, error: unknown) => void;
  readonly shutdown: Shutdown;
}

export async function createWorkload(options: WorkloadOptions): Promise<Workload> {
  const { ground, deployment, resources, onError, shutdown } = options;
  const { clock, engines, data } = ground;
  const { platform } = options.observability;
  const { queues, tables } = resources;
  const running = new Map<string, string>();
  const deliveryFaults = createDeliveryFaults();
  const callFaults = createCallFaults();
  let events = 0;

  const gateway = await startCallGateway({
    services: new Map(Object.entries(engines.endpoints).map(([service, url]) => [url && new URL(url).host, service])),
    faults: callFaults,
    functionOf: (requestId) => running.get(requestId),
    kill: (requestId) => fleet.kill(requestId),
  });
  shutdown.add(() => gateway.stop());

  const observer = createInvocationLog({
    ...options.observability,
    say: options.say,
    now: clock.now,
    onStart: (requestId, name) => running.set(requestId, name),
    onEnd: (requestId) => {
      running.delete(requestId);
      for (const source of sources.ofStreams) source.nudge();
    },
  });
  const fleet = createFunctionFleet(readFunctions(deployment), (settings) =>
    createFunctionPool({
      settings,
      environmentOf: (current) => processEnvironment(current, engines.endpoints, localCredentials),
      clockOffset: clock.offset,
      gatewayPort: ({ name }) => (options.recordCalls || callFaults.concerns(name) ? gateway.port : undefined),
      observer,
    }),
  );
  clock.onChange((clockOffset) => fleet.tell({ type: 'clock', clockOffset }));

  const sendTo: SendTo = async (arn, body, attributes = {}) => {
    const queue = queues.find((one) => one.arn === arn);
    if (queue === undefined) {
      await asynchronous.invoke(fleet.byArn(arn), body);
      return;
    }
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    await engines.queues.send(queue, JSON.stringify(body), { MessageAttributes });
    sample(queue);
  };
  const asynchronous = createAsynchronousInvocation({ clock, sendTo });

  const receiveEvents = async (received: readonly S3Event[]): Promise<void> => {
    events += 1;
    try {
      for (const { target, record } of received) await sendTo(target, { Records: [record] });
    } finally {
      events -= 1;
    }
  };
  ground.deliverEvents(async (event) => {
    const bucket = (event.record as { s3?: { bucket?: { name?: string } } }).s3?.bucket?.name ?? '';
    const { deliver } = deliveryFaults.pass('s3', [...namesOf(event.target), bucket], [event], receiveEvents);
    await receiveEvents(deliver);
  });
  const namesOf = (arn: string): string[] => {
    const queue = queues.find((one) => one.arn === arn);
    if (queue !== undefined) return [queue.name, queue.logicalId];
    if (!fleet.hasArn(arn)) return [];
    const { name, logicalId } = fleet.byArn(arn).settings;
    return [name, logicalId];
  };

  const sample = (queue: Queue): void => {
    engines.queues.depth(queue).then(
      (depth) => platform.queueDepth(queue, depth),
      (error: unknown) => onError(`looking at ${queue.name}`, error),
    );
  };
  const expiry = createExpiry(engines.dynamodb, tables);
  const sources = createEventSources(deployment, {
    fleet,
    queues,
    tables,
    queueEngine: engines.queues,
    streams: engines.streams,
    expiry,
    clock,
    faults: deliveryFaults,
    checkpoints: {
      get: (key) => data.state.checkpoints[key],
      set: (key, sequence) => data.save({ checkpoints: { ...data.state.checkpoints, [key]: sequence } }),
    },
    sendTo,
    onError,
    onQueueChange: sample,
  });
  const scheduler = createScheduler({
    schedules: readSchedules(deployment),
    clock,
    sendTo,
    createdAt: ground.createdAt,
    onError,
  });
  shutdown.add(async () => {
    const stopping = sources.all.map((source) => source.stop());
    await fleet.stop(); // sources wait for the invocations they made
    await Promise.all(stopping);
  });

  const settle = (): Promise<void> =>
    untilQuiet(sources.all, () => [...fleet.busy(), ...(events > 0 ? ['S3 events'] : [])]);
  const heldOn = (queue: Queue): ReadonlySet<string> | undefined => {
    const readers = sources.ofQueues.filter((source) => source.queue === queue);
    return readers.length === 0 ? undefined : new Set(readers.flatMap((source) => [...source.heldHandles()]));
  };
  let passed = clock.offset();
  return {
    fleet,
    scheduler,
    gateway,
    deliveryFaults,
    callFaults,
    expiry,
    settle,
    settleAfterMove: async () => {
      const ms = clock.offset() - passed;
      passed = clock.offset();
      if (ms > 0) await Promise.all(queues.map((queue) => engines.queues.passTime(queue, ms, heldOn(queue))));
      await settle();
      for (const queue of queues) platform.queueDepth(queue, await engines.queues.depth(queue));
    },
    start: async () => {
      await Promise.all(sources.all.map((source) => source.start()));
      scheduler.start();
    },
  };
}
