import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { CancelTimer, VirtualClock } from '../clock/virtual-clock.ts';
import type { Queue, QueueEngine } from '../engines/queue-engine.ts';
import { failedIdentifiers } from '../event-sources/batch-failures.ts';
import type { EventSource } from '../event-sources/event-source.ts';
import type { EventSourceSettings } from '../event-sources/event-source-settings.ts';
import { compileFilters } from '../event-sources/filter-pattern.ts';
import type { DeliveryFaults } from '../faults/delivery-faults.ts';
import type { FunctionPool } from '../functions/function-pool.ts';
import { type QueueRecord, queueRecord } from './queue-record.ts';

export interface QueueSource extends EventSource {
  readonly queue: Queue;
  /** Messages taken out by this source: their time to come back is the virtual one. */
  heldHandles(): ReadonlySet<string>;
}

export interface QueueSourceOptions {
  readonly settings: EventSourceSettings;
  readonly queue: Queue;
  readonly engine: QueueEngine;
  readonly pool: FunctionPool;
  readonly clock: VirtualClock;
  readonly faults: DeliveryFaults;
  readonly onError: (what: string, error: unknown) => void;
  /** Called when the queue may have changed depth. */
  readonly onChange: () => void;
}

const LONG_POLL_SECONDS = 20;

/** Batches at once where the template sets no limit; as many processes as a function gets. */
const DEFAULT_CONCURRENCY = 4;

/** SQS hands out at most ten messages at a time. */
const LARGEST_RECEIVE = 10;

/**
 * Reads a queue for a function as Lambda's poller does: batches, partial failures, and failed messages back on
 * the queue when their visibility timeout is over in virtual time, so that a test reaches the dead-letter queue by
 * moving the clock.
 */
export function createQueueSource(options: QueueSourceOptions): QueueSource {
  const { settings, queue, engine, pool, clock, faults, onError, onChange } = options;
  const batchSize = settings.batchSize ?? LARGEST_RECEIVE;
  const concurrency = settings.maximumConcurrency ?? DEFAULT_CONCURRENCY;
  const passes = compileFilters(settings.filterPatterns);
  const held = new Map<string, CancelTimer | undefined>();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let gathering = false;
  let hurrying = 0;
  let loop: Promise<void> = Promise.resolve();

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (running.size >= concurrency) await Promise.race(running);
      const batch = await receive(Math.min(batchSize, LARGEST_RECEIVE), LONG_POLL_SECONDS);
      if (batch.length === 0) continue;
      await gather(batch);
      const work = workOff(batch).finally(() => running.delete(work));
      running.add(work);
      gathering = false;
    }
  };

  const receive = async (max: number, waitSeconds: number): Promise<Message[]> => {
    try {
      const messages = await engine.receive(queue, max, waitSeconds, stopping.signal);
      if (messages.length > 0) gathering = true;
      for (const message of messages) held.set(message.ReceiptHandle ?? '', undefined);
      return messages;
    } catch (error) {
      if (stopping.signal.aborted) return [];
      onError(`reading ${queue.name}`, error);
      await delay(200);
      return [];
    }
  };

  /** Fills a batch until it is full, the window is over, or somebody waits for quiet. */
  const gather = async (batch: Message[]): Promise<void> => {
    const end = Date.now() + settings.windowSeconds * 1000;
    while (batch.length < batchSize && !stopping.signal.aborted) {
      const more = await receive(Math.min(batchSize - batch.length, LARGEST_RECEIVE), 0);
      batch.push(...more);
      if (more.length > 0) continue;
      if (hurrying > 0 || Date.now() >= end) return;
      await delay(20);
    }
  };

  const workOff = async (messages: readonly Message[]): Promise<void> => {
    const receivedAt = clock.now();
    try {
      await deliver(
        messages.map((message) => queueRecord(queue, pool.settings.region, message, clock.virtualAt)),
        receivedAt,
      );
    } catch (error) {
      onError(`delivering ${queue.name}`, error);
      for (const message of messages) giveBackLater(message.ReceiptHandle ?? '', receivedAt);
    }
    onChange();
  };

  const deliver = async (records: readonly QueueRecord[], receivedAt: number): Promise<void> => {
    const wanted = records.filter((record) => passes({ ...record, body: parsed(record.body) }));
    const unwanted = records.filter((record) => !wanted.includes(record));
    const names = [queue.name, queue.logicalId, pool.settings.name, pool.settings.logicalId];
    const disturbed = faults.pass('queue', names, wanted, (later) => deliver(later, receivedAt));
    await forget([...unwanted, ...disturbed.dropped]);
    const once = [...new Set(disturbed.deliver)];
    if (once.length === 0) return;
    const failed = await invoke(once);
    const twice = disturbed.deliver.filter((record, index) => disturbed.deliver.indexOf(record) !== index);
    // A duplicate comes after the first is done with, when it hurts most. Its verdict changes nothing.
    if (twice.length > 0) await invoke(twice);
    await forget(once.filter((record) => !failed.has(record.messageId)));
    for (const record of once) if (failed.has(record.messageId)) giveBackLater(record.receiptHandle, receivedAt);
  };

  const invoke = async (records: readonly QueueRecord[]): Promise<ReadonlySet<string>> => {
    const ids = records.map((record) => record.messageId);
    const outcome = await pool.invoke({ Records: records }, true);
    if (outcome.kind !== 'returned') return new Set(ids);
    return settings.reportsItemFailures ? failedIdentifiers(outcome.payload, ids) : new Set();
  };

  const forget = async (records: readonly QueueRecord[]): Promise<void> => {
    const handles = records.map((record) => record.receiptHandle);
    if (handles.length > 0) await engine.remove(queue, handles);
    for (const handle of handles) held.delete(handle);
  };

  const giveBackLater = (handle: string, receivedAt: number): void => {
    const due = receivedAt + queue.visibilityTimeoutSeconds * 1000;
    const cancel = clock.at(due, `message back on ${queue.name}`, async () => {
      held.delete(handle);
      await engine.giveBack(queue, handle);
      onChange();
    });
    held.set(handle, cancel);
  };

  /** In flight but unknown to us: on its way here, or given back and not noticed yet. */
  const isBusy = async (): Promise<boolean> => {
    const { visible, inFlight } = await engine.depth(queue);
    return gathering || running.size > 0 || visible > 0 || inFlight > held.size;
  };

  return {
    queue,
    description: `queue ${queue.name} for ${pool.settings.name}`,
    heldHandles: () => new Set(held.keys()),
    start: async () => {
      loop = poll();
    },
    drain: async () => {
      let worked = false;
      hurrying += 1;
      try {
        while (!stopping.signal.aborted && (await isBusy())) {
          worked = true;
          if (running.size > 0) await Promise.race([...running, delay(20)]);
          else await delay(2);
        }
      } finally {
        hurrying -= 1;
      }
      return worked;
    },
    stop: async () => {
      stopping.abort();
      for (const cancel of held.values()) cancel?.();
      await loop;
      await Promise.allSettled(running);
    },
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
