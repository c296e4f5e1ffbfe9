import { setTimeout } from 'node:timers/promises';
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { DomainError } from '../errors/domain-error.ts';
import { type AuditEntry, type AuditRecord, chainRecord, chainStart } from '../supervision/audit-chain.ts';
import type { Item, Key, Table } from './table.ts';

export type WriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** An entity as it was read: the write holds only if nobody has moved it since. */
export interface Entity {
  key: Key;
  st: string;
  version: number;
  auditHead: string;
}

export interface Transition {
  /** The partition of the audit chain, without `AUDIT#`: the claim's id, or the class's, the notice's, the fund's. */
  chain: string;
  entity: Entity;
  to: string;
  audit: AuditEntry;
  /** Attributes to set. */
  set?: Item;
  /** Attributes to take away, such as the worklist key of a state that waits for nobody. */
  remove?: readonly string[];
  /** Numbers to add to, for counters. */
  add?: Record<string, number>;
  /** A further condition in the same write, over names and values given with it. */
  condition?: { expression: string; names?: Record<string, string>; values?: Item };
}

/** The condition that a move starts in a state that permits it, whatever was read or looked at before its write. */
export function startsIn(states: readonly string[]): NonNullable<Transition['condition']> {
  return {
    expression: `#st IN (${states.map((_, at) => `:p${at}`).join(', ')})`,
    values: Object.fromEntries(states.map((state, at) => [`:p${at}`, state])),
  };
}

/** Conditions that hold together; their names and values must differ. */
export function allOf(
  ...conditions: readonly NonNullable<Transition['condition']>[]
): NonNullable<Transition['condition']> {
  return {
    expression: conditions.map(({ expression }) => `(${expression})`).join(' AND '),
    names: Object.assign({}, ...conditions.map(({ names }) => names)) as Record<string, string>,
    values: Object.assign({}, ...conditions.map(({ values }) => values)) as Item,
  };
}

function auditKey(chain: string, record: AuditRecord): Key {
  return { pk: `AUDIT#${chain}`, sk: `${record.entity}#${String(record.version).padStart(8, '0')}` };
}

function putAudit(table: Table, chain: string, record: AuditRecord): WriteItem {
  return {
    Put: {
      TableName: table.name,
      Item: { ...auditKey(chain, record), type: 'audit', ...record },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** The writes that bring an entity into being: put if absent, with the first record of its chain. */
export function creation(
  table: Table,
  chain: string,
  item: Item & Key & { st: string },
  audit: AuditEntry,
): [WriteItem, WriteItem] {
  const step = { entity: item.sk, version: 1, from: '', to: item.st, previous: chainStart };
  const record = chainRecord({ ...audit, chain, ...step });
  return [
    {
      Put: {
        TableName: table.name,
        Item: { ...item, version: 1, auditHead: record.hash, createdAt: audit.at, updatedAt: audit.at },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    putAudit(table, chain, record),
  ];
}

/**
 * The two writes of one transition: the entity's update, conditional on the state and version that were read, and its
 * audit record. They always travel in one transaction. The entity's write is the first of the two.
 */
export function transition(table: Table, change: Transition): [WriteItem, WriteItem] {
  const { entity, to, audit } = change;
  const version = entity.version + 1;
  const record = chainRecord({
    ...audit,
    chain: change.chain,
    entity: entity.key.sk,
    version,
    from: entity.st,
    to,
    previous: entity.auditHead,
  });
  const set: Item = { ...change.set, st: to, version, auditHead: record.hash, updatedAt: audit.at };
  const names: Record<string, string> = { '#st': 'st', '#version': 'version' };
  const values: Item = { ':from': entity.st, ':v': entity.version };
  const setParts = Object.entries(set)
    .filter(([, value]) => value !== undefined)
    .map(([name, value], i) => {
      names[`#s${i}`] = name;
      values[`:s${i}`] = value;
      return `#s${i} = :s${i}`;
    });
  const removeParts = (change.remove ?? []).map((name, i) => {
    names[`#r${i}`] = name;
    return `#r${i}`;
  });
  const addParts = Object.entries(change.add ?? {}).map(([name, value], i) => {
    names[`#a${i}`] = name;
    values[`:a${i}`] = value;
    return `#a${i} :a${i}`;
  });
  const expression = [`SET ${setParts.join(', ')}`];
  if (removeParts.length > 0) expression.push(`REMOVE ${removeParts.join(', ')}`);
  if (addParts.length > 0) expression.push(`ADD ${addParts.join(', ')}`);
  const further = change.condition === undefined ? '' : ` AND (${change.condition.expression})`;
  return [
    {
      Update: {
        TableName: table.name,
        Key: entity.key,
        UpdateExpression: expression.join(' '),
        ConditionExpression: `#st = :from AND #version = :v${further}`,
        ExpressionAttributeNames: { ...names, ...change.condition?.names },
        ExpressionAttributeValues: { ...values, ...change.condition?.values },
      },
    },
    putAudit(table, change.chain, record),
  ];
}

/** What became of a transaction; `failed` names by index the writes whose condition did not hold. */
export type WriteResult = { kind: 'done' } | { kind: 'refused'; failed: ReadonlySet<number> };

function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(
    ({ Code }) => Code === 'TransactionConflict' || Code === 'ThrottlingError',
  );
}

/**
 * Writes all or nothing. A transaction that only collided with another is tried again a few times; one whose
 * conditions failed comes back as a refusal that names them.
 * @throws DomainError `changed-meanwhile` when the collisions do not end.
 */
export async function writeAll(table: Table, items: readonly WriteItem[]): Promise<WriteResult> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems: [...items] }));
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof TransactionCanceledException) {
        const failed = new Set<number>();
        (error.CancellationReasons ?? []).forEach((reason, index) => {
          if (reason.Code === 'ConditionalCheckFailed') failed.add(index);
        });
        if (failed.size > 0) return { kind: 'refused', failed };
      }
      if (!isConflict(error)) throw error;
      // Colliding writers that wait equally long would collide again.
      await setTimeout(Math.random() * 20 * 2 ** attempt);
    }
  }
  throw new DomainError('changed-meanwhile', '该记录正被他人同时办理，请刷新后重试。');
}

/**
 * Writes all or nothing, and takes any failed condition for "somebody was faster".
 * @throws DomainError `changed-meanwhile`
 */
export async function writeAllOrThrow(table: Table, items: readonly WriteItem[]): Promise<void> {
  const result = await writeAll(table, items);
  if (result.kind === 'refused')
    throw new DomainError('changed-meanwhile', '该记录刚刚已被他人更新，请刷新后按最新内容办理。');
}
