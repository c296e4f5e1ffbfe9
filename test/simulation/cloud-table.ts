import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '../../local/cloud.ts';
import { type Raw, scanTable } from './snapshot.ts';

export function tableNameOf({ resources }: LocalCloud): string {
  const table = resources.find(({ type }) => type === 'AWS::DynamoDB::Table' || type === 'AWS::DynamoDB::GlobalTable');
  if (table?.ref === undefined) throw new Error('the cloud has no table');
  return table.ref;
}

/** How many invocations of functions have ended. */
function invocationsOf(cloud: Pick<LocalCloud, 'metrics'>): number {
  const counts = cloud.metrics().metrics.filter((metric) => metric.name === 'Invocations');
  return counts.reduce((sum, metric) => sum + metric.sum, 0);
}

/** Lets everything come to rest, which takes as long as it takes. */
async function comeToRest(cloud: Pick<LocalCloud, 'settle'>): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const isQuiet = await cloud.settle().then(
      () => true,
      (error: Error) => {
        if (!error.message.startsWith('not quiet')) throw error;
        return false;
      },
    );
    if (isQuiet) return;
  }
  throw new Error('the cloud never came to rest');
}

/**
 * Reads while nothing writes: a schedule that came due during a long reading would leave a page from before its moves
 * beside one from after them. What was read while a function ran is read again.
 */
export async function readAtRest<T>(cloud: Pick<LocalCloud, 'metrics' | 'settle'>, read: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 20; tries += 1) {
    await comeToRest(cloud);
    const before = invocationsOf(cloud);
    const found = await read();
    // One that began meanwhile is counted when it has ended.
    await comeToRest(cloud);
    if (invocationsOf(cloud) === before) return found;
  }
  throw new Error('functions ran during every reading');
}

/** Everything in the table of a running local cloud, as it lay there at one moment. */
export async function itemsOfCloud(cloud: LocalCloud): Promise<Raw[]> {
  const { endpoints, region, credentials } = cloud;
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  try {
    const documents = DynamoDBDocumentClient.from(client);
    return await readAtRest(cloud, async () => scanTable(documents, tableNameOf(cloud)));
  } finally {
    client.destroy();
  }
}
