import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createStreamHandler } from '../../shared/lambda/stream-handler.ts';
import { relayWork } from '../../shared/worklist/relay-work.ts';
import type { WorkQueues } from '../../shared/worklist/worklist.ts';
import type { WorkMessage } from '../../shared/worklist/worklist-kinds.ts';

export interface RelayDependencies {
  queues: WorkQueues;
  /** What a worker is told of an item; undefined for items that no worker knows. */
  messageFor(key: { pk: string; sk: string }): WorkMessage | undefined;
}

/** Turns changes of the table into messages for the workers whom the changed items wait for. */
export function createHandler(deps: RelayDependencies, edge: { log: EventLog; metrics: MetricRecorder }) {
  return createStreamHandler(edge, ['wpk'], async ({ key, after, before }) => {
    const message = deps.messageFor(key);
    const change = { message, partition: after['wpk'], partitionBefore: before['wpk'] };
    if (await relayWork(deps.queues, change)) edge.log.info('work-relayed', { ...message });
  });
}
