import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkshop, type Workshop } from '../fixtures/workshop.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.stop());

const send = (message: object, queue = 'WorkQueue', more: object = {}) =>
  workshop.sqs.send(
    new SendMessageCommand({ QueueUrl: workshop.queueUrl(queue), MessageBody: JSON.stringify(message), ...more }),
  );

const sendBatch = (messages: object[]) =>
  workshop.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: workshop.queueUrl('WorkQueue'),
      Entries: messages.map((message, index) => ({ Id: String(index), MessageBody: JSON.stringify(message) })),
    }),
  );

const minutes = (count: number) => workshop.cloud.clock.advance({ ms: count * 60_000 });

describe('queue event source', () => {
  test('delivers, deletes what was done, and is quiet then', async () => {
    await sendBatch([{ id: 'a1' }, { id: 'a2' }, { id: 'a3' }]);
    await workshop.cloud.settle();
    expect(await Promise.all(['a1', 'a2', 'a3'].map(workshop.seen))).toEqual([1, 1, 1]);
    expect(await workshop.depth('WorkQueue')).toEqual([0, 0, 0]);
  });

  test('gives no more than the batch size at once', async () => {
    const ids = Array.from({ length: 10 }, (_none, index) => `b${index}`);
    await sendBatch(ids.map((id) => ({ id })));
    await workshop.cloud.settle();
    const sizes = await Promise.all(ids.map(async (id) => Number((await workshop.item(`last#${id}`))?.['batch']?.N)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
  });

  test('fills a batch while its window is open; settling closes the window', async () => {
    await send({ id: 'w1' });
    await send({ id: 'w2' });
    await workshop.cloud.settle();
    const sizes = ['w1', 'w2'].map(async (id) => (await workshop.item(`last#${id}`))?.['batch']?.N);
    expect(await Promise.all(sizes)).toEqual(['2', '2']);
  });

  test('a record has the attributes of SQS, stamped by the virtual clock', async () => {
    const before = workshop.cloud.clock.now().getTime();
    await send({ id: 'c' }, 'OrderQueue', {
      MessageGroupId: 'g',
      MessageAttributes: { colour: { DataType: 'String', StringValue: 'red' } },
    });
    await workshop.cloud.settle();
    const [key = ''] = await workshop.keys('event#c#');
    const event = JSON.parse((await workshop.item(key))?.['event']?.S ?? '{}');
    expect(event.Records).toMatchObject([
      {
        body: '{"id":"c"}',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws-cn:sqs:cn-north-1:000000000000:workshop-service-OrderQueue.fifo',
        awsRegion: 'cn-north-1',
        attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g', SequenceNumber: expect.any(String) },
        messageAttributes: { colour: { stringValue: 'red', dataType: 'String' } },
      },
    ]);
    const sent = Number(event.Records[0].attributes.SentTimestamp);
    expect(sent).toBeGreaterThanOrEqual(before);
    expect(sent).toBeLessThanOrEqual(workshop.cloud.clock.now().getTime());
  });

  test('only the failed message of a batch comes back, when its visibility timeout is over in virtual time', async () => {
    await sendBatch([{ id: 'good' }, { id: 'bad', fails: true }]);
    await workshop.cloud.settle();
    expect([await workshop.seen('good'), await workshop.seen('bad')]).toEqual([1, 1]);
    expect(await workshop.depth('WorkQueue')).toEqual([0, 1, 0]);
    await workshop.cloud.clock.advance({ ms: 119_000 - 60_000 });
    expect(await workshop.seen('bad')).toBe(1);
    await workshop.cloud.clock.advance({ ms: 62_000 });
    expect(await workshop.seen('bad')).toBe(2);
    expect((await workshop.item('last#bad'))?.['count']?.S).toBe('2');
  });

  test('a poison message reaches the dead-letter queue after three receives, and the alarm sees it', async () => {
    const dead = async () => (await workshop.depth('DeadLetters'))[0];
    const before = await dead();
    await send({ id: 'poison', throws: true });
    await workshop.cloud.settle();
    await minutes(3);
    expect([await workshop.seen('poison'), await dead()]).toEqual([2, before]);
    await minutes(20);
    expect(await workshop.seen('poison')).toBe(3);
    expect(await dead()).toBeGreaterThan(before);
    const { Messages = [] } = await workshop.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: workshop.queueUrl('DeadLetters'),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 30,
      }),
    );
    expect(Messages.map((message) => message.Body)).toContain('{"id":"poison","throws":true}');
    const alarm = (await workshop.cloud.alarms()).find((one) => one.logicalId === 'DeadLetterAlarm');
    expect(alarm?.state).toBe('ALARM');
    // What a reader of our own holds comes back in virtual time too.
    expect((await workshop.depth('DeadLetters'))[1]).toBe(Messages.length);
    await minutes(1);
    const again = await workshop.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: workshop.queueUrl('DeadLetters'),
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
      }),
    );
    expect(again.Messages).toHaveLength(Messages.length);
  });

  test('a delayed message waits for its virtual time', async () => {
    await send({ id: 'slow' }, 'SlowQueue');
    await workshop.cloud.settle();
    expect(await workshop.depth('SlowQueue')).toEqual([0, 0, 1]);
    await minutes(9);
    expect(await workshop.seen('slow')).toBe(0);
    await minutes(2);
    expect(await workshop.seen('slow')).toBe(1);
  });

  test('messages of a FIFO group are handled one after the other', async () => {
    for (const id of ['f1', 'f2', 'f3']) await send({ id }, 'OrderQueue', { MessageGroupId: 'line' });
    await workshop.cloud.settle();
    const keys = await workshop.keys('event#f');
    const times = keys.map((key) => key.split('#')[2]);
    expect(keys.map((key) => key.slice(6, 8))).toEqual(['f1', 'f2', 'f3']);
    expect(times).toEqual(times.toSorted((one = '', other = '') => (one < other ? -1 : 1)));
  });

  test('a process that dies in mid-batch leaves the messages for another try', async () => {
    workshop.cloud.faults.calls({ function: 'work', action: 'kill', call: 2 });
    await send({ id: 'victim' });
    await workshop.cloud.settle();
    expect(await workshop.depth('WorkQueue')).toEqual([0, 1, 0]);
    await minutes(3);
    expect(await workshop.depth('WorkQueue')).toEqual([0, 0, 0]);
    expect(await workshop.seen('victim')).toBe(2);
    expect(
      workshop.lines.some((line) =>
        line.includes('WorkFn failed: Runtime.ExitError: Error: Runtime exited with error: signal: killed'),
      ),
    ).toBe(true);
  });

  test('deliveries can be doubled, held back and dropped', async () => {
    const { faults } = workshop.cloud;
    faults.deliveries({ channel: 'queue', target: 'WorkQueue', action: 'duplicate' });
    await send({ id: 'twice' });
    await workshop.cloud.settle();
    faults.deliveries({ channel: 'queue', target: 'work', action: 'drop' });
    faults.deliveries({ channel: 'queue', target: 'WorkFn', action: 'drop' });
    await send({ id: 'never' });
    await workshop.cloud.settle();
    faults.deliveries({ channel: 'queue', action: 'hold' });
    await send({ id: 'late' });
    await workshop.cloud.settle();
    expect(await Promise.all(['twice', 'never', 'late'].map(workshop.seen))).toEqual([2, 0, 0]);
    expect(await faults.letGo()).toBe(1);
    await workshop.cloud.settle();
    expect(await workshop.seen('late')).toBe(1);
    faults.clear();
    expect(await workshop.depth('WorkQueue')).toEqual([0, 0, 0]);
  });
});
