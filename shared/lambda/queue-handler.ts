import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EventLog } from './log.ts';
import type { MetricRecorder } from './metrics.ts';

/** What a queue worker's edge needs. */
export interface QueueEdge {
  log: EventLog;
  metrics: MetricRecorder;
}

/**
 * Wraps the handling of one message body (parsed JSON, shape unknown) into a batch handler: only the messages whose
 * handling threw go back to the queue, and after five tries to the dead-letter queue. A handler throws only for what
 * may pass (a throttle, a lost race); what never will is recorded as a state with its reason.
 */
export function createQueueHandler(edge: QueueEdge, handle: (message: unknown, messageId: string) => Promise<void>) {
  const processRecord = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(JSON.parse(record.body), record.messageId);
    } catch (error) {
      // The body may hold personal data: the log gets the id of the message, never the message.
      edge.log.error('message-failed', error, { messageId: record.messageId });
      throw error;
    }
  };
  return middy<SQSEvent, SQSBatchResponse>().handler(async (event, context) => {
    const processor = new BatchProcessor(EventType.SQS);
    try {
      return await processPartialResponse(event, processRecord, processor, {
        context,
        // A batch in which every message failed is an ordinary partial failure, not a failed invocation.
        throwOnFullBatchFailure: false,
      });
    } finally {
      edge.metrics.flush();
    }
  });
}
