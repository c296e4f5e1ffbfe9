import { Buffer } from 'node:buffer';
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { Answerer } from './answerer.ts';
import { editionsUnder } from './editions-under.ts';
import type { WorkerReport, WorkerSettings, WorkerTask } from './pool.ts';

/* A thread that answers blocks of requests, one after another, into memory that comes back to it once written out. */

const { parameters, summarise }: WorkerSettings = workerData;
const editions = editionsUnder(parameters);

if (typeof editions === 'string') {
  report({ kind: 'wrong', message: editions }, []);
} else {
  const answerer = new Answerer(editions, summarise);
  parentPort?.on('message', (task: WorkerTask) => {
    if (task.kind === 'written') {
      answerer.reuse(task.chunks);
      return;
    }
    const answers = task.kind === 'refuse' ? answerer.refuse(task.message) : answerer.answer(bufferOf(task.block));
    report({ kind: 'answer', ...answers }, answers.output);
  });
  // What was compiled is there for the next thread, and for the next run.
  flushCompileCache();
  report({ kind: 'ready' }, []);
}

/** The same bytes: a buffer arrives from another thread as a plain array. */
function bufferOf({ buffer, byteLength, byteOffset }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function report(message: WorkerReport, chunks: readonly Uint8Array<ArrayBuffer>[]): void {
  parentPort?.postMessage(
    message,
    chunks.map((chunk) => chunk.buffer),
  );
}
