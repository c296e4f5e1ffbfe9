import { Worker } from 'node:worker_threads';
import type { Answers } from './answerer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a worker is started with. */
export interface WorkerSettings {
  /** `name=value` texts of other choices */
  readonly parameters: readonly string[];
  readonly summarise: boolean;
}

/** What a worker is told: to answer a block, to answer a line that cannot be read, or what memory it may use again. */
export type WorkerTask =
  | { readonly kind: 'answer'; readonly block: Bytes }
  | { readonly kind: 'refuse'; readonly message: string }
  | { readonly kind: 'written'; readonly chunks: readonly Bytes[] };

/** What a worker says. */
export type WorkerReport =
  | ({ readonly kind: 'answer' } & Answers)
  | { readonly kind: 'ready' }
  /** the choices it was started with make no sense */
  | { readonly kind: 'wrong'; readonly message: string };

/** Answers whose memory belongs to a worker: give it back once it is written out. */
export interface PooledAnswers extends Answers {
  readonly giveBack: () => void;
}

/** The choices on the command line name no parameter, or no value of one. */
export class WrongChoice extends Error {
  override readonly name = 'WrongChoice';
}

/**
 * Memory of a thread, in MB. V8 would let each keep 48 MB of young objects, though one request needs few, and would let
 * garbage pile up by what the machine has; the old ones leave room for the longest line that is read.
 */
const MEMORY = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 1024 };

/** One thread and the tasks it was given: it answers them in order. */
class Thread {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<PooledAnswers>[] = [];

  constructor(settings: WorkerSettings) {
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: settings,
      resourceLimits: MEMORY,
    });
    this.#worker.on('message', (report: WorkerReport) => {
      if (report.kind === 'ready') ready.resolve();
      else if (report.kind === 'wrong') ready.reject(new WrongChoice(report.message));
      else this.#waiting.shift()?.resolve({ ...report, giveBack: () => this.#giveBack(report.output) });
    });
    this.#worker.on('error', (error) => {
      ready.reject(error);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  get load(): number {
    return this.#waiting.length;
  }

  give(task: WorkerTask): Promise<PooledAnswers> {
    const answer = Promise.withResolvers<PooledAnswers>();
    this.#waiting.push(answer);
    this.#tell(task, task.kind === 'answer' ? [task.block] : []);
    return answer.promise;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #giveBack(output: readonly Bytes[]): void {
    const chunks = output.map((chunk) => new Uint8Array(chunk.buffer));
    this.#tell({ kind: 'written', chunks }, chunks);
  }

  #tell(task: WorkerTask, chunks: readonly Bytes[]): void {
    this.#worker.postMessage(
      task,
      chunks.map((chunk) => chunk.buffer),
    );
  }
}

/** Threads that answer blocks. The first starts at once, another when there is a block and nobody free to take it. */
export class AssessmentPool {
  readonly size: number;
  readonly #settings: WorkerSettings;
  readonly #threads: Thread[];

  private constructor(size: number, settings: WorkerSettings) {
    this.size = size;
    this.#settings = settings;
    this.#threads = [new Thread(settings)];
  }

  /**
   * @param size threads at most
   * @throws WrongChoice where the settings name no parameter, or no value of one
   */
  static async start(size: number, settings: WorkerSettings): Promise<AssessmentPool> {
    const pool = new AssessmentPool(size, settings);
    await Promise.all(pool.#threads.map((thread) => thread.ready));
    return pool;
  }

  /** Gives a task to the thread with the least to do. The memory of a block belongs to the thread from then on. */
  answer(task: WorkerTask): Promise<PooledAnswers> {
    let thread = this.#threads.reduce((least, each) => (each.load < least.load ? each : least));
    if (thread.load > 0 && this.#threads.length < this.size) {
      thread = new Thread(this.#settings);
      this.#threads.push(thread);
    }
    return thread.give(task);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }
}
