import { DomainError, type ErrorCode, errorStatuses, type Problem } from '../errors/domain-error.ts';

/** A refusal on the wire (RFC 9457). `type` is stable per code; `detail` is the Chinese sentence for people. */
export interface ProblemDocument {
  type: string;
  title: ErrorCode | 'internal-error';
  status: number;
  detail: string;
  problems?: readonly Problem[];
}

const internalError: ProblemDocument = {
  type: 'urn:jipei:problem:internal-error',
  title: 'internal-error',
  status: 500,
  detail: '系统暂时出错，您提交的内容没有丢失。请稍后重试；若仍不成功，请把请求编号告知经办部门。',
};

// Errors that middy's own parsers throw carry an HTTP status and nothing else that we would repeat to a client.
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** Nobody corrects more in one go, and a roster of thousands may be wrong in every line. */
const mostProblems = 200;

/** The first of many problems, and after them one that says how many there are. */
function firstOf(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= mostProblems) return problems;
  const message = `共${problems.length}处有误，以上只列出前${mostProblems}处；请更正后重新提交，系统将继续列出其余各处`;
  return [...problems.slice(0, mostProblems), { path: '', message }];
}

function document(code: ErrorCode, detail: string, problems: readonly Problem[] = []): ProblemDocument {
  const base = { type: `urn:jipei:problem:${code}`, title: code, status: errorStatuses[code], detail };
  return problems.length === 0 ? base : { ...base, problems: firstOf(problems) };
}

/** The document for any error; what is not a known refusal becomes a 500 that tells the client nothing of the inside. */
export function problemOf(error: unknown): ProblemDocument {
  if (error instanceof DomainError) return document(error.code, error.message, error.problems);
  const status = statusOf(error);
  if (status === 415) return document('unsupported-media-type', '请求正文必须是 application/json。');
  if (status === 422) return document('malformed-json', '请求正文不是合法的 JSON，请检查后重新提交。');
  return internalError;
}
