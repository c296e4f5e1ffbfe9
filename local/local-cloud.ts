import type { Advance } from './clock/virtual-clock.ts';
import type { Credentials } from './credentials.ts';
import type { Queue, QueueDepth } from './engines/queue-engine.ts';
import type { CallFault } from './faults/call-faults.ts';
import type { RecordedCall } from './faults/call-gateway.ts';
import type { DeliveryFault } from './faults/delivery-faults.ts';
import type { Endpoints } from './functions/environment.ts';
import type { FunctionError } from './functions/runtime/messages.ts';
import type { AlarmState } from './observability/alarms.ts';
import type { LogFilter, LogLine } from './observability/log-store.ts';
import type { MetricSummary } from './observability/metric-store.ts';
import type { ScheduleState } from './schedules/scheduler.ts';
import type { SampleUser } from './users.ts';

/** A running local cloud. Names of functions, schedules and queues: logical id, physical name or construct id. */
export interface LocalCloud {
  /** Where the HTTP API answers, and `/_local` beside it. */
  readonly apiUrl: string;
  /** The OpenID Connect issuer of `token`. */
  readonly issuer: string;
  readonly endpoints: Endpoints;
  /** With these the engines let one in. */
  readonly credentials: Credentials;
  readonly region: string;
  /** Outputs of all stacks, by id. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Tables, queues, buckets, functions and keys by logical id. */
  readonly resources: readonly ResourceName[];
  readonly users: readonly SampleUser[];
  readonly clock: CloudClock;
  /** A bearer token for a sample user or for any claims; claims given win over the usual ones, `exp` included. */
  readonly token: (user: string | Readonly<Record<string, unknown>>) => Promise<string>;
  /** Invokes a function and waits; an error of the function is an answer, not an exception. */
  readonly invoke: (functionName: string, event: unknown) => Promise<InvocationAnswer>;
  /**
   * Resolves when nothing more would happen without time passing: queues and streams are empty or wait for their time.
   * @throws Error naming what is busy, after two minutes of real time.
   */
  readonly settle: () => Promise<void>;
  readonly metrics: () => { readonly metrics: readonly MetricSummary[]; readonly problems: readonly string[] };
  readonly logs: (filter?: LogFilter) => readonly LogLine[];
  readonly alarms: () => Promise<readonly AlarmState[]>;
  readonly queues: () => Promise<readonly QueueState[]>;
  readonly schedules: { list(): readonly ScheduleState[]; fire(name: string): Promise<void> };
  /** AWS calls of functions, if `recordCalls` was asked for or a call fault watched them. */
  readonly calls: () => readonly RecordedCall[];
  readonly faults: {
    deliveries(fault: DeliveryFault): void;
    calls(fault: CallFault): void;
    /** Delivers what `hold` kept back; resolves with how many. */
    letGo(): Promise<number>;
    clear(): void;
  };
  /** Takes over new code of functions from the assembly; returns the names of those that changed. */
  readonly reload: () => readonly string[];
  readonly stop: () => Promise<void>;
}

export interface CloudClock {
  /** Virtual time. */
  readonly now: () => Date;
  /**
   * Moves the clock by milliseconds or to an instant: schedules that fall due run in order, failed messages come back,
   * the lifecycle of buckets is carried out. With `removeExpired` items past their time to live go as well.
   * @throws RangeError for an instant in the past.
   */
  advance(
    target: number | { readonly ms: number } | { readonly to: Date | string },
    options?: { readonly removeExpired?: boolean },
  ): Promise<Advance>;
}

export type InvocationAnswer =
  | { readonly ok: true; readonly requestId: string; readonly payload: unknown }
  | {
      readonly ok: false;
      readonly requestId: string;
      readonly throttled: boolean;
      readonly error: FunctionError | undefined;
    };

export interface ResourceName {
  readonly logicalId: string;
  readonly type: string;
  readonly path: string | undefined;
  /** What `Ref` gives: table or bucket name, queue address, key id. */
  readonly ref: string;
  readonly arn: string | undefined;
}

export interface QueueState extends Queue, Omit<QueueDepth, 'oldestSentAt'> {
  /** Virtual time at which the oldest message was sent. */
  readonly oldestSentAt: string | undefined;
}
