import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import type { QueueName } from '../worklist/worklist-kinds.ts';
import type { DeadLetters, LetterFailure } from './dead-letters.ts';
import type { Redrive, RedriveStore } from './redrive.ts';

export interface RedriveDependencies {
  letters: DeadLetters;
  redrives: RedriveStore;
  clock: Clock;
}

/** Within the 28 s of a request, with room for the last grasp and for the record. */
export const redriveMs = 18_000;

/** Letters that SQS hands out at a time. */
const grasp = 10;

/**
 * Sends dead letters back to the work queue they came from, up to `limit` and for 18 s at most; what is left is for the
 * next call.
 *
 * SQS has a redrive of its own, but not everywhere (it is absent in AWS China), and it leaves no record of ours. Each
 * letter is sent to the work queue first and deleted from the dead ones after: a crash in between leaves it in both,
 * which workers stand, since the state of the item decides and not the message; the other order could lose it. A letter
 * that fails again needs five tries to come back here, far longer than one call takes, so that no call goes in circles.
 *
 * The order is on record before the first letter moves and the outcome after the last. A call that crashed leaves a
 * record that says `running`; its repetition under the same Idempotency-Key goes on.
 * @returns the record, and the letters that stayed where they were because of an error
 */
export async function redriveDeadLetters(
  deps: RedriveDependencies,
  principal: Principal,
  id: string,
  order: { queue: QueueName; limit: number },
): Promise<{ redrive: Redrive; failures: LetterFailure[] }> {
  const by = actorOf(principal);
  const started = deps.clock.now();
  const redrive = await deps.redrives.start({ id, ...order }, by, started);
  if (redrive.st === 'done') return { redrive, failures: [] };
  const { moved, failures } = await moveUntil(deps, redrive, started.getTime() + redriveMs);
  const { deadLetters } = await deps.letters.depths(redrive.queue);
  const outcome = { moved, failed: failures.length, left: deadLetters.waiting + deadLetters.inFlight };
  return { redrive: await deps.redrives.finish(redrive, outcome, by, deps.clock.now()), failures };
}

async function moveUntil(
  { letters, clock }: RedriveDependencies,
  { queue, limit }: Redrive,
  until: number,
): Promise<{ moved: number; failures: LetterFailure[] }> {
  let moved = 0;
  const failures: LetterFailure[] = [];
  while (moved < limit && clock.now().getTime() < until) {
    const batch = await letters.moveSome(queue, Math.min(grasp, limit - moved));
    moved += batch.moved;
    failures.push(...batch.failures);
    // A queue that turns one letter away would turn the next away too: tell, rather than hammer at it.
    if (batch.taken === 0 || failures.length > 0) break;
  }
  return { moved, failures };
}
