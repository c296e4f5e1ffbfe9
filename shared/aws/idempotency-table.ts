import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { IdempotencyClaim, IdempotencyScope, IdempotencyStore, StoredReply } from '../access/idempotency-store.ts';
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
  reply: z
    .object({
      status: z.number(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
      /** The body lies beside in so many parts, named by its hash. */
      parts: z.object({ sha256: z.string(), count: z.number() }).optional(),
    })
    .optional(),
});
const partSchema = z.object({ bytes: z.instanceof(Uint8Array) });

/** An item of the table holds 400 KB; the answer about a claim of thousands of lines is larger. */
const mostBytesOfItem = 300_000;

type Reply = NonNullable<z.infer<typeof replySchema>['reply']>;

function keyOf(scope: IdempotencyScope): Key {
  const parts = [scope.tenant, scope.subject, scope.route, scope.key].map((part) => encodeURIComponent(part));
  return { pk: `IDEMPOTENCY#${parts.join('#')}`, sk: 'REPLY' };
}

/** Seconds since 1970, as the table's time-to-live wants it. */
function expiry(now: Date): number {
  return Math.floor((now.getTime() + keepMs) / 1000);
}

function partKey(scope: IdempotencyScope, sha256: string, part: number): Key {
  return { pk: keyOf(scope).pk, sk: `REPLY#${sha256}#${String(part).padStart(3, '0')}` };
}

export function createIdempotencyTable(table: Table): IdempotencyStore {
  /** Lays a large body beside its reply. Named by what they hold, the parts of two workers never mix. */
  const putBeside = async (scope: IdempotencyScope, reply: StoredReply, now: Date): Promise<Reply> => {
    const bytes = Buffer.from(reply.body);
    if (bytes.length <= mostBytesOfItem) return reply;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const count = Math.ceil(bytes.length / mostBytesOfItem);
    for (let part = 0; part < count; part += 1) {
      const Item = {
        ...partKey(scope, sha256, part),
        type: 'idempotency-part',
        bytes: bytes.subarray(part * mostBytesOfItem, (part + 1) * mostBytesOfItem),
        expiresAt: expiry(now),
      };
      await table.client.send(new PutCommand({ TableName: table.name, Item }));
    }
    return { ...reply, body: '', parts: { sha256, count } };
  };

  const bodyOf = async (scope: IdempotencyScope, { body, parts }: Reply): Promise<string> => {
    if (parts === undefined) return body;
    const pieces: Uint8Array[] = [];
    for (let part = 0; part < parts.count; part += 1) {
      const piece = await readItem(table, partKey(scope, parts.sha256, part), partSchema);
      if (piece === undefined) throw new Error('a part of a remembered reply is gone');
      pieces.push(piece.bytes);
    }
    return Buffer.concat(pieces).toString();
  };

  const look = async (scope: IdempotencyScope, bodyHash: string, now: Date): Promise<IdempotencyClaim | undefined> => {
    const item = await readItem(table, keyOf(scope), replySchema);
    // The engine removes expired items late: to us they are gone at their hour.
    if (item === undefined || item.expiresAt * 1000 <= now.getTime()) return undefined;
    if (item.bodyHash !== bodyHash) return { kind: 'other-body' };
    if (item.st === 'done' && item.reply !== undefined) {
      const { status, headers } = item.reply;
      return { kind: 'replayed', reply: { status, headers, body: await bodyOf(scope, item.reply) } };
    }
    return item.leaseUntil > now.getTime() ? { kind: 'in-progress' } : undefined;
  };
  return {
    async begin(scope, bodyHash, now) {
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...keyOf(scope),
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
      return (await look(scope, bodyHash, now)) ?? { kind: 'in-progress' };
    },
    async finish(scope, bodyHash, reply, now) {
      const kept = await putBeside(scope, reply, now);
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(scope),
            UpdateExpression: 'SET st = :d, reply = :r, expiresAt = :e',
            ConditionExpression: 'bodyHash = :h',
            ExpressionAttributeValues: { ':d': 'done', ':r': kept, ':e': expiry(now), ':h': bodyHash },
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
