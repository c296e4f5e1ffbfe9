import type { Clock } from '../clock/clock.ts';
import type { WaitingItem, Worklist, WorkQueues } from './worklist.ts';
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

export interface SweepResult {
  /** Items sent to their workers again, and things that chores did. */
  found: number;
  /** Claims and filings past their due time. */
  overdue: number;
  /** Kinds and chores that failed, with what went wrong; the others were done all the same. */
  failures: { name: string; error: unknown }[];
}

// A worker may hold a message for half an hour (300 s, six times); asking more often only fills the queue.
const restMs = 10 * 60_000;
/** More than this wait only when something is wrong; the next run takes the rest. */
const mostPerRun = 2000;
const sendAtOnce = 100;

async function sweepKind(
  { worklist, queues }: SweepDependencies,
  kind: WorklistKind,
  now: Date,
): Promise<{ found: number; overdue: number }> {
  let overdue = 0;
  let found = 0;
  let batch: (WaitingItem & { message: WorkMessage })[] = [];
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
  for await (const item of worklist.waiting(kind, now)) {
    seen += 1;
    if (kind.isDue === true && item.dueAt !== undefined && item.dueAt <= now.toISOString()) overdue += 1;
    const { message } = item;
    if (kind.queue !== undefined && message !== undefined) batch.push({ ...item, message });
    if (batch.length >= sendAtOnce) await flush();
    if (seen >= mostPerRun) break;
  }
  await flush();
  return { found, overdue };
}

/**
 * Finds everything that waits for an event again, so that a lost event costs minutes and nothing else. One kind that
 * fails does not keep the others waiting.
 */
export async function sweepWork(deps: SweepDependencies): Promise<SweepResult> {
  const now = deps.clock.now();
  const result: SweepResult = { found: 0, overdue: 0, failures: [] };
  const attempt = async (name: string, work: () => Promise<{ found: number; overdue: number }>) => {
    try {
      const { found, overdue } = await work();
      result.found += found;
      result.overdue += overdue;
    } catch (error) {
      result.failures.push({ name, error });
    }
  };
  for (const kind of worklistKinds) await attempt(`${kind.kind}/${kind.state}`, () => sweepKind(deps, kind, now));
  for (const chore of deps.chores) await attempt(chore.name, async () => ({ found: await chore.run(), overdue: 0 }));
  return result;
}
