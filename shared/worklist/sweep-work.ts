import type { Clock } from '../clock/clock.ts';
import type { ItemNames, WaitingItem, Worklist, WorkQueues } from './worklist.ts';
import { type WorklistKind, type WorkMessage, worklistKinds } from './worklist-kinds.ts';

/** Work that needs no queue: done by the sweep itself, such as claims that wait for money. */
export interface Chore {
  name: string;
  /** @returns how many things it found to do */
  run(): Promise<number>;
}

export interface SweepDependencies {
  worklist: Worklist;
  queues: WorkQueues;
  chores: readonly Chore[];
  clock: Clock;
}

/** Something that has waited beyond its time. */
export interface OverdueItem extends ItemNames {
  /** `<entity>/<state>`, as the worklist has it. */
  state: string;
  authority?: string;
}

export interface SweepResult {
  /** Items sent to their workers again, and things that chores did. */
  found: number;
  /** How many items are past their due time. */
  overdue: number;
  /** Which ones, the longest waiting of each kind. */
  longestOverdue: OverdueItem[];
  /** Kinds and chores that failed, with what went wrong; the others were done all the same. */
  failures: { name: string; error: unknown }[];
}

// A worker may hold a message for half an hour (300 s, six times); asking more often only fills the queue.
const restMs = 10 * 60_000;
/** More than this wait only when something is wrong; the next run takes the rest. */
const mostPerRun = 2000;
const sendAtOnce = 100;
/** Of each kind so many are named, run by run: enough to act on, and no flood of lines. */
const namedPerRun = 50;

type Swept = Omit<SweepResult, 'failures'>;
type Reminder = WaitingItem & { message: WorkMessage };

function isReminder(item: WaitingItem): item is Reminder {
  return item.message !== undefined;
}

function isOverdue(kind: WorklistKind, item: WaitingItem, now: Date): boolean {
  if (kind.overdueAfterMs !== undefined) return true;
  return kind.isDue === true && item.dueAt !== undefined && item.dueAt <= now.toISOString();
}

function overdueItem({ kind, state }: WorklistKind, { names, authority }: WaitingItem): OverdueItem {
  return { ...names, state: `${kind}/${state}`, ...(authority === undefined ? {} : { authority }) };
}

async function sweepKind({ worklist, queues }: SweepDependencies, kind: WorklistKind, now: Date): Promise<Swept> {
  const longestOverdue: OverdueItem[] = [];
  let overdue = 0;
  let found = 0;
  let batch: Reminder[] = [];
  const flush = async () => {
    const { queue } = kind;
    if (queue === undefined || batch.length === 0) return;
    await queues.send(
      queue,
      batch.map(({ message }) => message),
    );
    for (const item of batch) await worklist.postpone(kind, item, new Date(now.getTime() + restMs));
    found += batch.length;
    batch = [];
  };
  let seen = 0;
  for await (const item of worklist.waiting(kind, new Date(now.getTime() - (kind.overdueAfterMs ?? 0)))) {
    seen += 1;
    if (isOverdue(kind, item, now)) {
      overdue += 1;
      if (overdue <= namedPerRun) longestOverdue.push(overdueItem(kind, item));
    }
    if (kind.queue !== undefined && isReminder(item)) batch.push(item);
    if (batch.length >= sendAtOnce) await flush();
    if (seen >= mostPerRun) break;
  }
  await flush();
  return { found, overdue, longestOverdue };
}

/**
 * Finds everything that waits for an event again, so that a lost event costs minutes and nothing else. One kind that
 * fails does not keep the others waiting.
 */
export async function sweepWork(deps: SweepDependencies): Promise<SweepResult> {
  const now = deps.clock.now();
  const result: SweepResult = { found: 0, overdue: 0, longestOverdue: [], failures: [] };
  const attempt = async (name: string, work: () => Promise<Swept>) => {
    try {
      const { found, overdue, longestOverdue } = await work();
      result.found += found;
      result.overdue += overdue;
      result.longestOverdue.push(...longestOverdue);
    } catch (error) {
      result.failures.push({ name, error });
    }
  };
  for (const kind of worklistKinds) await attempt(`${kind.kind}/${kind.state}`, () => sweepKind(deps, kind, now));
  for (const chore of deps.chores)
    await attempt(chore.name, async () => ({ found: await chore.run(), overdue: 0, longestOverdue: [] }));
  return result;
}
