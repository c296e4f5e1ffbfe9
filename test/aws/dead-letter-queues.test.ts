import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeadLetterQueues } from '../../shared/aws/dead-letter-queues.ts';
import type { DeadLetters } from '../../shared/operations/dead-letters.ts';
import { openTestQueues, type TestQueues } from '../support/queues.ts';

describe('dead letters on a real engine', () => {
  let queues: TestQueues;
  let urls: { work: string; deadLetters: string };
  let letters: DeadLetters;
  beforeAll(async () => {
    queues = await openTestQueues();
    urls = { work: await queues.create('verify'), deadLetters: await queues.create('verify-dead') };
    const other = { work: await queues.create('assess'), deadLetters: await queues.create('assess-dead') };
    letters = createDeadLetterQueues({ verify: urls, assess: other }, queues.client);
  });
  afterAll(async () => queues.stop());

  const send = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const attribute = { Cause: { DataType: 'String', StringValue: `cause ${n}` } };
      await queues.client.send(
        new SendMessageCommand({ QueueUrl: urls.deadLetters, MessageBody: `{"n":${n}}`, MessageAttributes: attribute }),
      );
    }
  };

  test('they arrive whole, body and attributes, and are gone from where they were', async () => {
    await send(12);
    expect(await letters.depths('verify')).toEqual({
      work: { waiting: 0, inFlight: 0 },
      deadLetters: { waiting: 12, inFlight: 0 },
    });
    const first = await letters.moveSome('verify', 10);
    const second = await letters.moveSome('verify', 10);
    const third = await letters.moveSome('verify', 10);
    expect([first, second, third].map(({ taken, moved }) => [taken, moved])).toEqual([
      [10, 10],
      [2, 2],
      [0, 0],
    ]);
    expect(await letters.depths('verify')).toEqual({
      work: { waiting: 12, inFlight: 0 },
      deadLetters: { waiting: 0, inFlight: 0 },
    });
    expect((await letters.depths('assess')).work.waiting).toBe(0);
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: urls.work, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    for (const { Body = '', MessageAttributes } of Messages) {
      const { n } = JSON.parse(Body) as { n: number };
      expect(MessageAttributes?.['Cause']?.StringValue).toBe(`cause ${n}`);
    }
  });
});

describe('dead letters when a call fails', () => {
  const client = new SQSClient({});
  const sqs = mockClient(client);
  const pair = { work: 'https://work', deadLetters: 'https://dead' };
  const letters = createDeadLetterQueues({ verify: pair, assess: pair }, client);
  const letter = (n: number) => ({ MessageId: `m${n}`, ReceiptHandle: `r${n}`, Body: `b${n}` });

  test('one that the work queue did not take is not deleted; its neighbours move', async () => {
    sqs.reset();
    sqs.on(ReceiveMessageCommand).resolves({ Messages: [letter(1), letter(2), letter(3)] });
    sqs.on(SendMessageCommand).resolves({});
    sqs.on(SendMessageCommand, { MessageBody: 'b2' }).rejects(new Error('throttled'));
    sqs.on(DeleteMessageCommand).resolves({});
    const { taken, moved, failures } = await letters.moveSome('verify', 3);
    expect([taken, moved, failures.map(({ messageId }) => messageId)]).toEqual([3, 2, ['m2']]);
    const deleted = sqs.commandCalls(DeleteMessageCommand).map(({ args }) => args[0].input);
    expect(deleted).toEqual([
      { QueueUrl: 'https://dead', ReceiptHandle: 'r1' },
      { QueueUrl: 'https://dead', ReceiptHandle: 'r3' },
    ]);
  });

  test('each is sent before it is deleted: in between it is in both, never in none', async () => {
    sqs.reset();
    sqs.on(ReceiveMessageCommand).resolves({ Messages: [letter(1)] });
    sqs.on(SendMessageCommand).resolves({});
    sqs.on(DeleteMessageCommand).rejects(new Error('gone'));
    const { moved, failures } = await letters.moveSome('assess', 1);
    expect([moved, failures.length]).toEqual([0, 1]);
    expect(sqs.calls().map(({ args }) => args[0].constructor.name)).toEqual([
      'ReceiveMessageCommand',
      'SendMessageCommand',
      'DeleteMessageCommand',
    ]);
  });

  test('a queue that does not tell its depth is an error, not an empty queue', async () => {
    sqs.reset();
    sqs.on(GetQueueAttributesCommand).rejects(new Error('no such queue'));
    await expect(letters.depths('verify')).rejects.toThrow('no such queue');
  });
});
