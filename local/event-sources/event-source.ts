/** Something that reads events for a function: a queue or a stream. */
export interface EventSource {
  readonly description: string;
  start(): Promise<void>;
  /**
   * Works off what is there without time passing. What waits for its time (a failed message, a retry) stays.
   * @returns whether there was anything to do.
   */
  drain(): Promise<boolean>;
  stop(): Promise<void>;
}
