import type { WorkQueues } from './worklist.ts';
import { kindOfPartition, type WorkMessage } from './worklist-kinds.ts';

/** A change of an item, as the table's stream tells it. */
export interface ItemChange {
  /** What names the item for its worker; undefined for items that no worker knows. */
  message: WorkMessage | undefined;
  /** Where the item waits now, and where it waited before the change. */
  partition: string | undefined;
  partitionBefore: string | undefined;
}

/**
 * Tells a worker at once that an item has come to wait for it. Nothing rests on it: a change that is lost here is found
 * by the sweep.
 * @returns whether somebody was told
 */
export async function relayWork(queues: WorkQueues, change: ItemChange): Promise<boolean> {
  const { message, partition, partitionBefore } = change;
  if (message === undefined || partition === undefined || partition === partitionBefore) return false;
  const kind = kindOfPartition(partition);
  if (kind?.isRelayed !== true || kind.queue === undefined) return false;
  await queues.send(kind.queue, [message]);
  return true;
}
