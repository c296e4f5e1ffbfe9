import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { DisclosureCount } from '../access/disclosure-count.ts';
import type { Table } from './table.ts';

const hourMs = 60 * 60 * 1000;
const countSchema = z.object({ taken: z.int() });

/** Counters in items that expire, one for each person and hour. */
export function createDisclosureCount(table: Table): DisclosureCount {
  return {
    async add({ tenant, subject }, now) {
      const hour = Math.floor(now.getTime() / hourMs);
      const who = [tenant, subject].map((part) => encodeURIComponent(part)).join('#');
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: `RATE#DISCLOSURE#${who}`, sk: `HOUR#${hour}` },
          UpdateExpression: 'SET expiresAt = :e, #type = :t ADD taken :one',
          ExpressionAttributeNames: { '#type': 'type' },
          ExpressionAttributeValues: { ':e': ((hour + 2) * hourMs) / 1000, ':t': 'rate', ':one': 1 },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return countSchema.parse(Attributes).taken;
    },
  };
}
