import type { InvocationObserver, Outcome } from '../functions/function-pool.ts';
import { carriesMetrics, readEmbeddedMetrics } from './embedded-metrics.ts';
import type { LogStore } from './log-store.ts';
import type { MetricStore } from './metric-store.ts';
import type { PlatformMetrics } from './platform-metrics.ts';

export interface InvocationLogOptions {
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly platform: PlatformMetrics;
  readonly now: () => number;
  /** Errors and limits broken, for the developer's eyes. */
  readonly say: (line: string) => void;
  readonly onStart: (requestId: string, functionName: string) => void;
  readonly onEnd: (requestId: string) => void;
}

/** Writes down what functions say and how their invocations end. */
export function createInvocationLog(options: InvocationLogOptions): InvocationObserver {
  const { logs, metrics, platform, now, say } = options;
  const time = (): string => new Date(now()).toISOString();

  const problem = (functionName: string, what: string): void => {
    metrics.report(`${functionName}: ${what}`);
    say(`metric of ${functionName} is not valid: ${what}`);
  };

  return {
    started: ({ name }, requestId) => options.onStart(requestId, name),
    output: ({ name }, requestId, text) => {
      for (const line of text.split('\n')) {
        const { record } = logs.add({ time: time(), function: name, requestId, text: line });
        if (record === undefined || !carriesMetrics(record)) continue;
        for (const datum of readEmbeddedMetrics(record, (what) => problem(name, what))) metrics.add(datum);
      }
    },
    ended: ({ name, timeoutSeconds }, outcome, durationMs, coldStart) => {
      const { requestId } = outcome;
      options.onEnd(requestId);
      platform.invocation(name, outcome, durationMs);
      const report = {
        type: 'platform.report',
        requestId,
        status: statusOf(outcome),
        durationMs: Math.round(durationMs * 100) / 100,
        coldStart,
        timeoutMs: timeoutSeconds * 1000,
        ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
      };
      logs.add({ time: time(), function: name, requestId, text: JSON.stringify(report) }, true);
      if (outcome.kind === 'failed') say(`${name} failed: ${outcome.error.errorType}: ${outcome.error.errorMessage}`);
    },
  };
}

function statusOf(outcome: Outcome): string {
  if (outcome.kind === 'returned') return 'success';
  if (outcome.kind === 'throttled') return 'throttled';
  return outcome.error.errorType === 'Sandbox.Timedout' ? 'timeout' : 'error';
}
