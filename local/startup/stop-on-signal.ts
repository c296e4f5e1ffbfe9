import { constants } from 'node:os';

/** Ends cleanly on Ctrl-C and on a kind kill. */
export interface StopSignals {
  stopping(): boolean;
}

/**
 * The first signal stops the cloud and lets the process end; a second one ends it at once.
 * @param isDue whether something that was asked for has not come about yet: then the end is none of success, but tells
 *   the signal as a shell does (128 and its number).
 */
export function stopOnSignal(
  cloud: { readonly stop: () => Promise<void> },
  say: (line: string) => void,
  isDue: () => boolean,
): StopSignals {
  let stopping = false;
  const stop = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const told = 128 + constants.signals[signal];
    if (stopping) process.exit(told);
    stopping = true;
    const code = process.exitCode ?? (isDue() ? told : 0);
    say('stopping …');
    cloud.stop().then(
      () => process.exit(code),
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
