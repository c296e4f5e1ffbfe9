/** What has to be undone at the end, last things first. */
export interface Shutdown {
  add(step: () => unknown): void;
  readonly run: () => Promise<void>;
}

export function createShutdown(): Shutdown {
  const steps: (() => unknown)[] = [];
  return {
    add: (step) => {
      steps.push(step);
    },
    run: async () => {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error); // the rest must still be stopped
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'the local cloud did not stop cleanly');
    },
  };
}
