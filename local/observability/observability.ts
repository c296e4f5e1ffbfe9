import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { Deployment } from '../template/deployment.ts';
import { type Alarms, readAlarms } from './alarms.ts';
import { createLogStore, type LogStore } from './log-store.ts';
import { createMetricStore, type MetricStore } from './metric-store.ts';
import { createPlatformMetrics, type PlatformMetrics } from './platform-metrics.ts';

/** Everything by which one sees what goes on. */
export interface Observability {
  readonly logs: LogStore;
  readonly metrics: MetricStore;
  readonly platform: PlatformMetrics;
  readonly alarms: Alarms;
}

export function createObservability(deployment: Deployment, clock: VirtualClock): Observability {
  const metrics = createMetricStore();
  return {
    logs: createLogStore(),
    metrics,
    platform: createPlatformMetrics(metrics, clock.now, clock.virtualAt),
    alarms: readAlarms(deployment, metrics),
  };
}
