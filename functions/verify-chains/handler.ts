import type { EventLog } from '../../shared/lambda/log.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { createScheduleHandler } from '../../shared/lambda/schedule-handler.ts';
import { type ChainDependencies, verifyRecentChains } from '../../shared/supervision/verify-recent-chains.ts';

// Of the fifteen minutes that a run has: one long trail more must still fit in.
const mostMs = 12 * 60_000;

/** Every night (04:50 Asia/Shanghai): has anybody altered, removed or inserted an audit record? */
export function createHandler(deps: ChainDependencies, edge: { log: EventLog; metrics: MetricRecorder }) {
  return createScheduleHandler(edge, 'verify-chains', async () => {
    const { verified, broken, left } = await verifyRecentChains(deps, mostMs);
    edge.metrics.add('AuditChainsVerified', verified);
    edge.metrics.add('AuditChainsBroken', broken.length);
    for (const { chain, faults } of broken) {
      const [first] = faults;
      const code = first === undefined ? '' : `${first.fault} ${first.entity} ${first.version}`;
      edge.log.warn('audit-chain-broken', { chain, count: faults.length, code });
    }
    if (left > 0) edge.log.warn('audit-chains-left', { count: left });
    edge.metrics.add('CheckHeartbeat');
    return { count: verified, failed: broken.length };
  });
}
