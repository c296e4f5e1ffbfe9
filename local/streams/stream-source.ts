import { isDeepStrictEqual } from 'node:util';
import type { CancelTimer, VirtualClock } from '../clock/virtual-clock.ts';
import { failedIdentifiers } from '../event-sources/batch-failures.ts';
import type { EventSource } from '../event-sources/event-source.ts';
import type { EventSourceSettings } from '../event-sources/event-source-settings.ts';
import { compileFilters } from '../event-sources/filter-pattern.ts';
import type { DeliveryFaults } from '../faults/delivery-faults.ts';
import type { SendTo } from '../functions/asynchronous-invocation.ts';
import type { FunctionPool, Outcome } from '../functions/function-pool.ts';
import type { StreamReader } from './stream-reader.ts';
import { type StreamRecord, type StreamRecordContext, streamRecord } from './stream-record.ts';

export interface StreamSource extends EventSource {
  /** Somebody may have written: looks at once, and once for many nudges. */
  nudge(): void;
}

export interface StreamSourceOptions {
  readonly settings: EventSourceSettings;
  readonly reader: StreamReader;
  readonly context: StreamRecordContext;
  readonly pool: FunctionPool;
  readonly clock: VirtualClock;
  readonly faults: DeliveryFaults;
  readonly sendTo: SendTo;
  readonly onError: (what: string, error: unknown) => void;
}

/** Pause between two looks at the stream when nobody says that there may be something. */
const POLL_MS = 500;

/** Pause before a failed batch is tried again, doubling up to the longest; virtual time. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

interface Batch {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly attempts: number;
}

/**
 * Reads a table's stream for a function as Lambda's poller does: in order, a failed batch holding up the rest,
 * bisected and partial retries, and the on-failure destination when they are used up. A batching window is not
 * waited for: a batch may always be smaller than it could be.
 */
