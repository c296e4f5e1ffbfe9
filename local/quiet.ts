import { setTimeout as delay } from 'node:timers/promises';
import type { EventSource } from './event-sources/event-source.ts';

/** Real time after which waiting for quiet is given up. */
const PATIENCE_MS = 120_000;

/**
 * Waits until nothing more happens without time passing.
 * @param busy what is under way beside the sources, by name.
 * @throws Error naming what did not come to rest.
 */
export async function untilQuiet(
  sources: readonly EventSource[],
  busy: () => string[],
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    while (busy().length > 0) {
      if (Date.now() > deadline) throw new Error(`not quiet after ${patienceMs / 1000} s: ${busy().join(', ')}`);
      await delay(2);
    }
    const worked = await Promise.all(
      sources.map(async (source) => ((await source.drain()) ? source.description : undefined)),
    );
    const active = worked.filter((one) => one !== undefined);
    if (active.length === 0 && busy().length === 0) return;
    if (Date.now() > deadline) throw new Error(`not quiet after ${patienceMs / 1000} s: ${active.join(', ')}`);
  }
}
