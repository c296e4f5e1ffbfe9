import { findByName } from '../template/names.ts';
import type { FunctionPool } from './function-pool.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { ToRuntime } from './runtime/messages.ts';

/** All functions of the deployment. */
export interface FunctionFleet {
  byName(name: string): FunctionPool;
  /** @throws Error when no function has this ARN. */
  readonly byArn: (arn: string) => FunctionPool;
  hasArn(arn: string): boolean;
  /** Invocations under way, by function. */
  busy(): string[];
  kill(requestId: string): void;
  tell(message: ToRuntime): void;
  /** Takes over new settings; returns the names of the functions whose code changed. */
  replace(settings: readonly FunctionSettings[]): string[];
  stop(): Promise<void>;
}

export function createFunctionFleet(
  settings: readonly FunctionSettings[],
  createPool: (settings: FunctionSettings) => FunctionPool,
): FunctionFleet {
  const pools = settings.map(createPool);
  const bare = (arn: string): string => arn.split(':').slice(0, 7).join(':');
  const find = (arn: string): FunctionPool | undefined => pools.find((pool) => pool.settings.arn === bare(arn));
  return {
    byName: (name) => {
      const nameable = pools.map((pool) => ({ pool, ...pool.settings }));
      return findByName(nameable, name, 'function').pool;
    },
    byArn: (arn) => {
      const pool = find(arn);
      if (pool === undefined) throw new Error(`no function has the ARN ${arn}`);
      return pool;
    },
    hasArn: (arn) => find(arn) !== undefined,
    busy: () => pools.filter((pool) => pool.busy > 0).map((pool) => pool.settings.name),
    kill: (requestId) => {
      for (const pool of pools) pool.kill(requestId);
    },
    tell: (message) => {
      for (const pool of pools) pool.tell(message);
    },
    replace: (next) =>
      pools.flatMap((pool) => {
        const changed = next.find((one) => one.arn === pool.settings.arn);
        if (changed === undefined || changed.codeFolder === pool.settings.codeFolder) return [];
        pool.replace(changed);
        return [changed.name];
      }),
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.stop()));
    },
  };
}
