import { parseArgs } from 'node:util';

/** What `npm start` was asked to do. */
export interface Command {
  readonly dataDirectory: string | undefined;
  readonly port: number | undefined;
  readonly startAt: Date | undefined;
  /** Play the journey and end. */
  readonly once: boolean;
  /** End the output with the summary as one line of JSON. */
  readonly json: boolean;
  /** The sample journey asked for by name. */
  readonly journey: string | undefined;
}

export const usage = `npm start -- [options]
  --data DIR       keep everything in this folder; a temporary one without it
  --port N         port of the API (default 2058; with --once any free one)
  --clock ISO      instant at which the virtual clock starts, such as 2021-03-09T08:00:00+08:00
  --journey NAME   sample journey to play: main (default) or all
  --once           play the journey and exit: 0 only if every step came out as the sample says
  --json           print the summary as one JSON object on the last line
  --help`;

/** Told to the user in one line, without a stack. */
export class UsageError extends Error {}

/**
 * Reads the arguments.
 * @returns `'help'` when that was asked for.
 * @throws UsageError saying which argument is wrong and what it may be.
 */
export function readCommand(args: readonly string[]): Command | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  return {
    dataDirectory: values.data,
    port: values.port === undefined ? undefined : readPort(values.port),
    startAt: values.clock === undefined ? undefined : readInstant(values.clock),
    once: values.once ?? false,
    json: values.json ?? false,
    journey: values.journey,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        clock: { type: 'string' },
        journey: { type: 'string' },
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port ${text}: a port is a number from 0 to 65535`);
  return port;
}

/** With a time zone: an instant that means something else on another machine is no instant. */
function readInstant(text: string): Date {
  const instant = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(instant.getTime())) {
    throw new UsageError(`--clock ${text}: give date, time and zone, such as 2021-03-09T08:00:00+08:00`);
  }
  return instant;
}
