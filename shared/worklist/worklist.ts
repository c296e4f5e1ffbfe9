import type { QueueName, WorklistKind, WorkMessage } from './worklist-kinds.ts';

/** An item whose time to be looked at has come. */
export interface WaitingItem {
  /** What its worker is told; absent where a person must act. */
  message?: WorkMessage;
  /** The instant from which it was to be looked at. */
  since: string;
  /** By when somebody must have acted. */
  dueAt?: string;
}

/** What waits, found again without any event. */
export interface Worklist {
  /** Items of a kind whose time has come, as they are now: one that has moved on since is left out. */
  waiting(kind: WorklistKind, now: Date): AsyncIterable<WaitingItem>;
  /** Lets an item rest until a later instant, unless it has moved on. */
  postpone(kind: WorklistKind, item: WaitingItem, until: Date): Promise<void>;
}

/** Where workers wait for messages. */
export interface WorkQueues {
  send(queue: QueueName, messages: readonly WorkMessage[]): Promise<void>;
}
