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
  kind: 'claim' | 'class' | 'evidence';
  state: string;
  /** The queue of its worker; absent where a person must act, or a schedule of its own looks. */
  queue?: QueueName;
  /** The state change itself is told to the worker at once; the rest is found by the sweep when its time has come. */
  isRelayed?: true;
  /** What waits past its due time is counted as overdue. */
  isDue?: true;
}

/**
 * Everything that waits for an event, in one place (`wpk` = `W#<kind>#<state>#0`, `wsk` = the instant to look). Notices,
 * objections, payments and refused claims, whose evidence is to be locked, have schedules of their own, which read the
 * same index.
 */
export const worklistKinds: readonly WorklistKind[] = [
  { kind: 'claim', state: 'submitted', queue: 'assess', isRelayed: true, isDue: true },
  // A decided claim waits here only until its lines have given back what they held.
  { kind: 'claim', state: 'returned', queue: 'assess', isRelayed: true },
  { kind: 'claim', state: 'withdrawn', queue: 'assess', isRelayed: true },
  // Refused by officers; afterwards it waits as `refused` for the locks of its evidence.
  { kind: 'claim', state: 'refusing', queue: 'assess', isRelayed: true },
  { kind: 'claim', state: 'assessed', isDue: true },
  { kind: 'claim', state: 'endorsed', isDue: true },
  { kind: 'class', state: 'filed', isDue: true },
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
