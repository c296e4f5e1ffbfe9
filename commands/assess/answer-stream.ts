import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Block } from './line-blocks.ts';
import { LineBlocks } from './line-blocks.ts';
import type { PooledAnswers, WorkerSettings } from './pool.ts';
import { AssessmentPool } from './pool.ts';
import type { Summary } from './summary.ts';
import { add, emptySummary } from './summary.ts';

/** Bytes of input handed to a thread at a time. */
const BLOCK_SIZE = 1 << 17;
/** Bytes of input under way at most, once every thread has a block. */
const UNDER_WAY = 1 << 21;
/** The longest line that is read: some ten times a claim of 5,000 trainees. */
const LONGEST_LINE = 1 << 26;
const TOO_LONG = `一行超过${LONGEST_LINE >> 20}MiB，请将申领拆分，每次至多5000名学员`;
/** After this long without input, in ms, what has come is answered: a program may be waiting for it. */
const IDLE = 5;
const MOST_THREADS = 4;

/**
 * Answers a stream of requests, one a line, with one line each, in order. Input that comes faster than it is answered
 * waits where it is, so the memory does not grow with it.
 *
 * @returns what was counted, all zero unless the settings ask for it
 * @throws WrongChoice where the settings name no parameter, or no value of one
 */
export async function answerStream(input: Readable, output: Writable, settings: WorkerSettings): Promise<Summary> {
  const pool = await AssessmentPool.start(Math.min(availableParallelism(), MOST_THREADS), settings);
  const flow = new Flow(pool, output);
  const idle = setTimeout(() => flow.flush(), IDLE);
  try {
    for await (const chunk of input) {
      await flow.push(chunk);
      idle.refresh();
    }
    return await flow.end();
  } finally {
    clearTimeout(idle);
    await pool.stop();
  }
}

/** From chunks of input to answers written in order, with so much under way at a time. */
class Flow {
  readonly #pool: AssessmentPool;
  readonly #output: Writable;
  readonly #blocks = new LineBlocks(BLOCK_SIZE, LONGEST_LINE);
  readonly #summary = emptySummary();
  /** blocks that were begun and are not written yet, and their bytes of input */
  #begun = 0;
  #begunBytes = 0;
  /** the end of the queue of answers, which are written in order */
  #written: Promise<void> = Promise.resolve();
  /** input has paused, and what came before waits for room */
  #flushing = false;
  #failed = false;
  #failure: unknown;
  #progress = Promise.withResolvers<void>();

  constructor(pool: AssessmentPool, output: Writable) {
    this.#pool = pool;
    this.#output = output;
  }

  /** Takes a chunk of input in; resolves when there is room for more. */
  async push(chunk: Uint8Array): Promise<void> {
    for (const block of this.#blocks.push(chunk)) {
      this.#begin(block);
      while (this.#isFull()) await this.#progress.promise;
    }
    this.#throwFailure();
  }

  /** Begins what has come so far, as soon as there is room. */
  flush(): void {
    this.#flushing = this.#isFull();
    if (this.#flushing) return;
    for (const block of this.#blocks.flush()) this.#begin(block);
  }

  async end(): Promise<Summary> {
    for (const block of this.#blocks.end()) this.#begin(block);
    await this.#written;
    this.#throwFailure();
    return this.#summary;
  }

  #isFull(): boolean {
    if (this.#failed || this.#begun < this.#pool.size) return false;
    return this.#begun >= 2 * this.#pool.size || this.#begunBytes >= UNDER_WAY;
  }

  #begin(block: Block): void {
    const size = block.kind === 'lines' ? block.bytes.length : 0;
    const answer = this.#pool.answer(
      block.kind === 'lines' ? { kind: 'answer', block: block.bytes } : { kind: 'refuse', message: TOO_LONG },
    );
    this.#begun += 1;
    this.#begunBytes += size;
    this.#written = Promise.all([answer, this.#written])
      .then(([made]) => this.#write(made))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#begun -= 1;
        this.#begunBytes -= size;
        this.#progress.resolve();
        this.#progress = Promise.withResolvers();
        if (this.#flushing) this.flush();
      });
  }

  async #write(answer: PooledAnswers): Promise<void> {
    if (this.#failed) return;
    for (const chunk of answer.output) await this.#writeOut(chunk);
    if (answer.summary !== undefined) add(this.#summary, answer.summary);
    answer.giveBack();
  }

  /** Resolves once the bytes have left this process, so that their memory may be used again. */
  #writeOut(chunk: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }

  #fail(error: unknown): void {
    this.#failed = true;
    this.#failure ??= error;
  }

  #throwFailure(): void {
    if (this.#failed) throw this.#failure;
  }
}
