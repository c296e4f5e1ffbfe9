import { randomUUID } from 'node:crypto';
import type { FunctionSettings } from './function-settings.ts';
import type { FunctionError, ToRuntime } from './runtime/messages.ts';
import { type Answer, type RuntimeProcess, startRuntimeProcess } from './runtime-process.ts';

/** What became of one invocation. */
export type Outcome =
  | { readonly kind: 'returned'; readonly requestId: string; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: FunctionError }
  /** Over the reserved concurrency: the function never saw the event. */
  | { readonly kind: 'throttled'; readonly requestId: string };

/** What the rest of the local cloud learns of each invocation. */
export interface InvocationObserver {
  started(settings: FunctionSettings, requestId: string): void;
  output(settings: FunctionSettings, requestId: string | undefined, text: string): void;
  ended(settings: FunctionSettings, outcome: Outcome, durationMs: number, coldStart: boolean): void;
}

/** All processes of one function. */
export interface FunctionPool {
  readonly settings: FunctionSettings;
  /** Invocations running or waiting for a process. */
  readonly busy: number;
  /**
   * Runs the function once.
   * @param patient waits for room where a plain invocation is throttled; for callers that would come again anyway.
   */
  invoke(event: unknown, patient?: boolean): Promise<Outcome>;
  /** Ends the process of a running invocation, as a crash of the machine would. */
  kill(requestId: string): boolean;
  tell(message: ToRuntime): void;
  /** Lets running invocations end and starts afresh with other code: hot reload. */
  replace(settings: FunctionSettings): void;
  stop(): Promise<void>;
}

export interface FunctionPoolOptions {
  readonly settings: FunctionSettings;
  readonly environmentOf: (settings: FunctionSettings) => Record<string, string>;
  readonly clockOffset: () => number;
  /** Port of the gateway that watches AWS calls, while it watches those of this function. */
  readonly gatewayPort: (settings: FunctionSettings) => number | undefined;
  readonly observer: InvocationObserver;
}

/** Processes of one function at once: what a laptop bears. Further invocations wait. */
const MOST_PROCESSES = 4;

/** Lambda's limit for events and replies. */
const LARGEST_PAYLOAD = 6_291_556;

interface Slot {
  process: RuntimeProcess | undefined;
  settings: FunctionSettings;
  requestId: string | undefined;
}

export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const { observer } = options;
  let settings = options.settings;
  let slots: Slot[] = [];
  const waiting: ((slot: Slot) => void)[] = [];
  let stopped = false;

  const running = (): number => slots.filter((slot) => slot.requestId !== undefined).length;
  const mostAtOnce = (): number => Math.min(settings.reservedConcurrency ?? MOST_PROCESSES, MOST_PROCESSES);

  const acquire = (requestId: string): Promise<Slot> => {
    const idle = slots.find((slot) => slot.requestId === undefined);
    if (idle !== undefined) return Promise.resolve(occupy(idle, requestId));
    if (slots.length < mostAtOnce()) {
      const slot: Slot = { process: undefined, settings, requestId };
      slots.push(slot);
      return Promise.resolve(slot);
    }
    return new Promise((resolve) => waiting.push((slot) => resolve(occupy(slot, requestId))));
  };
  const occupy = (slot: Slot, requestId: string): Slot => {
    slot.requestId = requestId;
    return slot;
  };
  const release = (slot: Slot): void => {
    slot.requestId = undefined;
    if (slot.settings !== settings) retire(slot);
    waiting.shift()?.(slot);
  };
  const retire = (slot: Slot): void => {
    slot.process?.kill();
    slot.process = undefined;
    slot.settings = settings;
  };

  const start = (slot: Slot): RuntimeProcess =>
    startRuntimeProcess({
      environment: options.environmentOf(slot.settings),
      folder: slot.settings.codeFolder,
      memoryMegabytes: slot.settings.memoryMegabytes,
      clockOffset: options.clockOffset(),
      onOutput: (text) => observer.output(slot.settings, slot.requestId, text),
    });

  const run = async (slot: Slot, requestId: string, event: string): Promise<Outcome> => {
    const coldStart = !slot.process?.alive;
    const process = slot.process?.alive ? slot.process : start(slot);
    slot.process = process;
    observer.started(slot.settings, requestId);
    const began = performance.now();
    const answer = await process.invoke({
      requestId,
      event,
      timeoutMs: slot.settings.timeoutSeconds * 1000,
      clockOffset: options.clockOffset(),
      functionArn: slot.settings.arn,
      gatewayPort: options.gatewayPort(slot.settings),
    });
    const outcome = outcomeOf(requestId, answer);
    observer.ended(slot.settings, outcome, performance.now() - began, coldStart);
    return outcome;
  };

  return {
    get settings() {
      return settings;
    },
    get busy() {
      return running() + waiting.length;
    },
    invoke: async (event, patient = false) => {
      const requestId = randomUUID();
      if (stopped) throw new Error(`function ${settings.name}: the local cloud is stopping`);
      const reserved = settings.reservedConcurrency;
      // Zero reserved executions is how a function is switched off: patience does not help.
      if (reserved !== undefined && (reserved === 0 || (!patient && running() + waiting.length >= reserved))) {
        const outcome: Outcome = { kind: 'throttled', requestId };
        observer.ended(settings, outcome, 0, false);
        return outcome;
      }
      const text = JSON.stringify(event) ?? 'null';
      if (Buffer.byteLength(text) > LARGEST_PAYLOAD) return tooLarge(requestId, 'Request');
      const slot = await acquire(requestId);
      try {
        return await run(slot, requestId, text);
      } finally {
        release(slot);
      }
    },
    kill: (requestId) => {
      const slot = slots.find((one) => one.requestId === requestId);
      slot?.process?.kill();
      return slot !== undefined;
    },
    tell: (message) => {
      for (const slot of slots) slot.process?.tell(message);
    },
    replace: (next) => {
      settings = next;
      for (const slot of slots) if (slot.requestId === undefined) retire(slot);
    },
    stop: async () => {
      stopped = true;
      for (const slot of slots) slot.process?.kill();
      slots = [];
    },
  };
}

function outcomeOf(requestId: string, answer: Answer): Outcome {
  if ('error' in answer) return { kind: 'failed', requestId, error: answer.error };
  if (Buffer.byteLength(answer.payload) > LARGEST_PAYLOAD) return tooLarge(requestId, 'Response');
  return { kind: 'returned', requestId, payload: JSON.parse(answer.payload) };
}

function tooLarge(requestId: string, what: 'Request' | 'Response'): Outcome {
  const error = {
    errorType: what === 'Request' ? 'RequestTooLargeException' : 'Function.ResponseSizeTooLarge',
    errorMessage: `${what} payload size exceeded maximum allowed payload size (${LARGEST_PAYLOAD} bytes).`,
    trace: [],
  };
  return { kind: 'failed', requestId, error };
}
