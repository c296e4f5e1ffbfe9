import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetters, LetterFailure, QueueDepth } from '../operations/dead-letters.ts';
import type { QueueName } from '../worklist/worklist-kinds.ts';

/** Where a work queue and its dead letters are. */
export interface QueuePairUrls {
  work: string;
  deadLetters: string;
}

// Longer than any request may run, so that no letter is handed out twice within one.
const hiddenSeconds = 60;

/** Dead letters in SQS. */
export function createDeadLetterQueues(
  urls: Readonly<Record<QueueName, QueuePairUrls>>,
  client: SQSClient = new SQSClient({}),
): DeadLetters {
  const depth = async (QueueUrl: string): Promise<QueueDepth> => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
    };
  };

  const move = async ({ work, deadLetters }: QueuePairUrls, letter: Message): Promise<void> => {
    const { Body, MessageAttributes, ReceiptHandle } = letter;
    await client.send(
      new SendMessageCommand({
        QueueUrl: work,
        MessageBody: Body,
        ...(MessageAttributes === undefined ? {} : { MessageAttributes }),
      }),
    );
    await client.send(new DeleteMessageCommand({ QueueUrl: deadLetters, ReceiptHandle }));
  };

  return {
    async depths(queue) {
      const [work, deadLetters] = await Promise.all([depth(urls[queue].work), depth(urls[queue].deadLetters)]);
      return { work, deadLetters };
    },
    async moveSome(queue, most) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: urls[queue].deadLetters,
          MaxNumberOfMessages: most,
          VisibilityTimeout: hiddenSeconds,
          // Without waiting, SQS asks only some of its servers and may say "none" while there are letters.
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
        }),
      );
      const outcomes = await Promise.allSettled(Messages.map(async (letter) => move(urls[queue], letter)));
      const failures = outcomes.flatMap((outcome, index): LetterFailure[] =>
        outcome.status === 'rejected'
          ? [{ messageId: Messages[index]?.MessageId ?? '', error: outcome.reason as unknown }]
          : [],
      );
      return { taken: Messages.length, moved: Messages.length - failures.length, failures };
    },
  };
}
