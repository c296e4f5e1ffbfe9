import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Seeded } from '../simulation/seeded.ts';

/** Processes that work on one table at once, their calls let through one by one in an order of the seed. */
export interface Turns {
  /**
   * Runs a piece of work as a process of its own. With `diesAt` it comes to a stop at that one of its calls, before the
   * call has its effect or after it, and is never heard of again; the promise then resolves with 'dead'.
   */
  run<T>(
    client: DynamoDBClient,
    work: () => Promise<T>,
    diesAt?: { call: number; when: 'before' | 'after' },
  ): Promise<T | 'dead'>;
}

/** @param processes how many `run` will be started: none goes on before all have come to their first call. */
export function takeTurns(order: Seeded, processes: number): Turns {
  const waiting: (() => void)[] = [];
  let alive = processes;
  const letOneGo = (): void => {
    if (waiting.length < alive || waiting.length === 0) return;
    const [next] = waiting.splice(order.under(waiting.length), 1);
    next?.();
  };
  const turn = async (): Promise<void> => {
    const mine = new Promise<void>((resolve) => waiting.push(resolve));
    letOneGo();
    await mine;
  };
  const leave = (): void => {
    alive -= 1;
    letOneGo();
  };

  return {
    run: async (client, work, diesAt) => {
      let calls = 0;
      let die: (word: 'dead') => void = () => {};
      const death = new Promise<'dead'>((resolve) => {
        die = resolve;
      });
      const interrupted = (next: (args: never) => Promise<unknown>) => async (args: never) => {
        await turn();
        calls += 1;
        if (calls !== diesAt?.call) return next(args);
        if (diesAt.when === 'after') await next(args);
        die('dead');
        return new Promise(() => {});
      };
      client.middlewareStack.add(interrupted as never, { step: 'initialize', name: 'turns' });
      try {
        return await Promise.race([work(), death]);
      } finally {
        client.middlewareStack.remove('turns');
        leave();
      }
    },
  };
}
