import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';
import type { Item, Key, Table } from './table.ts';

/** Reads one item as it is now (consistently), and checks its shape; undefined when there is none. */
export async function readItem<S extends z.ZodType>(
  table: Table,
  key: Key,
  schema: S,
): Promise<z.infer<S> | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  return Item === undefined ? undefined : schema.parse(Item);
}

/** Every item of a partition whose sort key begins with `prefix`, in order, consistently, page after page. */
export async function* readPartition(table: Table, pk: string, prefix: string): AsyncGenerator<Item> {
  yield* query(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': pk, ':sk': prefix },
    ConsistentRead: true,
  });
}

/** Every item that a query yields, page after page. */
export async function* query(table: Table, input: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Item> {
  let start: Item | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        ...input,
        TableName: table.name,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    yield* page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** The refusal of a cursor that no page of ours gave. */
export function badCursor(): DomainError {
  const problems = [{ path: 'query.cursor', message: '翻页游标无效，请从第一页重新开始' }];
  return new DomainError('validation-failed', '翻页参数无效。', problems);
}

/** Where a page of an index begins. Its own keys and the table's, all of them strings. */
function startOf({ IndexName = '', ExpressionAttributeValues = {} }: PageInput, cursor: string): Item {
  const letter = IndexName.slice(0, 1);
  const key = z.strictObject({
    pk: z.string(),
    sk: z.string(),
    [`${letter}pk`]: z.string(),
    [`${letter}sk`]: z.string(),
  });
  let parsed: ReturnType<typeof key.safeParse>;
  try {
    parsed = key.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badCursor();
  }
  const start: Record<string, unknown> = parsed.data ?? {};
  // A client may turn our pages, not begin in another's list or another kind of thing.
  const bound: unknown[] = Object.values(ExpressionAttributeValues);
  const [owner, sort] = [start[`${letter}pk`], String(start[`${letter}sk`])];
  const kinds = bound.filter((value) => value !== owner);
  const isOurs = bound.includes(owner) && kinds.every((kind) => sort.startsWith(String(kind)));
  if (!parsed.success || !isOurs) throw badCursor();
  return start;
}

type PageInput = Omit<QueryCommandInput, 'TableName'>;

/**
 * One page of a query of an index, with the opaque cursor of the next. The only values that the query binds are its
 * partition and the beginning of its sort keys.
 * @throws DomainError `validation-failed` for a cursor that no page of this query gave.
 */
export async function queryPage(
  table: Table,
  input: PageInput,
  cursor: string | undefined,
): Promise<{ items: Item[]; next?: string }> {
  const start = cursor === undefined ? {} : { ExclusiveStartKey: startOf(input, cursor) };
  const page = await table.client.send(new QueryCommand({ ...input, TableName: table.name, ...start }));
  const items = page.Items ?? [];
  if (page.LastEvaluatedKey === undefined) return { items };
  return { items, next: Buffer.from(JSON.stringify(page.LastEvaluatedKey)).toString('base64url') };
}

/** Reads many items consistently, 100 a call, asking again for what the table left unprocessed; keys must be distinct. */
export async function readMany(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const items: Item[] = [];
  for (let at = 0; at < keys.length; at += 100) {
    let pending: Item[] | undefined = keys.slice(at, at + 100).map((key) => ({ ...key }));
    while (pending !== undefined && pending.length > 0) {
      const reply: BatchGetCommandOutput = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: pending, ConsistentRead: true } } }),
      );
      items.push(...(reply.Responses?.[table.name] ?? []));
      pending = reply.UnprocessedKeys?.[table.name]?.Keys;
    }
  }
  return items;
}
