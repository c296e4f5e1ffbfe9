/**
 * Reads the reply of a handler that reports partial failures (`ReportBatchItemFailures`).
 * @param identifiers message ids or sequence numbers of the batch.
 * @returns the identifiers that failed; all of them when the reply makes no sense, as AWS has it.
 */
export function failedIdentifiers(reply: unknown, identifiers: readonly string[]): ReadonlySet<string> {
  const everything = new Set(identifiers);
  if (reply === null || reply === undefined || reply === '') return new Set();
  if (typeof reply !== 'object') return everything;
  const failures = (reply as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return everything;
  const failed = failures.map((failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  const sensible = failed.every((one): one is string => typeof one === 'string' && everything.has(one));
  return sensible ? new Set(failed) : everything;
}
