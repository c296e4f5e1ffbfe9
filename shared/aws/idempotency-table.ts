import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { IdempotencyClaim, IdempotencyScope, IdempotencyStore } from '../access/idempotency-store.ts';
import { readItem } from './read.ts';
import type { Key, Table } from './table.ts';

// Longer than any API request may run (30 s), so that a lease that ran out means a crash.
const leaseMs = 60_000;
const keepMs = 24 * 60 * 60 * 1000;

const replySchema = z.object({
  bodyHash: z.string(),
  st: z.enum(['in-progress', 'done']),
  leaseUntil: z.number(),
  expiresAt: z.number(),
  reply: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }).optional(),
});

function keyOf(scope: IdempotencyScope): Key {
  const parts = [scope.tenant, scope.subject, scope.route, scope.key].map((part) => encodeURIComponent(part));
  return { pk: `IDEMPOTENCY#${parts.join('#')}`, sk: 'REPLY' };
}

/** Seconds since 1970, as the table's time-to-live wants it. */
function expiry(now: Date): number {
  return Math.floor((now.getTime() + keepMs) / 1000);
}

export function createIdempotencyTable(table: Table): IdempotencyStore {
  const look = async (key: Key, bodyHash: string, now: Date): Promise<IdempotencyClaim | undefined> => {
    const item = await readItem(table, key, replySchema);
    // The engine removes expired items late: to us they are gone at their hour.
    if (item === undefined || item.expiresAt * 1000 <= now.getTime()) return undefined;
    if (item.bodyHash !== bodyHash) return { kind: 'other-body' };
    if (item.st === 'done' && item.reply !== undefined) return { kind: 'replayed', reply: item.reply };
    return item.leaseUntil > now.getTime() ? { kind: 'in-progress' } : undefined;
  };
  return {
    async begin(scope, bodyHash, now) {
      const key = keyOf(scope);
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...key,
              type: 'idempotency',
              bodyHash,
              st: 'in-progress',
              leaseUntil: now.getTime() + leaseMs,
              expiresAt: expiry(now),
            },
            ConditionExpression:
              'attribute_not_exists(pk) OR expiresAt <= :s OR (st = :p AND leaseUntil <= :ms AND bodyHash = :h)',
            ExpressionAttributeValues: {
              ':s': Math.floor(now.getTime() / 1000),
              ':p': 'in-progress',
              ':ms': now.getTime(),
              ':h': bodyHash,
            },
          }),
        );
        return { kind: 'first' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
      // Undefined means that it was freed between the two calls; the client's next try will find it free.
      return (await look(key, bodyHash, now)) ?? { kind: 'in-progress' };
    },
    async finish(scope, bodyHash, reply, now) {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(scope),
            UpdateExpression: 'SET st = :d, reply = :r, expiresAt = :e',
            ConditionExpression: 'bodyHash = :h',
            ExpressionAttributeValues: { ':d': 'done', ':r': reply, ':e': expiry(now), ':h': bodyHash },
          }),
        );
      } catch (error) {
        // A worker that was taken for dead came back late: the reply of its successor stands.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
    async abandon(scope, bodyHash) {
      try {
        await table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key: keyOf(scope),
            ConditionExpression: 'bodyHash = :h AND st = :p',
            ExpressionAttributeValues: { ':h': bodyHash, ':p': 'in-progress' },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
