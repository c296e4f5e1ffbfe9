import type { IdempotencyScope, IdempotencyStore, StoredReply } from '../access/idempotency-store.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, type ErrorCode } from '../errors/domain-error.ts';
import type { HttpReply } from './http-route.ts';
import { problemOf } from './problem.ts';

/** Refusals that say nothing of the request: the same one may succeed a moment later. */
const shouldTryAgain: ReadonlySet<string> = new Set<ErrorCode>(['changed-meanwhile', 'too-many-requests']);

const keyPattern = /^[A-Za-z0-9_-]{8,100}$/;

function stored(reply: HttpReply): StoredReply {
  return { status: reply.status, headers: reply.headers ?? {}, body: JSON.stringify(reply.body ?? null) };
}

function replayed(reply: StoredReply): HttpReply {
  return {
    status: reply.status,
    headers: { ...reply.headers, 'idempotent-replayed': 'true' },
    body: JSON.parse(reply.body),
  };
}

/**
 * Runs a POST once per key: its repetition gets the same reply, another body under the same key is refused.
 * Refusals are remembered too, so that "same key, same body, same reply" has no exception; only a failure of ours, a
 * lost race and too many requests free the key, because there the client should try again.
 * @throws DomainError `idempotency-key-missing`, `idempotency-key-reused`, `request-in-progress`
 */
export async function rememberReply(
  edge: { idempotency: IdempotencyStore; clock: Clock },
  scope: IdempotencyScope,
  bodyHash: string,
  serve: () => Promise<HttpReply>,
): Promise<HttpReply> {
  if (!keyPattern.test(scope.key)) {
    throw new DomainError(
      'idempotency-key-missing',
      '请求缺少 Idempotency-Key 请求头，或其格式不对。请为每次办理生成一个新的编号（8至100位字母、数字、- 或 _），重试时沿用同一编号。',
    );
  }
  const claim = await edge.idempotency.begin(scope, bodyHash, edge.clock.now());
  if (claim.kind === 'replayed') return replayed(claim.reply);
  if (claim.kind === 'other-body') {
    throw new DomainError(
      'idempotency-key-reused',
      '这个 Idempotency-Key 已用于另一份内容。请为新的办理生成新的编号。',
    );
  }
  if (claim.kind === 'in-progress') {
    throw new DomainError('request-in-progress', '同一请求正在处理，请稍候几秒再查询结果，无需重复提交。');
  }
  try {
    const reply = await serve();
    await edge.idempotency.finish(scope, bodyHash, stored(reply), edge.clock.now());
    return reply;
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500 || shouldTryAgain.has(problem.title)) {
      await edge.idempotency.abandon(scope, bodyHash);
    } else {
      const headers = { 'content-type': 'application/problem+json; charset=utf-8' };
      await edge.idempotency.finish(
        scope,
        bodyHash,
        stored({ status: problem.status, headers, body: problem }),
        edge.clock.now(),
      );
    }
    throw error;
  }
}
