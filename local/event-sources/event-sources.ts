import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { Expiry } from '../engines/expiry.ts';
import type { Queue, QueueEngine } from '../engines/queue-engine.ts';
import type { Table } from '../engines/tables.ts';
import type { DeliveryFaults } from '../faults/delivery-faults.ts';
import type { SendTo } from '../functions/asynchronous-invocation.ts';
import type { FunctionFleet } from '../functions/function-fleet.ts';
import { createQueueSource, type QueueSource } from '../queues/queue-source.ts';
import { type Checkpoints, createStreamReader } from '../streams/stream-reader.ts';
import { createStreamSource, type StreamSource } from '../streams/stream-source.ts';
import type { Deployment } from '../template/deployment.ts';
import type { EventSource } from './event-source.ts';
import { type EventSourceSettings, readEventSources } from './event-source-settings.ts';

export interface EventSourceParts {
  readonly fleet: FunctionFleet;
  readonly queues: readonly Queue[];
  readonly tables: readonly Table[];
  readonly queueEngine: QueueEngine;
  readonly streams: DynamoDBStreamsClient;
  readonly expiry: Expiry;
  readonly clock: VirtualClock;
  readonly faults: DeliveryFaults;
  readonly checkpoints: Checkpoints;
  readonly sendTo: SendTo;
  readonly onError: (what: string, error: unknown) => void;
  readonly onQueueChange: (queue: Queue) => void;
}

export interface EventSources {
  readonly all: readonly EventSource[];
  readonly ofQueues: readonly QueueSource[];
  readonly ofStreams: readonly StreamSource[];
}

/** Builds the readers of all enabled event source mappings. */
export function createEventSources(deployment: Deployment, parts: EventSourceParts): EventSources {
  const ofQueues: QueueSource[] = [];
  const ofStreams: StreamSource[] = [];
  for (const settings of readEventSources(deployment).filter((one) => one.enabled)) {
    const queue = parts.queues.find((one) => one.arn === settings.sourceArn);
    const table = parts.tables.find((one) => one.streamArn !== undefined && one.streamArn === settings.sourceArn);
    if (queue !== undefined) ofQueues.push(queueSource(settings, queue, parts));
    else if (table !== undefined) ofStreams.push(streamSource(settings, table, parts));
    else
      throw new Error(
        `refusing to pretend: ${settings.logicalId} reads ${settings.sourceArn}, which is no queue or stream here`,
      );
  }
  return { all: [...ofQueues, ...ofStreams], ofQueues, ofStreams };
}

function queueSource(settings: EventSourceSettings, queue: Queue, parts: EventSourceParts): QueueSource {
  const { clock, faults, onError, queueEngine, fleet, onQueueChange } = parts;
  const pool = fleet.byArn(settings.functionArn);
  return createQueueSource({
    settings,
    queue,
    engine: queueEngine,
    pool,
    clock,
    faults,
    onError,
    onChange: () => onQueueChange(queue),
  });
}

function streamSource(settings: EventSourceSettings, table: Table, parts: EventSourceParts): StreamSource {
  const { clock, faults, onError, sendTo, expiry, streams, checkpoints, fleet } = parts;
  const pool = fleet.byArn(settings.functionArn);
  return createStreamSource({
    settings,
    reader: createStreamReader(
      streams,
      table.engineStreamArn ?? '',
      settings.fromBeginning,
      settings.logicalId,
      checkpoints,
    ),
    context: {
      streamArn: settings.sourceArn,
      region: pool.settings.region,
      virtualAt: clock.virtualAt,
      expired: (keys) => expiry.wasExpired(table, keys),
    },
    pool,
    clock,
    faults,
    sendTo,
    onError,
  });
}
