import type { AwsOperation } from './aws-operation.ts';

export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Errors that come with another status than 400. */
const statuses: Readonly<Record<string, number>> = {
  InternalServerError: 500,
  InternalError: 500,
  InternalFailure: 500,
  ServiceUnavailable: 503,
  SlowDown: 503,
  KMSInternalException: 500,
  AccessDenied: 403,
  NoSuchKey: 404,
  PreconditionFailed: 412,
};

/** @returns the reply by which the service of this call would tell that error. */
export function awsErrorReply(call: AwsOperation, error: string, body: unknown): ErrorReply {
  const status = statuses[error] ?? 400;
  const message = `${error} (injected)`;
  if (call.service === 's3') {
    const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${error}</Code><Message>${message}</Message></Error>`;
    return { status, headers: { 'content-type': 'application/xml' }, body: xml };
  }
  const reply = call.service === 'dynamodb' ? dynamodbError(call, error, message, body) : { __type: error, message };
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${error};Sender` },
    body: JSON.stringify(reply),
  };
}

const cancellationCodes: Readonly<Record<string, string>> = {
  TransactionConflict: 'TransactionConflict',
  TransactionConflictException: 'TransactionConflict',
  ThrottlingError: 'ThrottlingError',
  ProvisionedThroughputExceeded: 'ProvisionedThroughputExceeded',
};

/** Conflicts inside a transaction are told as its cancellation, with a reason per item. */
function dynamodbError(call: AwsOperation, error: string, message: string, body: unknown): object {
  const prefix = 'com.amazonaws.dynamodb.v20120810#';
  const code = cancellationCodes[error];
  const items = (body as { TransactItems?: unknown[] } | undefined)?.TransactItems;
  if (code !== undefined && call.operation.startsWith('Transact') && Array.isArray(items)) {
    const CancellationReasons = items.map((_item, index) =>
      index === 0 ? { Code: code, Message: message } : { Code: 'None' },
    );
    const all = CancellationReasons.map((reason) => reason.Code).join(', ');
    return {
      __type: `${prefix}TransactionCanceledException`,
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${all}]`,
      CancellationReasons,
    };
  }
  const name = error === 'TransactionConflict' ? 'TransactionConflictException' : error;
  return { __type: prefix + name, message };
}
