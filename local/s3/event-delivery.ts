import type { Outbox } from './store/outbox.ts';

/** An event on its way: a target named by the bucket's configuration and a notification record, version 2.1. */
export interface S3Event {
  readonly target: string;
  readonly record: unknown;
}

/**
 * Takes events from the outbox to their receiver, in order per target, at least once. A target that is slow or fails does
 * not hold up the others. An event whose receiver throws stays in the outbox, with one line in the log: it is tried again
 * at the next waking (a later event, `applyLifecycle`, a restart).
 */
export class EventDelivery {
  readonly #outbox: Outbox;
  readonly #onEvent: (event: S3Event) => void | Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  #stopping = false;

  constructor(outbox: Outbox, onEvent: (event: S3Event) => void | Promise<void>) {
    this.#outbox = outbox;
    this.#onEvent = onEvent;
  }

  /** Starts delivering whatever waits. Never throws, never waits. */
  wake(): void {
    if (this.#stopping) return;
    for (const target of this.#outbox.targets()) {
      // A delivery under way looks for more before it ends.
      if (!this.#running.has(target)) this.#running.set(target, this.#deliver(target));
    }
  }

  /** Lets the deliveries under way end and begins no others; the rest waits in the outbox for the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running.values());
  }

  async #deliver(target: string): Promise<void> {
    // The request that caused the event gets its answer first.
    await Promise.resolve();
    let last = 0;
    for (;;) {
      const event = this.#stopping ? undefined : this.#outbox.next(target, last);
      if (event === undefined) break;
      last = event.id;
      try {
        await this.#onEvent({ target, record: JSON.parse(event.record) as unknown });
        this.#outbox.remove(event.id);
      } catch (error) {
        const line = {
          level: 'error',
          message: 's3 event not delivered',
          target,
          event: event.id,
          error: String(error),
        };
        console.error(JSON.stringify(line));
      }
    }
    this.#running.delete(target);
  }
}
