import { createCloudClock } from './cloud-clock.ts';
import { localCredentials } from './credentials.ts';
import { openDoors } from './doors.ts';
import { createResources } from './engines/deployed-resources.ts';
import { readFunctions } from './functions/function-settings.ts';
import { layGround } from './ground.ts';
import type { InvocationAnswer, LocalCloud, QueueState, ResourceName } from './local-cloud.ts';
import { createObservability } from './observability/observability.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { readAssembly } from './template/assembly.ts';
import { createDeployment, type Deployment } from './template/deployment.ts';
import type { Addresses } from './template/physical-names.ts';
import { refuseUnknownTypes } from './template/resource-types.ts';
import { type SampleUser, sampleUsers } from './users.ts';
import { createWorkload, type Workload } from './workload.ts';

export type { LocalCloud } from './local-cloud.ts';

export interface CloudOptions {
  /** A synthesized cloud assembly (`cdk.out`). */
  readonly assembly: string;
  /** Folder that keeps all data over restarts; a temporary one, removed at the end, without it. */
  readonly dataDirectory?: string;
  readonly ports?: { readonly api?: number };
  readonly clock?: { readonly startAt?: Date };
  /** Values for parameters of the templates, over their defaults and over the runner's own. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Gets one line for everything a developer wants to see: what is without effect, errors of functions. */
  readonly log?: (line: string) => void;
  readonly users?: readonly SampleUser[];
  /** Write down every AWS call of every function (`calls`). */
  readonly recordCalls?: boolean;
  /** Keep the API's request limits; on unless switched off. */
  readonly throttling?: boolean;
}

/** The audience of local tokens. */
const AUDIENCE = 'jipei';

/**
 * Runs a synthesized application on this machine: engines, functions, queues, streams, schedules, API and identity.
 * @throws Error in one clear line: an unknown resource type, a port that is taken, an engine that is missing.
 */
export async function startCloud(options: CloudOptions): Promise<LocalCloud> {
  const shutdown = createShutdown();
  try {
    return await assemble(options, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function assemble(options: CloudOptions, shutdown: Shutdown): Promise<LocalCloud> {
  const { log = () => {} } = options;
  let stopping = false;
  const say = (line: string): void => {
    // What is cut off by the end of the cloud has not failed.
    if (!stopping) log(line);
  };
  const onError = (what: string, error: unknown): void => say(`${what}: ${(error as Error).message}`);
  const users = options.users ?? sampleUsers;
  const stacks = readAssembly(options.assembly);
  for (const line of refuseUnknownTypes(stacks)) say(`without effect here: ${line}`);
  const audience = options.parameters?.['OidcAudience'] ?? AUDIENCE;
  const ground = await layGround(
    {
      stacks,
      dataDirectory: options.dataDirectory,
      apiPort: options.ports?.api,
      startAt: options.clock?.startAt,
      users,
      audience,
      onError,
    },
    shutdown,
  );
  const { clock, engines, issuer, servers, data } = ground;
  // Data of an earlier run: the time that went by since is made up for once everything runs.
  const before = data.state.clock;
  const wakeAt = before && Math.max(Date.now() + before.offset, options.clock?.startAt?.getTime() ?? 0);
  const [server] = servers.values();
  const apiUrl = server?.url ?? '';
  const addresses: Addresses = { sqs: engines.endpoints.sqs, api: (logicalId) => servers.get(logicalId)?.url ?? '' };
  const parameters = {
    OidcIssuer: issuer.url,
    OidcAudience: audience,
    PublicBaseUrl: apiUrl,
    ...options.parameters,
  };
  const deployment = createDeployment({ stacks, parameters, addresses });
  const resources = await createResources(engines, deployment);
  for (const line of resources.undone) say(line);

  const observability = createObservability(deployment, clock);
  const { logs, metrics, platform, alarms } = observability;
  const recordCalls = options.recordCalls ?? false;
  const workload = await createWorkload({
    ground,
    deployment,
    resources,
    observability,
    recordCalls,
    say,
    onError,
    shutdown,
  });
  const { fleet, scheduler, gateway, deliveryFaults, callFaults } = workload;

  const sampleQueues = async (): Promise<QueueState[]> =>
    Promise.all(
      resources.queues.map(async (queue) => {
        const depth = await engines.queues.depth(queue);
        platform.queueDepth(queue, depth);
        const oldest = depth.oldestSentAt;
        const oldestSentAt = oldest === undefined ? undefined : new Date(clock.virtualAt(oldest)).toISOString();
        return { ...queue, ...depth, oldestSentAt };
      }),
    );

  const cloud: LocalCloud = {
    apiUrl,
    issuer: issuer.url,
    endpoints: engines.endpoints,
    credentials: localCredentials,
    region: stacks[0]?.region ?? '',
    outputs: deployment.outputs(),
    resources: nameResources(deployment),
    users,
    clock: createCloudClock(ground, workload),
    token: issuer.token,
    invoke: async (name, event) => invocationAnswer(await fleet.byName(name).invoke(event)),
    settle: workload.settle,
    metrics: () => ({ metrics: metrics.summaries(), problems: metrics.problems() }),
    logs: logs.find,
    alarms: async () => {
      await sampleQueues();
      return alarms.evaluate(clock.now());
    },
    queues: sampleQueues,
    schedules: scheduler,
    calls: gateway.calls,
    faults: {
      deliveries: deliveryFaults.add,
      calls: (fault) => {
        const pool = fleet.byName(fault.function);
        callFaults.add({ ...fault, functionName: pool.settings.name });
        pool.tell({ type: 'gateway', gatewayPort: gateway.port });
      },
      letGo: deliveryFaults.letGo,
      clear: () => {
        deliveryFaults.clear();
        callFaults.clear();
      },
    },
    reload: () => {
      const registrations = deployment.registrations();
      const fresh = createDeployment({ stacks: readAssembly(options.assembly), parameters, addresses, registrations });
      return fleet.replace(readFunctions(fresh));
    },
    stop: async () => {
      stopping = true;
      clock.stop();
      await shutdown.run();
    },
  };

  await workload.start();
  openDoors({ cloud, ground, deployment, workload, observability, throttled: options.throttling !== false });
  if (wakeAt !== undefined && wakeAt > clock.now()) await cloud.clock.advance({ to: new Date(wakeAt) });
  return cloud;
}

function invocationAnswer(
  outcome: Awaited<ReturnType<ReturnType<Workload['fleet']['byName']>['invoke']>>,
): InvocationAnswer {
  const { requestId } = outcome;
  if (outcome.kind === 'returned') return { ok: true, requestId, payload: outcome.payload };
  const error = outcome.kind === 'failed' ? outcome.error : undefined;
  return { ok: false, requestId, throttled: outcome.kind === 'throttled', error };
}

/** Types whose names tests and journeys ask for. */
const namedTypes = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::SQS::Queue',
  'AWS::S3::Bucket',
  'AWS::Lambda::Function',
  'AWS::KMS::Key',
];

function nameResources(deployment: Deployment): ResourceName[] {
  return deployment.resources(...namedTypes).map(({ logicalId, type, path, ref, attributes }) => ({
    logicalId,
    type,
    path,
    ref,
    arn: attributes['Arn'],
  }));
}
