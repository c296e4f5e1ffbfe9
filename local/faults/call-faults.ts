import type { AwsOperation } from './aws-operation.ts';

/** Something that goes wrong with an AWS call of a function. */
export interface CallFault {
  /** Name of the function, as in `cloud.invoke`. */
  readonly function: string;
  /** Only calls of this operation (`PutItem`); every call without one. */
  readonly operation?: string;
  /**
   * `kill`: the process dies. `fail`: the call is answered with `error`. `lose-reply`: the connection breaks.
   */
  readonly action: 'kill' | 'fail' | 'lose-reply';
  /** Whether the call takes effect first. `lose-reply` makes sense only after; `fail` before is the usual throttle. */
  readonly when?: 'before' | 'after';
  /** `kill`: at the so manieth fitting call of one invocation, counted from 1. Default 1. */
  readonly call?: number;
  /** How often; default once. */
  readonly times?: number;
  /** `fail`: `TransactionConflict`, `ProvisionedThroughputExceededException`, `InternalServerError`, `SlowDown`, … */
  readonly error?: string;
}

export interface CallFaults {
  add(fault: CallFault & { readonly functionName: string }): void;
  /** Whether calls of this function have to be watched. */
  concerns(functionName: string): boolean;
  /** The fault that hits this call, if one does; it is used up by that. */
  take(functionName: string, requestId: string, call: AwsOperation): CallFault | undefined;
  clear(): void;
}

export function createCallFaults(): CallFaults {
  let armed: { fault: CallFault & { readonly functionName: string }; left: number; seen: Map<string, number> }[] = [];
  return {
    add: (fault) => {
      armed.push({ fault, left: fault.times ?? 1, seen: new Map() });
    },
    concerns: (functionName) => armed.some((one) => one.fault.functionName === functionName),
    take: (functionName, requestId, { operation }) => {
      for (const one of armed) {
        const { fault, seen } = one;
        if (fault.functionName !== functionName) continue;
        if (fault.operation !== undefined && fault.operation !== operation) continue;
        const count = (seen.get(requestId) ?? 0) + 1;
        seen.set(requestId, count);
        if (fault.call !== undefined && fault.call !== count) continue;
        one.left -= 1;
        if (one.left <= 0) armed = armed.filter((other) => other !== one);
        return fault;
      }
      return undefined;
    },
    clear: () => {
      armed = [];
    },
  };
}
