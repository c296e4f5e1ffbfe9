/** What the local cloud and a function's process say to each other over the process channel. */
export type ToRuntime =
  | {
      readonly type: 'invoke';
      readonly requestId: string;
      /** The event as JSON text: parsed in the process, as the real runtime does. */
      readonly event: string;
      readonly timeoutMs: number;
      readonly clockOffset: number;
      readonly functionArn: string;
      /** Port that AWS calls of this invocation go through, when they are watched. */
      readonly gatewayPort: number | undefined;
    }
  | { readonly type: 'clock'; readonly clockOffset: number }
  | { readonly type: 'gateway'; readonly gatewayPort: number | undefined };

export type FromRuntime =
  | { readonly type: 'ready' }
  /** Last words before the process ends: code that does not load, an error nobody awaited. */
  | { readonly type: 'crashed'; readonly error: FunctionError }
  | { readonly type: 'output'; readonly text: string }
  | { readonly type: 'returned'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'failed'; readonly requestId: string; readonly error: FunctionError };

/** An error as Lambda reports it to the caller. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Headers by which the gateway knows whose call it sees. They are not signed and go no further. */
export const gatewayHeaders = { upstream: 'x-local-upstream', requestId: 'x-local-request-id' } as const;
