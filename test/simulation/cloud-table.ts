import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '../../local/cloud.ts';
import { type Raw, scanTable } from './snapshot.ts';

export function tableNameOf({ resources }: LocalCloud): string {
  const table = resources.find(({ type }) => type === 'AWS::DynamoDB::Table' || type === 'AWS::DynamoDB::GlobalTable');
  if (table?.ref === undefined) throw new Error('the cloud has no table');
  return table.ref;
}

/** Everything in the table of a running local cloud. */
export async function itemsOfCloud(cloud: LocalCloud): Promise<Raw[]> {
  const { endpoints, region, credentials } = cloud;
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  try {
    return await scanTable(DynamoDBDocumentClient.from(client), tableNameOf(cloud));
  } finally {
    client.destroy();
  }
}
