import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkshop, type Workshop } from '../fixtures/workshop.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.stop());

const put = (
  pk: string,
  more: Record<string, { S: string } | { N: string } | { BOOL: boolean } | { B: Uint8Array }> = {},
) =>
  workshop.dynamodb.send(
    new PutItemCommand({ TableName: workshop.cloud.outputs['TableName'], Item: { pk: { S: pk }, ...more } }),
  );

const relayed = async (pk: string) => JSON.parse((await workshop.item(`relayed#${pk}`))?.['record']?.S ?? 'null');

describe('stream event source', () => {
  test('delivers changes with the names and the time of the template, not of the engine', async () => {
    await put('order#1', { file: { B: new Uint8Array([1, 2]) } });
    await workshop.cloud.settle();
    const record = await relayed('order#1');
    expect(record).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      awsRegion: 'cn-north-1',
      eventSourceARN: workshop.cloud.outputs['StreamArn'],
      dynamodb: {
        Keys: { pk: { S: 'order#1' } },
        NewImage: { pk: { S: 'order#1' }, file: { B: 'AQI=' } },
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(record.eventSourceARN).toMatch(
      /^arn:aws-cn:dynamodb:cn-north-1:000000000000:table\/workshop-storage-Items\/stream\//,
    );
    expect(new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString().slice(0, 10)).toBe('2021-03-09');
    expect(record).not.toHaveProperty('userIdentity');
  });

  test('INSERT, MODIFY and REMOVE arrive; what the filter does not want does not', async () => {
    await put('order#2', { n: { N: '1' } });
    await put('order#2', { n: { N: '2' } });
    await put('order#2', { n: { N: '2' } }); // changes nothing, so nobody hears of it
    await workshop.dynamodb.send(
      new DeleteItemCommand({ TableName: workshop.cloud.outputs['TableName'], Key: { pk: { S: 'order#2' } } }),
    );
    await put('other#2');
    await workshop.cloud.settle();
    const seen = ['INSERT', 'MODIFY', 'REMOVE'].map((name) => workshop.seen(`order#2#${name}`));
    expect(await Promise.all(seen)).toEqual([1, 1, 1]);
    expect(await workshop.seen('other#2#INSERT')).toBe(0);
    expect((await relayed('order#2')).dynamodb).toMatchObject({ OldImage: { n: { N: '2' } } });
  });

  test('a partial failure is tried again from the failed record on; in the end it goes to the destination', async () => {
    await put('order#before');
    await put('order#poison', { poison: { BOOL: true } });
    await put('order#after');
    await workshop.cloud.settle();
    expect(await workshop.seen('order#before#INSERT')).toBe(1);
    expect(await workshop.seen('order#after#INSERT')).toBe(0);
    await workshop.cloud.clock.advance({ ms: 600_000 });
    expect(await workshop.seen('order#after#INSERT')).toBe(1);
    expect(await workshop.seen('order#before#INSERT')).toBe(1);
    const { Messages = [] } = await workshop.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: workshop.queueUrl('Failures'), MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map((message) => JSON.parse(message.Body ?? ''))).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
        DDBStreamBatchInfo: { batchSize: 1, streamArn: workshop.cloud.outputs['StreamArn'] },
      },
    ]);
    const body = JSON.parse(Messages[0]?.Body ?? '');
    expect(body.DDBStreamBatchInfo.startSequenceNumber).toBe((await relayed('order#poison')).dynamodb.SequenceNumber);
  });

  test('a batch that throws is cut in two until the bad record stands alone', async () => {
    const ids = ['order#t1', 'order#t2', 'order#t3'];
    await Promise.all(ids.map((id) => put(id, id === 'order#t2' ? { throws: { BOOL: true } } : {})));
    await workshop.cloud.settle();
    await workshop.cloud.clock.advance({ ms: 600_000 });
    const [one, bad, three] = await Promise.all(ids.map((id) => workshop.seen(`${id}#INSERT`)));
    expect(one).toBeGreaterThanOrEqual(1);
    expect(three).toBeGreaterThanOrEqual(1);
    expect(bad).toBeGreaterThanOrEqual(3);
    expect((await workshop.depth('Failures'))[0]).toBe(1);
  });

  test('records can be lost, doubled, held back and turned round', async () => {
    const { faults, settle } = workshop.cloud;
    faults.deliveries({ channel: 'stream', target: 'relay', action: 'drop' });
    faults.deliveries({ channel: 'stream', target: 'RelayFn', action: 'drop' });
    await put('order#lost');
    await settle();
    faults.clear();
    faults.deliveries({ channel: 'stream', action: 'duplicate' });
    await put('order#double');
    await settle();
    faults.deliveries({ channel: 'stream', action: 'hold' });
    await put('order#held');
    await settle();
    const counts = () => Promise.all(['lost', 'double', 'held'].map((id) => workshop.seen(`order#${id}#INSERT`)));
    expect(await counts()).toEqual([0, 2, 0]);
    expect(await faults.letGo()).toBe(1);
    await settle();
    expect(await counts()).toEqual([0, 2, 1]);
  });

  test('expired items go when asked, and the stream says who removed them', async () => {
    const seconds = (offset: number) => ({
      N: String(Math.floor(workshop.cloud.clock.now().getTime() / 1000) + offset),
    });
    await put('order#expires', { expires: seconds(3600) });
    await put('order#stays', { expires: seconds(86_400) });
    await put('order#text', { expires: { S: '1' } });
    await workshop.cloud.clock.advance({ ms: 7_200_000 });
    expect(await workshop.item('order#expires')).toBeDefined();
    await workshop.cloud.clock.advance({ ms: 1 }, { removeExpired: true });
    expect(await workshop.item('order#expires')).toBeUndefined();
    expect(await workshop.keys('order#')).toEqual(expect.arrayContaining(['order#stays', 'order#text']));
    expect(await relayed('order#expires')).toMatchObject({
      eventName: 'REMOVE',
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
  });
});
