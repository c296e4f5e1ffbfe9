import type { QueueName } from '../worklist/worklist-kinds.ts';

/** The work queues whose dead letters we send back ourselves. */
export const redrivableQueues = ['assess', 'verify'] as const satisfies readonly QueueName[];

/** How much lies in a queue. SQS counts approximately: good for people, not for deciding. */
export interface QueueDepth {
  /** May be taken now. */
  waiting: number;
  /** Taken and not yet done with. */
  inFlight: number;
}

/** A work queue beside the queue of what its worker could not do (死信队列). */
export interface QueueDepths {
  work: QueueDepth;
  deadLetters: QueueDepth;
}

/** A letter that stayed where it was, by SQS's id, with what went wrong. */
export interface LetterFailure {
  messageId: string;
  error: unknown;
}

/** What one grasp into a dead-letter queue came to. */
export interface MovedLetters {
  taken: number;
  /** Safe in the work queue; `taken` less those that failed. */
  moved: number;
  failures: LetterFailure[];
}

/** The dead letters of each work queue. What is in a letter never leaves the adapter. */
export interface DeadLetters {
  depths(queue: QueueName): Promise<QueueDepths>;
  /** Takes up to `most` letters (at most ten) and moves each to its work queue: sent there first, deleted here after. */
  moveSome(queue: QueueName, most: number): Promise<MovedLetters>;
}
