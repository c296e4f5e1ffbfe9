import type { Queue, QueueDepth } from '../engines/queue-engine.ts';
import type { Outcome } from '../functions/function-pool.ts';
import type { MetricStore } from './metric-store.ts';

/** The metrics that AWS keeps by itself, as far as alarms ask for them. */
export interface PlatformMetrics {
  invocation(functionName: string, outcome: Outcome, durationMs: number): void;
  queueDepth(queue: Queue, depth: QueueDepth): void;
  httpRequest(apiId: string, stage: string, status: number, latencyMs: number): void;
}

export function createPlatformMetrics(
  metrics: MetricStore,
  now: () => number,
  virtualAt: (realInstant: number) => number,
): PlatformMetrics {
  const depths = new Map<string, string>();

  const count = (namespace: string, dimensions: Record<string, string>, values: Record<string, number>): void => {
    for (const [name, value] of Object.entries(values)) {
      const unit = /Duration|Latency/.test(name) ? 'Milliseconds' : 'Count';
      metrics.add({ namespace, name, dimensions, unit, at: now(), values: [value] });
    }
  };

  return {
    invocation: (FunctionName, outcome, durationMs) => {
      if (outcome.kind === 'throttled') {
        count('AWS/Lambda', { FunctionName }, { Throttles: 1 });
        return;
      }
      const Errors = Number(outcome.kind === 'failed');
      count('AWS/Lambda', { FunctionName }, { Invocations: 1, Errors, Throttles: 0, Duration: durationMs });
    },
    queueDepth: (queue, depth) => {
      const state = JSON.stringify(depth);
      if (depths.get(queue.name) === state) return;
      depths.set(queue.name, state);
      const id = (name: string) => ({ namespace: 'AWS/SQS', name, dimensions: { QueueName: queue.name } });
      const since = now();
      metrics.setGauge(id('ApproximateNumberOfMessagesVisible'), since, () => depth.visible);
      metrics.setGauge(id('ApproximateNumberOfMessagesNotVisible'), since, () => depth.inFlight);
      metrics.setGauge(id('ApproximateNumberOfMessagesDelayed'), since, () => depth.delayed);
      const oldest = depth.oldestSentAt === undefined ? undefined : virtualAt(depth.oldestSentAt);
      metrics.setGauge(id('ApproximateAgeOfOldestMessage'), since, (at) =>
        oldest === undefined ? 0 : Math.max(0, Math.floor((at - oldest) / 1000)),
      );
    },
    httpRequest: (ApiId, Stage, status, latencyMs) => {
      const values = {
        Count: 1,
        '4xx': Number(status >= 400 && status < 500),
        '5xx': Number(status >= 500),
        Latency: latencyMs,
      };
      count('AWS/ApiGateway', { ApiId }, values);
      count('AWS/ApiGateway', { ApiId, Stage }, values);
    },
  };
}
