import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { Table } from './tables.ts';

/** Removes items whose time to live is over, which the engine never does by itself. */
export interface Expiry {
  /** @returns how many items went. */
  sweep(now: number): Promise<number>;
  /** Whether the removal of this item, seen in the stream, was one of ours; true once for each. */
  wasExpired(table: Table, keys: unknown): boolean;
}

export function createExpiry(client: DynamoDBClient, tables: readonly Table[]): Expiry {
  const removed = new Set<string>();
  const mark = (table: Table, keys: unknown): string => `${table.name} ${JSON.stringify(sorted(keys))}`;

  const sweepTable = async (table: Table, attribute: string, now: number): Promise<number> => {
    let count = 0;
    const seconds = String(Math.floor(now / 1000));
    const pages = paginateScan(
      { client },
      {
        TableName: table.name,
        FilterExpression: '#ttl < :now AND attribute_type(#ttl, :number)',
        ExpressionAttributeNames: { '#ttl': attribute },
        ExpressionAttributeValues: { ':now': { N: seconds }, ':number': { S: 'N' } },
      },
    );
    for await (const page of pages) {
      for (const item of page.Items ?? []) {
        const keys = Object.fromEntries(table.keyAttributes.map((name) => [name, item[name]]));
        removed.add(mark(table, keys));
        await client.send(new DeleteItemCommand({ TableName: table.name, Key: keys as NonNullable<typeof item> }));
        count += 1;
      }
    }
    return count;
  };

  return {
    sweep: async (now) => {
      let count = 0;
      for (const table of tables) {
        if (table.ttlAttribute !== undefined) count += await sweepTable(table, table.ttlAttribute, now);
      }
      return count;
    },
    wasExpired: (table, keys) => removed.delete(mark(table, keys)),
  };
}

function sorted(keys: unknown): unknown {
  return Object.entries(keys as object).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
