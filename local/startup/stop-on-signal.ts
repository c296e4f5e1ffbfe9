/** Ends cleanly on Ctrl-C and on a kind kill. */
export interface StopSignals {
  stopping(): boolean;
}

/**
 * The first signal stops the cloud and lets the process end; a second one ends it at once.
 */
export function stopOnSignal(cloud: { readonly stop: () => Promise<void> }, say: (line: string) => void): StopSignals {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    say('stopping …');
    cloud.stop().then(
      () => process.exit(process.exitCode ?? 0),
      (error: Error) => {
        process.stderr.write(`${error.message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { stopping: () => stopping };
}
