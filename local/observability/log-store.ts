/** One line that a function wrote, or the platform wrote about it. */
export interface LogLine {
  /** Virtual time. */
  readonly time: string;
  readonly function: string;
  readonly requestId: string | undefined;
  readonly text: string;
  /** The line as an object, where it is JSON. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
  /** Of a structured line (`level`, `log.level`), in capitals; `PLATFORM` for the runtime's own. */
  readonly level: string | undefined;
}

export interface LogFilter {
  /** Name or end of the name of the function. */
  readonly function?: string;
  readonly requestId?: string;
  readonly level?: string;
  /** Part of the line. */
  readonly text?: string;
  /** Instant or ISO time from which on. */
  readonly since?: string | number;
  /** The newest so many; default 1000. */
  readonly limit?: number;
}

export interface LogStore {
  add(line: Omit<LogLine, 'record' | 'level'>, platform?: boolean): LogLine;
  readonly find: (filter?: LogFilter) => LogLine[];
}

/** Lines kept in memory; the oldest go first. */
const KEPT_LINES = 50_000;

export function createLogStore(): LogStore {
  let lines: LogLine[] = [];
  return {
    add: (line, platform = false) => {
      const record = structured(line.text);
      const level = platform ? 'PLATFORM' : levelOf(record);
      const whole = { ...line, record, level };
      lines.push(whole);
      if (lines.length > KEPT_LINES * 1.1) lines = lines.slice(-KEPT_LINES);
      return whole;
    },
    find: (filter = {}) => {
      const since = filter.since === undefined ? 0 : new Date(filter.since).getTime();
      const wanted = lines.filter(
        (line) =>
          (filter.function === undefined ||
            line.function === filter.function ||
            line.function.endsWith(`-${filter.function}`)) &&
          (filter.requestId === undefined || line.requestId === filter.requestId) &&
          (filter.level === undefined || line.level === filter.level.toUpperCase()) &&
          (filter.text === undefined || line.text.includes(filter.text)) &&
          Date.parse(line.time) >= since,
      );
      return wanted.slice(-(filter.limit ?? 1000));
    },
  };
}

function structured(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function levelOf(record: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const level = record?.['level'] ?? record?.['log.level'];
  return typeof level === 'string' ? level.toUpperCase() : undefined;
}
