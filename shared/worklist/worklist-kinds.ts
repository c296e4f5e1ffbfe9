/** The queues of the workers that items of the worklist wait for. */
export type QueueName = 'assess' | 'verify';

/** What a worker is told: where to look, nothing else. State decides what there is to do. */
export interface WorkMessage {
  claimId: string;
  evidenceId?: string;
}

/** One state in which items wait on the worklist, and who is to be reminded of them. */
export interface WorklistKind {
  /** The entity, as the index spells it. */
  kind: 'claim' | 'line' | 'evidence' | 'class' | 'notice' | 'objection' | 'payment' | 'fund-application';
  state: string;
  /** The queue of its worker; absent where a person must act, or a schedule of its own looks. */
  queue?: QueueName;
  /** The state change itself is told to the worker at once; the rest is found by the sweep when its time has come. */
  isRelayed?: true;
  /** Reminders move the item's place on the worklist; it is overdue from the `dueAt` on that it carries. */
  isDue?: true;
  /**
   * Where no queue is reminded: how long after its place on the worklist an item is overdue. Sooner it is not even read.
   * Milliseconds.
   */
  overdueAfterMs?: number;
}

const day = 24 * 60 * 60_000;

/**
 * Everything that waits, in one place (`wpk` = `W#<kind>#<state>#0`, `wsk` = the instant to look). The sweep sends again
 * for what has a queue, and counts what has waited too long. Notices, objections, payments and refused claims, whose
 * evidence is to be locked, have schedules of their own, which read the same index. The regulation sets no periods for
 * most of these waits; the days are the product's, and leave room for the longest holidays.
 */
export const worklistKinds: readonly WorklistKind[] = [
  { kind: 'claim', state: 'submitted', queue: 'assess', isRelayed: true, isDue: true },
  // A decided claim waits here only until its lines have given back what they held.
  { kind: 'claim', state: 'returned', queue: 'assess', isRelayed: true },
  { kind: 'claim', state: 'withdrawn', queue: 'assess', isRelayed: true },
  // Refused by officers; afterwards it waits as `refused` for the locks of its evidence.
  { kind: 'claim', state: 'refusing', queue: 'assess', isRelayed: true },
  // What waits for an officer stands on the worklist under the time by which it is due.
  { kind: 'claim', state: 'assessed', overdueAfterMs: 0 },
  { kind: 'claim', state: 'endorsed', overdueAfterMs: 0 },
  // The others stand under the time at which they came to wait.
  { kind: 'claim', state: 'approved', overdueAfterMs: 10 * day },
  { kind: 'claim', state: 'publicised', overdueAfterMs: 30 * day },
  { kind: 'claim', state: 'cleared', overdueAfterMs: 30 * day },
  { kind: 'claim', state: 'paying', overdueAfterMs: 15 * day },
  // Returned, its lines have given back what they held: it waits for its applicant (退回补正, 二(一)).
  { kind: 'claim', state: 'correcting', overdueAfterMs: 30 * day },
  // The bank sent the money back (退汇), and nobody has said where it shall go instead.
  { kind: 'line', state: 'bounced', overdueAfterMs: 30 * day },
  { kind: 'class', state: 'filed', overdueAfterMs: 0 },
  { kind: 'notice', state: 'preparing', overdueAfterMs: 10 * day },
  { kind: 'notice', state: 'running', overdueAfterMs: day },
  { kind: 'objection', state: 'open', overdueAfterMs: 0 },
  { kind: 'objection', state: 'deciding', overdueAfterMs: day },
  { kind: 'payment', state: 'collect', overdueAfterMs: day },
  { kind: 'payment', state: 'settle', overdueAfterMs: day },
  { kind: 'fund-application', state: 'applied', overdueAfterMs: 15 * day },
  // The time to look at an upload that has not arrived lies in the future: the sweep's alone.
  { kind: 'evidence', state: 'awaiting-upload', queue: 'verify' },
  { kind: 'evidence', state: 'uploaded', queue: 'verify', isRelayed: true },
];

/** The index's name for a state. */
export function worklistPartition({ kind, state }: Pick<WorklistKind, 'kind' | 'state'>): string {
  return `W#${kind}#${state}#0`;
}

const kindsByPartition = new Map(worklistKinds.map((kind) => [worklistPartition(kind), kind]));

/** The kind that waits under a name of the index; undefined for those with schedules of their own. */
export function kindOfPartition(partition: string): WorklistKind | undefined {
  return kindsByPartition.get(partition);
}
