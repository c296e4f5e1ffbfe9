import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { businessDate } from '../clock/clock.ts';
import type { EndedClaim, EndedClaims } from '../evidence/retain-ended-evidence.ts';
import type { CalendarDate } from '../regulation/calendar-date.ts';
import { worklistPartition } from '../worklist/worklist-kinds.ts';
import { claimKey } from './entitlement-keys.ts';
import { readLines } from './line-writes.ts';
import { awaitsRetention, batchClaimKey } from './payment-items.ts';
import { query, readItem } from './read.ts';
import type { Item, Key, Table } from './table.ts';

const waitsFor = { paid: awaitsRetention, refused: worklistPartition({ kind: 'claim', state: 'refused' }) } as const;

const markSchema = z.object({ wpk: z.string().optional(), wsk: z.string().optional() });
const refusedSchema = z.object({ st: z.string(), refusedAt: z.string().optional() });

const keyOf = (ended: EndedClaim): Key =>
  ended.end === 'paid' ? batchClaimKey(ended.batchId, ended.claimId) : claimKey(ended.claimId);

/** What waits at a place of the worklist, by the keys of the item that carries the mark. */
function endedAt(end: EndedClaim['end'], { pk, sk }: Key, since: string): EndedClaim {
  if (end === 'refused') return { end, claimId: pk.slice('CLAIM#'.length), since };
  return { end, claimId: sk.slice('CLAIM#'.length), batchId: pk.slice('BATCH#'.length), since };
}

/** Claims that ended, until their evidence is locked for the years after: those paid by a batch, and those refused. */
export function createEndedClaimsTable(table: Table): EndedClaims {
  /** Holds only while the claim waits as it was read: more may have been paid meanwhile. */
  const note = async (ended: EndedClaim, update: string, values: Item): Promise<void> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(ended),
          UpdateExpression: update,
          ConditionExpression: 'wpk = :w AND wsk = :since',
          ExpressionAttributeValues: { ':w': waitsFor[ended.end], ':since': ended.since, ...values },
        }),
      );
    } catch (error) {
      // It waits anew, or no longer: either way not as it was read.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  async function* waitingFor(end: EndedClaim['end'], now: Date): AsyncGenerator<EndedClaim> {
    const found = query(table, {
      IndexName: 'worklist',
      KeyConditionExpression: 'wpk = :w AND wsk <= :now',
      ExpressionAttributeValues: { ':w': waitsFor[end], ':now': now.toISOString() },
    });
    for await (const place of found) {
      const key = { pk: String(place['pk']), sk: String(place['sk']) };
      const mark = await readItem(table, key, markSchema);
      if (mark?.wpk === waitsFor[end] && mark.wsk !== undefined) yield endedAt(end, key, mark.wsk);
    }
  }

  const lastPaidOn = async (claimId: string): Promise<CalendarDate | undefined> => {
    const instants = (await readLines(table, claimId)).flatMap(({ paid }) => (paid === undefined ? [] : [paid.at]));
    const last = instants.toSorted().at(-1);
    return last === undefined ? undefined : businessDate(new Date(last));
  };

  const refusedOn = async (claimId: string): Promise<CalendarDate | undefined> => {
    const claim = await readItem(table, claimKey(claimId), refusedSchema);
    if (claim?.st !== 'refused') return undefined;
    if (claim.refusedAt === undefined) throw new Error('refused claim without the instant of its refusal');
    return businessDate(new Date(claim.refusedAt));
  };

  return {
    async *waiting(now) {
      yield* waitingFor('paid', now);
      yield* waitingFor('refused', now);
    },
    endedOn: async ({ end, claimId }) => (end === 'paid' ? lastPaidOn(claimId) : refusedOn(claimId)),
    done: async (ended) => note(ended, 'REMOVE wpk, wsk', {}),
    postpone: async (ended, until) => note(ended, 'SET wsk = :until', { ':until': until.toISOString() }),
  };
}
