import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { FunctionPool, Outcome } from './function-pool.ts';

/** Puts a message where an ARN points: a queue or a function. */
export type SendTo = (arn: string, body: unknown, attributes?: Readonly<Record<string, string>>) => Promise<void>;

/** Invocations nobody waits for: S3 events, schedules, destinations. */
export interface AsynchronousInvocation {
  /** Resolves when the first attempt is over, whatever came of it; further attempts follow in virtual time. */
  invoke(pool: FunctionPool, event: unknown): Promise<void>;
}

export interface AsynchronousInvocationOptions {
  readonly clock: VirtualClock;
  readonly sendTo: SendTo;
}

/** Lambda waits one minute before the first retry and two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000];

interface Attempt {
  readonly pool: FunctionPool;
  readonly event: unknown;
  readonly firstAt: number;
  readonly count: number;
}

/** Retries as Lambda does for asynchronous events, then the on-failure destination and the dead-letter queue. */
export function createAsynchronousInvocation({ clock, sendTo }: AsynchronousInvocationOptions): AsynchronousInvocation {
  const attempt = async (current: Attempt): Promise<void> => {
    const { pool, event, count, firstAt } = current;
    const { maximumRetryAttempts, maximumEventAgeSeconds, onSuccessArn } = pool.settings.asynchronous;
    const outcome = await pool.invoke(event, true);
    if (outcome.kind === 'returned') {
      if (onSuccessArn !== undefined) await sendTo(onSuccessArn, destinationRecord(current, outcome, 'Success'));
      return;
    }
    const delay = RETRY_DELAYS_MS[Math.min(count, RETRY_DELAYS_MS.length) - 1] ?? 0;
    const tooOld = clock.now() + delay > firstAt + maximumEventAgeSeconds * 1000;
    if (count <= maximumRetryAttempts && !tooOld) {
      clock.at(clock.now() + delay, `retry of ${pool.settings.name}`, () => attempt({ ...current, count: count + 1 }));
      return;
    }
    await giveUp(current, outcome, tooOld ? 'EventAgeExceeded' : 'RetriesExhausted');
  };

  const giveUp = async (current: Attempt, outcome: Outcome, condition: string): Promise<void> => {
    const { onFailureArn, deadLetterArn } = current.pool.settings.asynchronous;
    if (onFailureArn !== undefined) await sendTo(onFailureArn, destinationRecord(current, outcome, condition));
    if (deadLetterArn !== undefined) {
      const message = outcome.kind === 'failed' ? outcome.error.errorMessage : outcome.kind;
      await sendTo(deadLetterArn, current.event, {
        RequestID: outcome.requestId,
        ErrorCode: outcome.kind === 'throttled' ? '429' : '200',
        ErrorMessage: message.slice(0, 1024),
      });
    }
  };

  const destinationRecord = ({ pool, event, count }: Attempt, outcome: Outcome, condition: string): object => ({
    version: '1.0',
    timestamp: new Date(clock.now()).toISOString(),
    requestContext: {
      requestId: outcome.requestId,
      functionArn: `${pool.settings.arn}:$LATEST`,
      condition,
      approximateInvokeCount: count,
    },
    requestPayload: event,
    responseContext: {
      statusCode: outcome.kind === 'throttled' ? 429 : 200,
      executedVersion: '$LATEST',
      ...(outcome.kind === 'failed' ? { functionError: 'Unhandled' } : {}),
    },
    responsePayload: payloadOf(outcome),
  });

  return { invoke: (pool, event) => attempt({ pool, event, firstAt: clock.now(), count: 1 }) };
}

function payloadOf(outcome: Outcome): unknown {
  if (outcome.kind === 'returned') return outcome.payload;
  return outcome.kind === 'failed' ? outcome.error : null;
}
