import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type AttributeDefinition,
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from '../../shared/aws/table.ts';

const indexes: readonly [name: string, partition: string, sort: string][] = [
  ['worklist', 'wpk', 'wsk'],
  ['desk', 'dpk', 'dsk'],
  ['tenant', 'tpk', 'tsk'],
  ['person', 'ppk', 'psk'],
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answers(client: DynamoDBClient): Promise<boolean> {
  try {
    await client.send(new ListTablesCommand({}));
    return true;
  } catch {
    return false;
  }
}

function startEngine(port: number): ChildProcess {
  const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
  return spawn(join(dirname(manifest), 'dynoxide'), ['serve', '--port', String(port)], { stdio: 'ignore' });
}

export interface TestTable {
  table: Table;
  client: DynamoDBClient;
  /** A client of the same engine for another process; whoever makes it destroys it. */
  another(): DynamoDBClient;
  stop(): Promise<void>;
}

/**
 * A table of the product's shape on a real engine, in memory, for one test file. `client` is the raw client: add
 * middleware to it to lose replies or to inject errors.
 */
export async function openTestTable(): Promise<TestTable> {
  const port = await freePort();
  const engine = startEngine(port);
  const another = (): DynamoDBClient =>
    new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'cn-north-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 2,
    });
  const client = another();
  for (let tries = 0; tries < 200 && !(await answers(client)); tries += 1) await setTimeout(25);
  const names = ['pk', 'sk', ...indexes.flatMap(([, partition, sort]) => [partition, sort])];
  await client.send(
    new CreateTableCommand({
      TableName: 'jipei',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName): AttributeDefinition => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: indexes.map(
        ([IndexName, partition, sort]): GlobalSecondaryIndex => ({
          IndexName,
          KeySchema: [
            { AttributeName: partition, KeyType: 'HASH' },
            { AttributeName: sort, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        }),
      ),
    }),
  );
  return {
    table: openTable('jipei', client),
    client,
    another,
    stop: async () => {
      client.destroy();
      engine.kill('SIGKILL');
      await once(engine, 'exit');
    },
  };
}
