import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { EventLog } from './log.ts';
import type { MetricRecorder } from './metrics.ts';

/** What of a changed item the stream's reader is told: its string attributes after and before the change. */
export interface StreamChange {
  key: { pk: string; sk: string };
  after: Readonly<Record<string, string>>;
  before: Readonly<Record<string, string>>;
}

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

function strings(image: Image, names: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = image?.[name]?.S;
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/**
 * Wraps the handling of one change into a handler of the table's stream: only the changes whose handling threw come
 * again. `names` are the attributes that are read; the rest of an item, people's data among it, is not touched.
 */
export function createStreamHandler(
  edge: { log: EventLog; metrics: MetricRecorder },
  names: readonly string[],
  handle: (change: StreamChange) => Promise<void>,
) {
  const processRecord = async ({ eventID, dynamodb }: DynamoDBRecord): Promise<void> => {
    try {
      const { pk = '', sk = '' } = strings(dynamodb?.Keys, ['pk', 'sk']);
      await handle({
        key: { pk, sk },
        after: strings(dynamodb?.NewImage, names),
        before: strings(dynamodb?.OldImage, names),
      });
    } catch (error) {
      edge.log.error('change-failed', error, eventID === undefined ? {} : { messageId: eventID });
      throw error;
    }
  };
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async (event, context) => {
    const processor = new BatchProcessor(EventType.DynamoDBStreams);
    try {
      return await processPartialResponse(event, processRecord, processor, { context, throwOnFullBatchFailure: false });
    } finally {
      edge.metrics.flush();
    }
  });
}
