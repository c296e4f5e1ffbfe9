import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DomainError } from '../errors/domain-error.ts';
import type { ObjectionAllowance } from '../publicity/objection-store.ts';
import type { Table } from './table.ts';

const hourMs = 60 * 60 * 1000;

/** How many objections are taken within an hour from one source, and to one notice from all sources together. */
export const objectionLimits = { fromSource: 10, toNotice: 300 } as const;

/**
 * Counts objections by the hour in items that expire. A source is a keyed hash of its address; the address itself is
 * kept nowhere. The notice's own limit is far above what real readers send, so that nobody can close it to others.
 */
export function createObjectionAllowance(table: Table): ObjectionAllowance {
  const count = async (counter: string, limit: number, now: Date): Promise<void> => {
    const hour = Math.floor(now.getTime() / hourMs);
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: `RATE#${counter}`, sk: `HOUR#${hour}` },
          UpdateExpression: 'SET expiresAt = :e, #type = :t ADD taken :one',
          ConditionExpression: 'attribute_not_exists(taken) OR taken < :limit',
          ExpressionAttributeNames: { '#type': 'type' },
          ExpressionAttributeValues: {
            ':e': ((hour + 2) * hourMs) / 1000,
            ':t': 'rate',
            ':one': 1,
            ':limit': limit,
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new DomainError(
        'too-many-requests',
        '提交过于频繁，请一小时后再试；也可以按公示上的地址和电话来信、来电、来访提出异议。',
      );
    }
  };
  return {
    async take(source, noticeId, now) {
      await count(`OBJECTION#SOURCE#${source}`, objectionLimits.fromSource, now);
      await count(`OBJECTION#NOTICE#${noticeId}`, objectionLimits.toNotice, now);
    },
  };
}
