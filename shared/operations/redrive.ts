import type { Actor } from '../access/actor.ts';
import type { QueueName } from '../worklist/worklist-kinds.ts';

/** running 进行中 (or broken off by a crash) · done 已完成 */
export type RedriveState = 'running' | 'done';

/** One sending back of dead letters (死信重投): who had which queue's letters tried again, and what came of it. */
export interface Redrive {
  id: string;
  st: RedriveState;
  version: number;
  auditHead: string;
  queue: QueueName;
  /** At most so many were to be moved. */
  limit: number;
  by: Actor;
  /** Letters that the work queue took. */
  moved: number;
  /** Letters that could not be moved and are still dead. */
  failed: number;
  /** Still in the dead-letter queue when it ended, as far as SQS knew. */
  left: number;
  createdAt: string;
  updatedAt: string;
}

export type RedriveOutcome = Pick<Redrive, 'moved' | 'failed' | 'left'>;

/** Keeps redrives with their audit records. */
export interface RedriveStore {
  /** Puts the order on record before anything moves; the one that is there under this id is given back. */
  start(order: Pick<Redrive, 'id' | 'queue' | 'limit'>, by: Actor, at: Date): Promise<Redrive>;
  /** @throws DomainError `changed-meanwhile` when it was ended by somebody else. */
  finish(redrive: Redrive, outcome: RedriveOutcome, by: Actor, at: Date): Promise<Redrive>;
  /** Newest first. */
  list(cursor?: string): Promise<{ redrives: Redrive[]; next?: string }>;
}
