import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FromRuntime, FunctionError, ToRuntime } from './runtime/messages.ts';

export type Answer = { readonly payload: string } | { readonly error: FunctionError };

/** One process of a function: it serves one invocation at a time, as a Lambda environment does. */
export interface RuntimeProcess {
  readonly alive: boolean;
  invoke(invocation: Omit<Extract<ToRuntime, { type: 'invoke' }>, 'type'>): Promise<Answer>;
  tell(message: ToRuntime): void;
  kill(): void;
}

export interface RuntimeProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly memoryMegabytes: number;
  readonly clockOffset: number;
  /** One or more whole lines. */
  readonly onOutput: (text: string) => void;
}

/** Lambda gives 10 s for loading the code; a machine busy with everything else gets more. */
const INIT_MS = 30_000;

export function startRuntimeProcess(options: RuntimeProcessOptions): RuntimeProcess {
  const child = fork(new URL('./runtime/bootstrap.ts', import.meta.url), [], {
    cwd: options.folder,
    env: { ...options.environment, LOCAL_CLOCK_OFFSET: String(options.clockOffset) },
    execArgv: [`--max-old-space-size=${options.memoryMegabytes}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true, // Ctrl-C in the terminal is ours to answer
  });
  forwardLines(child, options.onOutput);
  let settle: ((answer: Answer) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastWords: FunctionError | undefined;

  const finish = (answer: Answer): void => {
    clearTimeout(timer);
    settle?.(answer);
    settle = undefined;
  };
  const ready = new Promise<void>((resolve, reject) => {
    const slow = setTimeout(() => {
      child.kill('SIGKILL');
      reject(exitError('Sandbox.Timedout', `Error: Init phase timed out after ${INIT_MS / 1000} seconds`));
    }, INIT_MS);
    child.on('message', (message: FromRuntime) => {
      if (message.type === 'ready') resolve();
      else if (message.type === 'output') options.onOutput(message.text);
      else if (message.type === 'crashed') lastWords = message.error;
      else if (message.type === 'returned') finish({ payload: message.payload });
      else finish({ error: message.error });
      if (message.type === 'ready') clearTimeout(slow);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(slow);
      const how = signal === null ? `exit status ${code}` : `signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
      const error = lastWords ?? exitError('Runtime.ExitError', `Error: Runtime exited with error: ${how}`);
      reject(error);
      finish({ error });
    });
    child.once('error', (cause) => reject(exitError('Runtime.ExitError', cause.message)));
  });
  ready.catch(() => {}); // reported to the invocation that waits for it

  const tell = (message: ToRuntime): void => {
    if (child.connected) child.send(message);
  };
  return {
    get alive() {
      return child.exitCode === null && child.signalCode === null && !child.killed && child.connected;
    },
    invoke: async (invocation) => {
      try {
        await ready;
      } catch (error) {
        return { error: error as FunctionError };
      }
      return new Promise<Answer>((resolve) => {
        settle = resolve;
        timer = setTimeout(() => {
          child.kill('SIGKILL');
          const seconds = (invocation.timeoutMs / 1000).toFixed(2);
          finish({
            error: exitError(
              'Sandbox.Timedout',
              `RequestId: ${invocation.requestId} Error: Task timed out after ${seconds} seconds`,
            ),
          });
        }, invocation.timeoutMs);
        if (child.connected) tell({ type: 'invoke', ...invocation });
        else finish({ error: lastWords ?? exitError('Runtime.ExitError', 'Error: Runtime exited') });
      });
    },
    tell,
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Output that went round the captured streams: Node's own last words, native code. */
function forwardLines(child: ChildProcess, onOutput: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onOutput);
  }
}

function exitError(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage, trace: [] };
}
