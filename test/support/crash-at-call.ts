interface Client {
  middlewareStack: { add(middleware: never, options: never): void; remove(name: string): void };
}

type Send = (args: never) => Promise<unknown>;

/**
 * Does a piece of work whose process dies at the n-th of its AWS calls, whichever of the clients makes it: before the
 * call has its effect, or after it and before the answer arrives. From there on every call fails.
 *
 * @returns false when the work makes fewer calls
 */
export async function crashAtCall(
  clients: readonly object[],
  n: number,
  when: 'before' | 'after',
  work: () => Promise<unknown>,
): Promise<boolean> {
  let calls = 0;
  const interrupt = (next: Send) => async (args: never) => {
    calls += 1;
    if (calls < n) return next(args);
    if (calls === n && when === 'after') await next(args);
    throw new Error('crashed');
  };
  const stacks = (clients as readonly Client[]).map(({ middlewareStack }) => middlewareStack);
  for (const stack of stacks) stack.add(interrupt as never, { step: 'initialize', name: 'crash' } as never);
  try {
    await work();
  } finally {
    for (const stack of stacks) stack.remove('crash');
  }
  return calls >= n;
}
