import type { QueueName, WorklistKind, WorkMessage } from './worklist-kinds.ts';

/** What names an item in a log: ids, never what it holds. */
export interface ItemNames {
  claimId?: string;
  evidenceId?: string;
  classId?: string;
  noticeId?: string;
  objectionId?: string;
  batchId?: string;
  applicationId?: string;
}

/** An item whose time to be looked at has come. */
export interface WaitingItem {
  names: ItemNames;
  /** What its worker is told; undefined for items that no worker knows. */
  message?: WorkMessage;
  /** Whose desk it lies on, where the item says it. */
  authority?: string;
  /** The instant from which it was to be looked at. */
  since: string;
  /** By when somebody must have acted. */
  dueAt?: string;
}

/** What waits, found again without any event. */
export interface Worklist {
  /** Items of a kind that stand under `now` or earlier, as they are now: one that has moved on since is left out. */
  waiting(kind: WorklistKind, now: Date): AsyncIterable<WaitingItem>;
  /** Lets an item rest until a later instant, unless it has moved on. */
  postpone(kind: WorklistKind, item: WaitingItem, until: Date): Promise<void>;
}

/** Where workers wait for messages. */
export interface WorkQueues {
  send(queue: QueueName, messages: readonly WorkMessage[]): Promise<void>;
}
