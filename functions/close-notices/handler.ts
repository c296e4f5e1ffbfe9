import { systemActor } from '../../shared/access/actor.ts';
import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { type CloseDependencies, closeNotices } from '../../shared/publicity/close-notices.ts';
import { createPublicityWatch } from '../../shared/publicity/publicity-watch.ts';

/** The nightly closing job (00:05 Asia/Shanghai). Its heartbeat beats only when nothing failed: silence is the alarm. */
export function createHandler(
  deps: Omit<CloseDependencies, 'watch' | 'by'>,
  edge: { log: EventLog; metrics: MetricRecorder },
) {
  const watch = createPublicityWatch(edge.log, edge.metrics);
  return createScheduleHandler(edge, 'close-notices', async () => {
    const result = await closeNotices({ ...deps, watch, by: systemActor('close-notices') });
    if (result.failed === 0) edge.metrics.add('NoticeHeartbeat');
    return result;
  });
}
