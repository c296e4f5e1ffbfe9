/** A step of a sample journey that did not come out as the sample says; the message says what came instead. */
export class StepFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepFailure';
  }
}

/** What a journey tells of one step. */
export interface StepReport {
  step: string;
  /** Real time that the step took, milliseconds. */
  ms: number;
}

/** Runs steps one after the other and keeps how long each took. */
export class Steps {
  readonly reports: StepReport[] = [];
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** Name of the step that is under way, or of the one that failed. */
  current = '';

  async run<T>(step: string, work: () => Promise<T>): Promise<T> {
    this.current = step;
    const started = performance.now();
    const result = await work();
    const ms = Math.round(performance.now() - started);
    this.reports.push({ step, ms });
    this.#log(`  ✓ ${step} (${ms} ms)`);
    return result;
  }
}

/** @throws StepFailure naming what was expected and what came, when they differ as JSON. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [came, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (came !== wanted) throw new StepFailure(`${what}: expected ${wanted}, came ${came}`);
}
