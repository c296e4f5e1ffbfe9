import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { readArguments } from './assess/arguments.ts';

/*
 * npm run -s assess: requests in, assessments out, one JSON object a line (NDJSON), offline and with no set-up.
 * Exit status: 0 however many requests were bad; 2 for wrong usage; 1 where input or output fails.
 *
 * This thread only moves bytes. The law, zod and all, is loaded by the threads that answer, and their compiled code is
 * kept between runs: it halves both start-up and memory.
 */

async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  if (given.kind === 'wrong') return refuse(given.message);
  enableCompileCache();
  process.env['NODE_COMPILE_CACHE'] ??= getCompileCacheDir();
  if (given.kind === 'help') {
    const { USAGE } = await import('./assess/usage.ts');
    process.stdout.write(USAGE);
    return 0;
  }
  const { answerStream } = await import('./assess/answer-stream.ts');
  const { WrongChoice } = await import('./assess/pool.ts');
  const settings = { parameters: given.parameters, summarise: given.summary };
  try {
    const summary = await answerStream(process.stdin, process.stdout, settings);
    if (given.summary) process.stderr.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof WrongChoice) return refuse(error.message);
    throw error;
  }
}

function refuse(message: string): number {
  process.stderr.write(`assess: ${message}\n`);
  return 2;
}

// Whoever reads the answers may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`assess: 无法写出结果：${error.message}\n`);
  process.exit(1);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`assess: 无法继续：${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
