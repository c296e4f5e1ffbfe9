import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';

/** An item as the table holds it. */
export type Raw = Readonly<Record<string, unknown>>;

/** Everything the table holds at one moment, found by its keys. */
export interface Snapshot {
  readonly items: readonly Raw[];
  /** Items whose partition key begins so and whose sort key is or begins so. */
  under(pkPrefix: string, skPrefix: string): readonly Raw[];
  at(pk: string, sk: string): Raw | undefined;
}

export function text(item: Raw, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw new TypeError(`${keyOf(item)} has no text ${name}`);
  return value;
}

export function count(item: Raw, name: string): number {
  const value = item[name];
  if (typeof value !== 'number') throw new TypeError(`${keyOf(item)} has no number ${name}`);
  return value;
}

/** A nested object; undefined where there is none. */
export function part(item: Raw | undefined, name: string): Raw | undefined {
  return item?.[name] as Raw | undefined;
}

export function keyOf(item: Raw): string {
  return `${String(item['pk'])}/${String(item['sk'])}`;
}

/** What follows the first `#` of a partition key. */
export function idOf(item: Raw): string {
  const pk = text(item, 'pk');
  return pk.slice(pk.indexOf('#') + 1);
}

export function snapshotOf(items: readonly Raw[]): Snapshot {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const byKind = Map.groupBy(items, (item) => text(item, 'pk').split('#', 1)[0] ?? '');
  return {
    items,
    at: (pk, sk) => byKey.get(`${pk}/${sk}`),
    under: (pkPrefix, skPrefix) => {
      const kind = byKind.get(pkPrefix.split('#', 1)[0] ?? '') ?? [];
      return kind.filter((item) => text(item, 'pk').startsWith(pkPrefix) && text(item, 'sk').startsWith(skPrefix));
    },
  };
}

/** Reads the whole table, item by item, as it lies there. */
export async function scanTable(client: DynamoDBDocumentClient, tableName: string): Promise<Raw[]> {
  const items: Raw[] = [];
  let from: Raw | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: tableName,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
