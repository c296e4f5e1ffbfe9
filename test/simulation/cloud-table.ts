import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '../../local/cloud.ts';
import { type Raw, scanTable } from './snapshot.ts';

/** Everything in the table of a running local cloud. */
export async function itemsOfCloud({ endpoints, region, credentials, resources }: LocalCloud): Promise<Raw[]> {
  const table = resources.find(({ type }) => type === 'AWS::DynamoDB::Table' || type === 'AWS::DynamoDB::GlobalTable');
  if (table === undefined) throw new Error('the cloud has no table');
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  try {
    return await scanTable(DynamoDBDocumentClient.from(client), String(table.ref));
  } finally {
    client.destroy();
  }
}
