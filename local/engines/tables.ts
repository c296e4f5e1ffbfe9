import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { DeployedResource } from '../template/deployment.ts';

/** A table as the engine holds it. */
export interface Table {
  readonly logicalId: string;
  readonly path: string | undefined;
  readonly name: string;
  readonly arn: string;
  /** The stream under the ARN that functions see. */
  readonly streamArn: string | undefined;
  /** The stream under the ARN that the engine understands. */
  readonly engineStreamArn: string | undefined;
  readonly keyAttributes: readonly string[];
  readonly ttlAttribute: string | undefined;
}

const tableShape = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
  AttributeDefinitions: z.array(z.looseObject({})),
  GlobalSecondaryIndexes: z.array(z.looseObject({})).optional(),
  LocalSecondaryIndexes: z.array(z.looseObject({})).optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: z.boolean() }).optional(),
});

/** Properties of an index that CreateTable takes; capacity settings of a GlobalTable's index are not among them. */
const indexProperties = ['IndexName', 'KeySchema', 'Projection'];

/**
 * Creates a table, or finds it as an earlier run left it. `AWS::DynamoDB::GlobalTable` is what TableV2 makes:
 * replicas, encryption, backups and capacity are AWS's affair and left out.
 */
export async function createTable(client: DynamoDBClient, resource: DeployedResource): Promise<Table> {
  const properties = tableShape.parse(resource.properties);
  const name = resource.ref;
  const stream = properties.StreamSpecification;
  const input = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map((index) => pick(index, indexProperties)),
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes?.map((index) => pick(index, indexProperties)),
    StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream.StreamViewType },
  } as unknown as CreateTableCommandInput;
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const ttl = properties.TimeToLiveSpecification;
  if (ttl?.Enabled && ttl.AttributeName !== undefined) {
    await setTimeToLive(client, name, ttl.AttributeName);
  }
  const { Table: made } = await client.send(new DescribeTableCommand({ TableName: name }));
  const arn = resource.attributes['Arn'] ?? '';
  return {
    logicalId: resource.logicalId,
    path: resource.path,
    name,
    arn,
    streamArn: made?.LatestStreamLabel && `${arn}/stream/${made.LatestStreamLabel}`,
    engineStreamArn: made?.LatestStreamArn,
    keyAttributes: properties.KeySchema.map((part) => part.AttributeName),
    ttlAttribute: ttl?.Enabled ? ttl.AttributeName : undefined,
  };
}

async function setTimeToLive(client: DynamoDBClient, name: string, attribute: string): Promise<void> {
  try {
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { Enabled: true, AttributeName: attribute },
      }),
    );
  } catch (error) {
    // Refused when it is already so: the table is from an earlier run.
    if (!/already enabled/i.test((error as Error).message)) throw error;
  }
}

function pick(source: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in source).map((name) => [name, source[name]]));
}