export function createStreamSource(options: StreamSourceOptions): StreamSource {
  const { settings, reader, context, pool, clock, faults, sendTo, onError } = options;
  const batchSize = settings.batchSize ?? 100;
  const passes = compileFilters(settings.filterPatterns);
  const names = [pool.settings.name, pool.settings.logicalId];
  let pending: Batch[] = [];
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const state: { stopped: boolean; nudged: boolean; cancelRetry: CancelTimer | undefined } = {
    stopped: false,
    nudged: false,
    cancelRetry: undefined,
  };

  /** Works until the stream has nothing new or a batch waits for its retry. */
  const pump = async (): Promise<boolean> => {
    let worked = false;
    while (!state.stopped && state.cancelRetry === undefined) {
      const batch = pending.shift();
      if (batch !== undefined) {
        worked = true;
        await attempt(batch);
        continue;
      }
      const { shardId, records } = await reader.next(1000);
      if (records.length === 0) break;
      worked = true;
      queueUp(
        shardId,
        records.map((record) => streamRecord(record, context)),
      );
    }
    return worked;
  };

  const takeTurn = (): Promise<boolean> => {
    const mine = turn.then(() => {
      state.nudged = false;
      return pump();
    });
    turn = mine.catch(() => {});
    return mine;
  };

  const queueUp = (shardId: string, records: readonly StreamRecord[]): void => {
    const wanted = records.filter((record) => !changesNothing(record) && passes(record));
    const { deliver } = faults.pass('stream', names, wanted, async (later) => {
      pending.push(...batches(shardId, later));
      await takeTurn();
    });
    pending.push(...batches(shardId, deliver));
    const last = records.at(-1);
    if (deliver.length === 0 && last !== undefined) reader.done(shardId, last.dynamodb.SequenceNumber);
  };

  const batches = (shardId: string, records: readonly StreamRecord[]): Batch[] => {
    const all: Batch[] = [];
    for (let start = 0; start < records.length; start += batchSize) {
      all.push({ shardId, records: records.slice(start, start + batchSize), attempts: 0 });
    }
    return all;
  };

  const attempt = async (batch: Batch): Promise<void> => {
    const outcome = await pool.invoke({ Records: batch.records }, true);
    const left = remaining(batch, outcome);
    const handled = batch.records[batch.records.length - left.length - 1];
    if (handled !== undefined) reader.done(batch.shardId, handled.dynamodb.SequenceNumber);
    if (left.length === 0) return;
    const attempts = batch.attempts + 1;
    const retries = settings.maximumRetryAttempts;
    const age = clock.now() / 1000 - (left[0]?.dynamodb.ApproximateCreationDateTime ?? 0);
    const tooOld = settings.maximumRecordAgeSeconds >= 0 && age > settings.maximumRecordAgeSeconds;
    if (tooOld || (retries >= 0 && attempts > retries && !(settings.bisectsOnError && left.length > 1))) {
      await giveUp({ ...batch, records: left, attempts }, outcome, tooOld);
      return;
    }
    pending.unshift(...again({ ...batch, records: left, attempts }));
    waitForRetry(attempts);
  };

  /** The records that were not dealt with: from the first that failed on. */
  const remaining = ({ records }: Batch, outcome: Outcome): readonly StreamRecord[] => {
    if (outcome.kind !== 'returned') return records;
    if (!settings.reportsItemFailures) return [];
    const failed = failedIdentifiers(
      outcome.payload,
      records.map((record) => record.dynamodb.SequenceNumber),
    );
    const first = records.findIndex((record) => failed.has(record.dynamodb.SequenceNumber));
    return first < 0 ? [] : records.slice(first);
  };

  /** Bisecting starts the count anew for each half, so that one bad record is found and the good ones get through. */
  const again = (batch: Batch): Batch[] => {
    if (!settings.bisectsOnError || batch.records.length === 1) return [batch];
    const middle = Math.ceil(batch.records.length / 2);
    return [batch.records.slice(0, middle), batch.records.slice(middle)].map((records) => ({
      ...batch,
      records,
      attempts: 0,
    }));
  };

  const waitForRetry = (attempts: number): void => {
    const pause = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
    state.cancelRetry = clock.at(clock.now() + pause, `retry of stream batch for ${pool.settings.name}`, async () => {
      state.cancelRetry = undefined;
      await takeTurn();
    });
  };

  const giveUp = async (batch: Batch, outcome: Outcome, tooOld: boolean): Promise<void> => {
    const [first, last] = [batch.records[0], batch.records.at(-1)];
    if (first === undefined || last === undefined) return;
    if (settings.onFailureArn !== undefined) {
      const arrival = (record: StreamRecord): string =>
        new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString();
      await sendTo(settings.onFailureArn, {
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        requestContext: {
          requestId: outcome.requestId,
          functionArn: pool.settings.arn,
          condition: tooOld ? 'RecordAgeExceeded' : 'RetryAttemptsExhausted',
          approximateInvokeCount: batch.attempts,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        DDBStreamBatchInfo: {
          shardId: batch.shardId,
          startSequenceNumber: first.dynamodb.SequenceNumber,
          endSequenceNumber: last.dynamodb.SequenceNumber,
          approximateArrivalOfFirstRecord: arrival(first),
          approximateArrivalOfLastRecord: arrival(last),
          batchSize: batch.records.length,
          streamArn: context.streamArn,
        },
      });
    }
    reader.done(batch.shardId, last.dynamodb.SequenceNumber);
  };

  const lookOnce = async (): Promise<void> => {
    try {
      await takeTurn();
    } catch (error) {
      if (!state.stopped) onError(`reading the stream for ${pool.settings.name}`, error);
    }
  };

  const look = async (): Promise<void> => {
    await lookOnce();
    if (!state.stopped) timer = setTimeout(() => void look(), POLL_MS);
  };

  return {
    description: `stream ${context.streamArn} for ${pool.settings.name}`,
    start: async () => {
      await reader.open();
      timer = setTimeout(() => void look(), POLL_MS);
    },
    drain: takeTurn,
    nudge: () => {
      if (state.nudged || state.stopped) return;
      state.nudged = true;
      void lookOnce();
    },
    stop: async () => {
      state.stopped = true;
      clearTimeout(timer);
      state.cancelRetry?.();
      pending = [];
      await turn;
    },
  };
}

/** DynamoDB writes no record for a write that leaves the item as it was; dynoxide does. */
function changesNothing({ eventName, dynamodb: { OldImage, NewImage } }: StreamRecord): boolean {
  return eventName === 'MODIFY' && OldImage !== undefined && isDeepStrictEqual(OldImage, NewImage);
}
