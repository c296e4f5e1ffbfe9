import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Everything a log line may carry. The list is closed on purpose: names, identity numbers, cards, phones, bodies and
 * whole events never reach the log, because there is no field for them.
 */
export interface LogFields {
  requestId?: string;
  route?: string;
  status?: number;
  durationMs?: number;
  role?: string;
  claimId?: string;
  classId?: string;
  evidenceId?: string;
  noticeId?: string;
  objectionId?: string;
  batchId?: string;
  applicationId?: string;
  messageId?: string;
  schedule?: string;
  /** The code of a special account (专账), never a bank account. */
  account?: string;
  /** The name of an audit chain. */
  chain?: string;
  fen?: number;
  code?: string;
  /** An authority (受理单位), such as `hr-bureau/lucheng`; never an applicant. */
  authority?: string;
  state?: string;
  verdict?: string;
  count?: number;
  failed?: number;
}

const allowed: readonly (keyof LogFields)[] = [
  'requestId',
  'route',
  'status',
  'durationMs',
  'role',
  'claimId',
  'classId',
  'evidenceId',
  'noticeId',
  'objectionId',
  'batchId',
  'applicationId',
  'messageId',
  'schedule',
  'account',
  'chain',
  'fen',
  'code',
  'authority',
  'state',
  'verdict',
  'count',
  'failed',
];

function pick(fields: LogFields): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const name of allowed) {
    const value = fields[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** What is told of an unexpected error: its kind and where it came from. Its message may quote data, so it stays out. */
function traceOf(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { errorName: error.name, errorStack: frames.slice(0, 12).join('\n') };
}

/** The log of one function: English event codes, allow-listed fields. */
export interface EventLog {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, error: unknown, fields?: LogFields): void;
}

export function createEventLog(logger: Logger = new Logger()): EventLog {
  return {
    info: (event, fields = {}) => logger.info(event, pick(fields)),
    warn: (event, fields = {}) => logger.warn(event, pick(fields)),
    error: (event, error, fields = {}) => logger.error(event, { ...pick(fields), ...traceOf(error) }),
  };
}
