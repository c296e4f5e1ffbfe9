import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Queue } from '../engines/queue-engine.ts';

/** A message as a function gets it from an SQS event source. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, object>>;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** Instants that the engine stamps in real time. */
const stamps = ['SentTimestamp', 'ApproximateFirstReceiveTimestamp'];

/** @param virtualAt turns a real instant into the virtual time that it was then. */
export function queueRecord(
  queue: Queue,
  region: string,
  message: Message,
  virtualAt: (realInstant: number) => number,
): QueueRecord {
  const attributes = Object.entries(message.Attributes ?? {}).map(([name, value]) => [
    name,
    stamps.includes(name) ? String(Math.round(virtualAt(Number(value)))) : value,
  ]);
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: Object.fromEntries(attributes),
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeRecord(value)]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}

function attributeRecord(value: MessageAttributeValue): object {
  return {
    ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
    ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType,
  };
}
