import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { WorkQueues } from '../worklist/worklist.ts';
import type { QueueName } from '../worklist/worklist-kinds.ts';

/** The workers' queues, ten messages a call. */
export function createWorkQueues(
  urls: Readonly<Record<QueueName, string>>,
  client: SQSClient = new SQSClient({}),
): WorkQueues {
  return {
    async send(queue, messages) {
      for (let at = 0; at < messages.length; at += 10) {
        const Entries = messages
          .slice(at, at + 10)
          .map((message, place) => ({ Id: String(place), MessageBody: JSON.stringify(message) }));
        const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: urls[queue], Entries }));
        if (Failed !== undefined && Failed.length > 0) {
          throw new Error(`${Failed.length} messages were not taken by the ${queue} queue: ${Failed[0]?.Code}`);
        }
      }
    },
  };
}
