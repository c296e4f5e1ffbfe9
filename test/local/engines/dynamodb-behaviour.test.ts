/**
 * What the product relies on in DynamoDB, held against whichever engine the local cloud runs: point
 * DYNAMODB_ENDPOINT at another one to hear its opinion.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTableEngine, type TableEngine } from '../../../local/engines/table-engine.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TableName = `claims-${process.pid}-${Date.now()}`;
const folder = mkdtempSync(join(tmpdir(), 'dynamodb-behaviour-'));
let engine: TableEngine;
let client: DynamoDBClient;
let streams: DynamoDBStreamsClient;

type Item = Record<string, AttributeValue>;
const key = (pk: string, sk = 'META'): Item => ({ pk: { S: pk }, sk: { S: sk } });
const put = (pk: string, more: Item = {}, sk = 'META') =>
  client.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...more } }));
const get = async (pk: string, sk = 'META') =>
  (await client.send(new GetItemCommand({ TableName, Key: key(pk, sk), ConsistentRead: true }))).Item;
const update = (pk: string, expression: string, values: Item, condition?: string) =>
  client.send(
    new UpdateItemCommand({
      TableName,
      Key: key(pk),
      UpdateExpression: expression,
      ExpressionAttributeValues: values,
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
const transact = (items: TransactWriteItem[], ClientRequestToken?: string) =>
  client.send(
    new TransactWriteItemsCommand({
      TransactItems: items,
      ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }),
    }),
  );

beforeAll(async () => {
  engine = await startTableEngine(join(folder, 'dynamodb.sqlite'));
  const options = {
    endpoint: engine.endpoint,
    region: 'cn-north-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  client = new DynamoDBClient(options);
  streams = new DynamoDBStreamsClient(options);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk', 'work', 'due'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'worklist',
          KeySchema: [
            { AttributeName: 'work', KeyType: 'HASH' },
            { AttributeName: 'due', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
});
afterAll(async () => {
  client.destroy();
  streams.destroy();
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('single writes', () => {
  test('a transition names the state that must be', async () => {
    await put('claim#1', { st: { S: 'draft' }, version: { N: '1' } });
    const move = () =>
      update(
        'claim#1',
        'SET st = :to, version = version + :one',
        { ':to': { S: 'submitted' }, ':one': { N: '1' }, ':from': { S: 'draft' } },
        'st = :from',
      );
    expect((await move()).Attributes).toMatchObject({ st: { S: 'submitted' }, version: { N: '2' } });
    await expect(move()).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { st: { S: 'submitted' } },
    });
  });

  test('put if absent', async () => {
    const once = () =>
      client.send(
        new PutItemCommand({ TableName, Item: key('lock#1'), ConditionExpression: 'attribute_not_exists(pk)' }),
      );
    await once();
    await expect(once()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test('a set grows to three and no further', async () => {
    const add = (line: string) =>
      update(
        'quota#1',
        'ADD lineIds :line',
        { ':line': { SS: [line] }, ':three': { N: '3' } },
        'attribute_not_exists(lineIds) OR size(lineIds) < :three',
      );
    for (const line of ['a', 'b', 'c']) await add(line);
    await expect(add('d')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('quota#1'),
        UpdateExpression: 'DELETE lineIds :line',
        ExpressionAttributeValues: { ':line': { SS: ['b'] } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes?.['lineIds']?.SS?.toSorted((one, other) => one.localeCompare(other))).toEqual(['a', 'c']);
  });

  test('a balance never goes below nothing', async () => {
    await put('fund#1', { available: { N: '100' } });
    const take = (fen: string) =>
      update('fund#1', 'SET available = available - :fen', { ':fen': { N: fen } }, 'available >= :fen');
    await take('100');
    await expect(take('1')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await get('fund#1')).toMatchObject({ available: { N: '0' } });
  });

  test('numbers keep 38 digits', async () => {
    const N = '12345678901234567890123456789012345678';
    await put('number', { n: { N } });
    expect((await get('number'))?.['n']).toEqual({ N });
  });

  test('lists grow, paths are set and removed', async () => {
    await put('doc', { list: { L: [{ S: 'a' }] }, map: { M: { x: { N: '1' }, y: { N: '2' } } } });
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('doc'),
        UpdateExpression: 'SET #l = list_append(#l, :b), #m.x = :two REMOVE #m.y',
        ExpressionAttributeNames: { '#l': 'list', '#m': 'map' },
        ExpressionAttributeValues: { ':b': { L: [{ S: 'b' }] }, ':two': { N: '2' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toMatchObject({ list: { L: [{ S: 'a' }, { S: 'b' }] }, map: { M: { x: { N: '2' } } } });
    expect(Attributes?.['map']?.M).not.toHaveProperty('y');
  });

  test('an item may have 400 KB and not one byte more', async () => {
    // Names and values of the keys count too: pk + 3, sk + 4, and the name of the text.
    const room = 400 * 1024 - ('pk'.length + 'big'.length + 'sk'.length + 'META'.length + 'text'.length);
    await put('big', { text: { S: 'x'.repeat(room) } });
    await expect(put('big', { text: { S: 'x'.repeat(room + 1) } })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('a reserved word needs a name', async () => {
    await put('word', { status: { S: 'a' } });
    await expect(update('word', 'SET status = :b', { ':b': { S: 'b' } })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('transactions', () => {
  const putIf = (pk: string, ConditionExpression = 'attribute_not_exists(pk)'): TransactWriteItem => ({
    Put: { TableName, Item: key(pk), ConditionExpression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  });

  test('four kinds together, all or nothing', async () => {
    await put('t#check', { open: { BOOL: true } });
    await put('t#old');
    await put('t#count', { n: { N: '1' } });
    const all = (must: boolean): TransactWriteItem[] => [
      {
        ConditionCheck: {
          TableName,
          Key: key('t#check'),
          ConditionExpression: '#o = :must',
          ExpressionAttributeNames: { '#o': 'open' },
          ExpressionAttributeValues: { ':must': { BOOL: must } },
        },
      },
      { Put: { TableName, Item: key('t#new') } },
      {
        Update: {
          TableName,
          Key: key('t#count'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Delete: { TableName, Key: key('t#old') } },
    ];
    await expect(transact(all(false))).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    expect([await get('t#new'), (await get('t#count'))?.['n']?.N, (await get('t#old'))?.['pk']?.S]).toEqual([
      undefined,
      '1',
      't#old',
    ]);
    await transact(all(true));
    expect([(await get('t#new'))?.['pk']?.S, (await get('t#count'))?.['n']?.N, await get('t#old')]).toEqual([
      't#new',
      '2',
      undefined,
    ]);
  });

  test('a cancellation tells the reason of every item, with the item as it was', async () => {
    await put('t#taken', { by: { S: 'claim#9' } });
    const error = await transact([putIf('t#free'), putIf('t#taken')]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { by: { S: 'claim#9' } } }],
    });
    expect(await get('t#free')).toBeUndefined();
  });

  test('a hundred items go, a hundred and one do not', async () => {
    const items = (count: number, name: string) =>
      Array.from(
        { length: count },
        (_none, index): TransactWriteItem => ({ Put: { TableName, Item: key(`${name}#${index}`) } }),
      );
    await transact(items(100, 'hundred'));
    await expect(transact(items(101, 'more'))).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await get('hundred#99')).toBeDefined();
    expect(await get('more#0')).toBeUndefined();
  });

  test('the same item twice is refused', async () => {
    await expect(transact([putIf('t#twice'), putIf('t#twice')])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a client token makes a repetition harmless, and refuses another content', async () => {
    await put('t#token', { n: { N: '0' } });
    const add = (by: string): TransactWriteItem[] => [
      {
        Update: {
          TableName,
          Key: key('t#token'),
          UpdateExpression: 'ADD n :by',
          ExpressionAttributeValues: { ':by': { N: by } },
        },
      },
    ];
    await transact(add('1'), 'token-1');
    await transact(add('1'), 'token-1');
    expect((await get('t#token'))?.['n']?.N).toBe('1');
    await expect(transact(add('2'), 'token-1')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  test('of fifty rivals for one lock exactly one wins', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_none, index) => transact([putIf('t#lock'), putIf(`t#rival#${index}`)])),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('reads of one moment', async () => {
    await put('r#1');
    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName, Key: key('r#1') } }, { Get: { TableName, Key: key('r#none') } }],
      }),
    );
    expect(Responses?.map((one) => one.Item?.['pk']?.S)).toEqual(['r#1', undefined]);
  });
});

describe('queries', () => {
  test('a partition in order, by prefix, in pages', async () => {
    for (const line of ['001', '002', '003', '010']) await put('q#1', {}, `LINE#${line}`);
    await put('q#1');
    const query = (Limit: number, ExclusiveStartKey?: Item) =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :line)',
          ExpressionAttributeValues: { ':pk': { S: 'q#1' }, ':line': { S: 'LINE#' } },
          Limit,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        }),
      );
    const first = await query(3);
    const second = await query(3, first.LastEvaluatedKey);
    const lines = [...(first.Items ?? []), ...(second.Items ?? [])].map((item) => item['sk']?.S);
    expect(lines).toEqual(['LINE#001', 'LINE#002', 'LINE#003', 'LINE#010']);
    expect([first.Items?.length, second.LastEvaluatedKey]).toEqual([3, undefined]);
  });

  test('a page ends at a megabyte', async () => {
    for (const part of [1, 2, 3]) await put('wide', { text: { S: 'x'.repeat(380_000) } }, String(part));
    const page = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'wide' } },
      }),
    );
    expect(page.LastEvaluatedKey).toBeDefined();
    expect(page.Items?.length).toBeLessThan(3);
  });

  test('a sparse index holds only what has its keys, in order, and pages with all four', async () => {
    for (const n of [3, 1, 2]) await put(`w#${n}`, { work: { S: 'W#assess#0' }, due: { S: `2021-03-0${n}` } });
    await put('w#idle');
    const page = (ExclusiveStartKey?: Item) =>
      client.send(
        new QueryCommand({
          TableName,
          IndexName: 'worklist',
          KeyConditionExpression: '#w = :w AND due <= :until',
          ExpressionAttributeNames: { '#w': 'work' },
          ExpressionAttributeValues: { ':w': { S: 'W#assess#0' }, ':until': { S: '2021-03-02' } },
          Limit: 1,
          ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
        }),
      );
    const first = await page();
    expect(first.Items?.map((item) => item['pk']?.S)).toEqual(['w#1']);
    expect(Object.keys(first.LastEvaluatedKey ?? {}).toSorted((one, other) => one.localeCompare(other))).toEqual([
      'due',
      'pk',
      'sk',
      'work',
    ]);
    expect((await page(first.LastEvaluatedKey)).Items?.map((item) => item['pk']?.S)).toEqual(['w#2']);
  });

  test.each([
    ['an empty key of the index', { work: { S: '' }, due: { S: 'x' } }],
    ['a key of the index of another type', { work: { N: '1' }, due: { S: 'x' } }],
  ])('%s is refused', async (_name, more) => {
    await expect(put('bad', more as Item)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('a filter counts what it looked at, not what it gave', async () => {
    const page = await client.send(
      new ScanCommand({ TableName, FilterExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'q#1' } } }),
    );
    expect(page.Count).toBeLessThan(page.ScannedCount ?? 0);
  });
});

describe('batches', () => {
  test('25 writes and 100 reads; not one more', async () => {
    const writes = (count: number) =>
      client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [TableName]: Array.from({ length: count }, (_none, n) => ({ PutRequest: { Item: key(`b#${n}`) } })),
          },
        }),
      );
    await writes(25);
    await expect(writes(26)).rejects.toMatchObject({ name: 'ValidationException' });
    const reads = (count: number) =>
      client.send(
        new BatchGetItemCommand({
          RequestItems: { [TableName]: { Keys: Array.from({ length: count }, (_none, n) => key(`b#${n}`)) } },
        }),
      );
    expect((await reads(100)).Responses?.[TableName]).toHaveLength(25);
    await expect(reads(101)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('streams', () => {
  test('tell insert, change and removal in order, with both images', async () => {
    await put('s#1', { n: { N: '1' } });
    await put('s#1', { n: { N: '2' } });
    await client.send(new DeleteItemCommand({ TableName, Key: key('s#1') }));
    const { Streams } = await streams.send(new ListStreamsCommand({ TableName }));
    const StreamArn = Streams?.[0]?.StreamArn;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const records = [];
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      let { ShardIterator } = await streams.send(
        new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      for (let page = 0; page < 20 && ShardIterator !== undefined; page += 1) {
        const answer: { Records?: unknown[]; NextShardIterator?: string } = (await streams.send(
          new GetRecordsCommand({ ShardIterator }),
        )) as never;
        records.push(...(answer.Records ?? []));
        ShardIterator = answer.NextShardIterator;
      }
    }
    const mine = (
      records as { eventName: string; dynamodb: { Keys: Item; NewImage?: Item; OldImage?: Item } }[]
    ).filter((record) => record.dynamodb.Keys['pk']?.S === 's#1');
    expect(
      mine.map((record) => [record.eventName, record.dynamodb.OldImage?.['n']?.N, record.dynamodb.NewImage?.['n']?.N]),
    ).toEqual([
      ['INSERT', undefined, '1'],
      ['MODIFY', '1', '2'],
      ['REMOVE', '2', undefined],
    ]);
  });
});
