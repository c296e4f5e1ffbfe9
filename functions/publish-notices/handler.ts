import { systemActor } from '../../shared/access/actor.ts';
import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { createPublicityWatch } from '../../shared/publicity/publicity-watch.ts';
import { type PublishDependencies, publishNotices } from '../../shared/publicity/publish-notices.ts';

/** The daily publishing job (08:30 Asia/Shanghai). Its heartbeat beats only when nothing failed: silence is the alarm. */
export function createHandler(
  deps: Omit<PublishDependencies, 'watch' | 'by'>,
  edge: { log: EventLog; metrics: MetricRecorder },
) {
  const watch = createPublicityWatch(edge.log, edge.metrics);
  return createScheduleHandler(edge, 'publish-notices', async () => {
    const result = await publishNotices({ ...deps, watch, by: systemActor('publish-notices') });
    if (result.failed === 0) edge.metrics.add('NoticeHeartbeat');
    return result;
  });
}
