import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { businessDate } from '../clock/clock.ts';
import type { PaidClaim, PaidClaims } from '../evidence/retain-paid-evidence.ts';
import { readLines } from './line-writes.ts';
import { awaitsRetention, batchClaimKey } from './payment-items.ts';
import { query, readItem } from './read.ts';
import type { Item, Table } from './table.ts';

const waitingSchema = z.object({ claimId: z.string(), wpk: z.string().optional(), wsk: z.string().optional() });

/** Claims of payment batches whose money arrived, until their evidence is locked for the years after it. */
export function createPaidClaimsTable(table: Table): PaidClaims {
  /** Holds only while the claim waits as it was read: more may have been paid meanwhile. */
  const note = async ({ batchId, claimId, since }: PaidClaim, update: string, values: Item): Promise<void> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: batchClaimKey(batchId, claimId),
          UpdateExpression: update,
          ConditionExpression: 'wpk = :w AND wsk = :since',
          ExpressionAttributeValues: { ':w': awaitsRetention, ':since': since, ...values },
        }),
      );
    } catch (error) {
      // It waits anew, or no longer: either way not as it was read.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  return {
    async *waiting(now) {
      const found = query(table, {
        IndexName: 'worklist',
        KeyConditionExpression: 'wpk = :w AND wsk <= :now',
        ExpressionAttributeValues: { ':w': awaitsRetention, ':now': now.toISOString() },
      });
      for await (const place of found) {
        const key = { pk: String(place['pk']), sk: String(place['sk']) };
        const item = await readItem(table, key, waitingSchema);
        if (item?.wpk !== awaitsRetention || item.wsk === undefined) continue;
        yield { claimId: item.claimId, batchId: key.pk.slice('BATCH#'.length), since: item.wsk };
      }
    },
    async lastPaidOn(claimId) {
      const instants = (await readLines(table, claimId)).flatMap(({ paid }) => (paid === undefined ? [] : [paid.at]));
      const last = instants.toSorted().at(-1);
      return last === undefined ? undefined : businessDate(new Date(last));
    },
    done: async (paid) => note(paid, 'REMOVE wpk, wsk', {}),
    postpone: async (paid, until) => note(paid, 'SET wsk = :until', { ':until': until.toISOString() }),
  };
}
