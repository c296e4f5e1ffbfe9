import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import type { Credentials } from '../credentials.ts';
import { keptOnLoopback, LOOPBACK } from './loopback.ts';

/** A queue as functions and the rest of the local cloud know it. */
export interface Queue {
  readonly logicalId: string;
  readonly path: string | undefined;
  readonly name: string;
  /** The ARN of the template, not the engine's. */
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly fifo: boolean;
}

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Real instant at which the oldest waiting message was sent. */
  readonly oldestSentAt: number | undefined;
}

/** An SQS-compatible engine. Its own time is real; the local cloud moves its deadlines when it moves the clock. */
export interface QueueEngine {
  readonly endpoint: string;
  create(queue: Queue, attributes: Readonly<Record<string, string>>): Promise<void>;
  /** Sends what was received `maxReceiveCount` times to a dead-letter queue. */
  redrive(queue: Queue, deadLetterQueue: Queue, maxReceiveCount: number): Promise<void>;
  send(queue: Queue, body: string, more?: Partial<SendMessageCommandInput>): Promise<void>;
  /** Takes messages out for `HELD_SECONDS`: the caller gives them back itself, in virtual time. */
  receive(queue: Queue, max: number, waitSeconds: number, signal: AbortSignal): Promise<Message[]>;
  remove(queue: Queue, receiptHandles: readonly string[]): Promise<void>;
  /** Makes a received message visible again at once; nothing happens if it is gone. */
  giveBack(queue: Queue, receiptHandle: string): Promise<void>;
  depth(queue: Queue): Promise<QueueDepth>;
  /**
   * Brings every deadline `ms` nearer: delays, and visibility of messages that others than the event sources hold.
   * @param held receipt handles that event sources hold; `undefined` when nobody reads the queue by itself.
   */
  passTime(queue: Queue, ms: number, held: ReadonlySet<string> | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** The longest visibility timeout SQS has. */
const HELD_SECONDS = 43_200;

/**
 * "At once" for fauxqs 2.4.1. Zero would lose the message in file mode: its database refuses the row and
 * the memory copy is gone by then.
 */
const AT_ONCE_SECONDS = 0.001;

/** How long fauxqs may take to notice that a message is due again; it looks every 20 ms. */
const NOTICED_MS = 200;

/**
 * Starts fauxqs, or takes the engine that `SQS_ENDPOINT` names.
 * @param dataDirectory folder that keeps the messages; in memory without one.
 */
export async function startQueueEngine(
  dataDirectory: string | undefined,
  region: string,
  credentials: Credentials,
): Promise<QueueEngine> {
  const external = process.env['SQS_ENDPOINT'];
  const own = external ? undefined : await startOwn(dataDirectory, region);
  const endpoint = external?.replace(/\/$/, '') ?? `http://${LOOPBACK}:${own?.port}`;
  const client = new SQSClient({ endpoint, region, credentials, maxAttempts: 2 });
  const engineArn = async (url: string): Promise<string> => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    return Attributes?.['QueueArn'] ?? '';
  };

  const messagesOf = (queue: Queue) => own?.inspectQueue(queue.name)?.messages;

  return {
    endpoint,
    create: async (queue, attributes) => {
      const fixed = queue.fifo ? { FifoQueue: 'true' } : {};
      await client.send(new CreateQueueCommand({ QueueName: queue.name, Attributes: fixed })).catch((error: Error) => {
        // From an earlier run, with attributes of its own; they are set below.
        if (!/QueueNameExists|QueueAlreadyExists/.test(error.name)) throw error;
      });
      await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { ...attributes } }));
      // Whoever held these was a process of an earlier run.
      for (const { receiptHandle } of messagesOf(queue)?.inflight ?? []) {
        await changeVisibility(client, queue, receiptHandle, AT_ONCE_SECONDS);
      }
    },
    redrive: async (queue, deadLetterQueue, maxReceiveCount) => {
      const deadLetterTargetArn = await engineArn(deadLetterQueue.url);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
      await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { RedrivePolicy } }));
    },
    send: async (queue, body, more) => {
      await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body, ...more }));
    },
    receive: async (queue, max, waitSeconds, signal) => {
      const command = new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: HELD_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      return (await client.send(command, { abortSignal: signal })).Messages ?? [];
    },
    remove: async (queue, receiptHandles) => {
      for (let start = 0; start < receiptHandles.length; start += 10) {
        const entries = receiptHandles
          .slice(start, start + 10)
          .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries: entries }));
      }
    },
    giveBack: async (queue, receiptHandle) => {
      await changeVisibility(client, queue, receiptHandle, own === undefined ? 0 : AT_ONCE_SECONDS);
      await noticed(() => messagesOf(queue)?.inflight.every((entry) => entry.receiptHandle !== receiptHandle) ?? true);
    },
    depth: async (queue) => {
      const messages = messagesOf(queue);
      if (messages === undefined) return depthByAttributes(client, queue);
      const { ready, delayed, inflight } = messages;
      const sent = [...ready, ...inflight.map((entry) => entry.message)].map((message) => message.sentTimestamp);
      return {
        visible: ready.length,
        inFlight: inflight.length,
        delayed: delayed.length,
        oldestSentAt: sent.length === 0 ? undefined : sent.reduce((a, b) => Math.min(a, b)),
      };
    },
    passTime: async (queue, ms, held) => {
      const { delayed = [], inflight = [] } = messagesOf(queue) ?? {};
      for (const message of delayed) if (message.delayUntil !== undefined) message.delayUntil -= ms;
      for (const { receiptHandle, visibilityDeadline } of inflight) {
        if (held?.has(receiptHandle)) continue;
        const left = (visibilityDeadline - ms - Date.now()) / 1000;
        await changeVisibility(client, queue, receiptHandle, Math.max(left, AT_ONCE_SECONDS));
      }
      const isDue = (message: { delayUntil?: number | undefined }): boolean =>
        (message.delayUntil ?? Infinity) <= Date.now();
      if (held !== undefined) await noticed(() => !messagesOf(queue)?.delayed.some(isDue));
    },
    stop: async () => {
      client.destroy();
      await own?.stop();
    },
  };
}

function startOwn(dataDir: string | undefined, defaultRegion: string): Promise<FauxqsServer> {
  return keptOnLoopback(() =>
    startFauxqs({
      port: 0,
      logger: false,
      host: LOOPBACK,
      defaultRegion,
      ...(dataDir === undefined ? {} : { dataDir }),
    }),
  );
}

/** Waits until fauxqs has seen that a message is due, or nobody reads the queue so that it never looks. */
async function noticed(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < NOTICED_MS && !isSo(); waited += 5) await delay(5);
}

async function changeVisibility(client: SQSClient, queue: Queue, handle: string, seconds: number): Promise<void> {
  const command = new ChangeMessageVisibilityCommand({
    QueueUrl: queue.url,
    ReceiptHandle: handle,
    VisibilityTimeout: seconds,
  });
  try {
    await client.send(command);
  } catch (error) {
    // Deleted in the meantime: nothing to give back.
    if (!/NotInflight|ReceiptHandleIsInvalid/.test((error as Error).name)) throw error;
  }
}

async function depthByAttributes(client: SQSClient, queue: Queue): Promise<QueueDepth> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queue.url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    visible: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
    inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed'] ?? 0),
    oldestSentAt: undefined,
  };
}
