import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ItemNames, WaitingItem, Worklist } from '../worklist/worklist.ts';
import { type WorklistKind, type WorkMessage, worklistPartition } from '../worklist/worklist-kinds.ts';
import { claimKey } from './entitlement-keys.ts';
import { evidenceItemKey, evidenceReferenceOf } from './evidence-items.ts';
import { query, readItem } from './read.ts';
import type { Key, Table } from './table.ts';

const waitingSchema = z.object({
  wpk: z.string().optional(),
  wsk: z.string().optional(),
  dueAt: z.string().optional(),
  authority: z.string().optional(),
});

const namedBy: Readonly<Record<string, keyof ItemNames>> = {
  CLAIM: 'claimId',
  EVIDENCE: 'evidenceId',
  CLASS: 'classId',
  NOTICE: 'noticeId',
  OBJECTION: 'objectionId',
  BATCH: 'batchId',
  FUNDAPPLICATION: 'applicationId',
};

/** The ids that an item's key is made of. */
function namesIn({ pk, sk }: Key): ItemNames {
  const names: ItemNames = {};
  for (const part of [pk, sk]) {
    const [prefix = '', id] = part.split('#');
    const name = namedBy[prefix];
    if (name !== undefined && id !== undefined) names[name] = id;
  }
  return names;
}

/** What a worker is told of an item; undefined for items that no worker knows. */
export function messageFor({ pk, sk }: Key): WorkMessage | undefined {
  if (sk === 'META' && pk.startsWith('CLAIM#')) return { claimId: pk.slice('CLAIM#'.length) };
  return evidenceReferenceOf({ pk, sk });
}

function keyOf({ claimId, evidenceId }: WorkMessage): Key {
  return evidenceId === undefined ? claimKey(claimId) : evidenceItemKey({ claimId, evidenceId });
}

/** The worklist index; every item it names is read again before anything is done about it. */
export function createWorklistTable(table: Table): Worklist {
  async function* waiting(kind: WorklistKind, now: Date): AsyncGenerator<WaitingItem> {
    const partition = worklistPartition(kind);
    const found = query(table, {
      IndexName: 'worklist',
      KeyConditionExpression: 'wpk = :w AND wsk <= :now',
      ExpressionAttributeValues: { ':w': partition, ':now': now.toISOString() },
    });
    for await (const place of found) {
      const key = { pk: String(place['pk']), sk: String(place['sk']) };
      const message = messageFor(key);
      const item = await readItem(table, key, waitingSchema);
      if (item?.wpk !== partition || item.wsk === undefined || item.wsk > now.toISOString()) continue;
      const { wsk: since, dueAt, authority } = item;
      yield {
        names: namesIn(key),
        since,
        ...(message === undefined ? {} : { message }),
        ...(dueAt === undefined ? {} : { dueAt }),
        ...(authority === undefined ? {} : { authority }),
      };
    }
  }

  return {
    waiting,
    async postpone(kind, { message, since }, until) {
      if (message === undefined) return;
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(message),
            UpdateExpression: 'SET wsk = :until',
            ConditionExpression: 'wpk = :w AND wsk = :since',
            ExpressionAttributeValues: {
              ':until': until.toISOString(),
              ':since': since,
              ':w': worklistPartition(kind),
            },
          }),
        );
      } catch (error) {
        // It has moved on, which is what the reminder was for.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
