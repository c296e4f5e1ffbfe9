import { Buffer } from 'node:buffer';
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { answerBlock, refuseLine } from './answer-block.ts';
import { editionsUnder } from './editions-under.ts';
import { JsonWriter } from './json-writer.ts';
import type { WorkerAnswer, WorkerReport, WorkerSettings, WorkerTask } from './pool.ts';
import { emptySummary } from './summary.ts';

/* A thread that answers blocks of requests, one after another, into memory that comes back to it once written out. */

const { parameters, summarise }: WorkerSettings = workerData;
const editions = editionsUnder(parameters);
const free: Uint8Array<ArrayBuffer>[] = [];

if (typeof editions === 'string') {
  report({ kind: 'wrong', message: editions }, []);
} else {
  parentPort?.on('message', (task: WorkerTask) => {
    if (task.kind === 'written') {
      free.push(...task.chunks);
      return;
    }
    const summary = summarise ? emptySummary() : undefined;
    const writer = new JsonWriter(free);
    if (task.kind === 'refuse') {
      refuseLine(task.message, summary, writer);
    } else {
      const { buffer, byteLength, byteOffset } = task.block;
      answerBlock(Buffer.from(buffer, byteOffset, byteLength), editions, summary, writer);
    }
    const answer: WorkerAnswer = { kind: 'answer', output: writer.take(), summary };
    report(answer, answer.output);
  });
  // What was compiled is there for the next thread, and for the next run.
  flushCompileCache();
  report({ kind: 'ready' }, []);
}

function report(message: WorkerReport, chunks: readonly Uint8Array<ArrayBuffer>[]): void {
  parentPort?.postMessage(
    message,
    chunks.map((chunk) => chunk.buffer),
  );
}
