import type { Ground } from './ground.ts';
import type { CloudClock } from './local-cloud.ts';
import type { Workload } from './workload.ts';

/** The clock as tests and journeys turn it: with everything that follows from time passing. */
export function createCloudClock({ clock, engines }: Ground, workload: Workload): CloudClock {
  return {
    now: () => new Date(clock.now()),
    advance: async (target, { removeExpired = false } = {}) => {
      const settle = workload.settleAfterMove;
      const advance =
        typeof target === 'object' && 'to' in target
          ? await clock.advanceTo(new Date(target.to).getTime(), settle)
          : await clock.advanceBy(typeof target === 'number' ? target : target.ms, settle);
      await engines.s3?.applyLifecycle();
      if (removeExpired) await workload.expiry.sweep(clock.now());
      await settle();
      return advance;
    },
  };
}
