import { describe, expect, test } from 'vitest';
import { awsErrorReply } from '../../../local/faults/aws-error-reply.ts';
import { awsOperation, partsOf, resourcesOf } from '../../../local/faults/aws-operation.ts';
import { createCallFaults } from '../../../local/faults/call-faults.ts';

describe('which call a request is', () => {
  test.each([
    ['GET', '/bucket/key', {}, 'GetObject'],
    ['HEAD', '/bucket/key', {}, 'HeadObject'],
    ['PUT', '/bucket/a/b', {}, 'PutObject'],
    ['PUT', '/bucket/a', { 'x-amz-copy-source': 'x' }, 'CopyObject'],
    ['DELETE', '/bucket/a?versionId=1', {}, 'DeleteObject'],
    ['POST', '/bucket/a?uploads', {}, 'CreateMultipartUpload'],
    ['PUT', '/bucket/a?partNumber=1&uploadId=u', {}, 'UploadPart'],
    ['PUT', '/bucket/a?partNumber=1&uploadId=u', { 'x-amz-copy-source': 'x' }, 'UploadPartCopy'],
    ['POST', '/bucket/a?uploadId=u', {}, 'CompleteMultipartUpload'],
    ['DELETE', '/bucket/a?uploadId=u', {}, 'AbortMultipartUpload'],
    ['GET', '/bucket/a?uploadId=u', {}, 'ListParts'],
    ['PUT', '/bucket/a?retention', {}, 'PutObjectRetention'],
    ['GET', '/bucket/a?legal-hold', {}, 'GetObjectLegalHold'],
    ['GET', '/bucket?list-type=2', {}, 'ListObjectsV2'],
    ['GET', '/bucket/?versions', {}, 'ListObjectVersions'],
    ['POST', '/bucket?delete', {}, 'DeleteObjects'],
    ['HEAD', '/bucket', {}, 'HeadBucket'],
  ])('%s %s %j → %s', (method, url, headers, operation) => {
    expect(awsOperation('s3', method, url, headers).operation).toBe(operation);
  });

  test('the JSON services say it in a header', () => {
    const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };
    expect(awsOperation('dynamodb', 'POST', '/', headers)).toEqual({ service: 'dynamodb', operation: 'PutItem' });
  });

  test.each([
    ['dynamodb', '/', { TableName: 't' }, ['t']],
    ['dynamodb', '/', { TableName: 't', IndexName: 'i' }, ['t/index/i']],
    [
      'dynamodb',
      '/',
      { TransactItems: [{ Put: { TableName: 't' } }, { ConditionCheck: { TableName: 'u' } }] },
      ['t', 'u'],
    ],
    ['dynamodb', '/', { RequestItems: { t: [], u: [] } }, ['t', 'u']],
    // an attribute that happens to be called so is data
    ['dynamodb', '/', { TableName: 't', Item: { TableName: { S: 'x' } } }, ['t']],
    ['sqs', '/', { QueueUrl: 'q' }, ['q']],
    ['kms', '/', { KeyId: 'k' }, ['k']],
    ['s3', '/bucket/a%20b?x=1', undefined, ['bucket/a b']],
  ])('%s %s %j names %j', (service, url, body, resources) => {
    expect(resourcesOf({ service, operation: '' }, url, body)).toEqual(resources);
  });
});

describe('errors as the services tell them', () => {
  test('a conflict on a single item is an exception of its own', () => {
    const reply = awsErrorReply({ service: 'dynamodb', operation: 'PutItem' }, 'TransactionConflict', {});
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionConflictException',
    });
  });

  test.each([
    ['s3', 'SlowDown', 503],
    ['s3', 'InternalError', 500],
    ['dynamodb', 'InternalServerError', 500],
    ['sqs', 'ThrottlingException', 400],
  ])('%s %s is %i', (service, error, status) => {
    expect(awsErrorReply({ service, operation: '' }, error, undefined)).toMatchObject({
      status,
      body: expect.stringContaining(error),
    });
  });
});

describe('call faults', () => {
  const call = (operation: string) => ({ service: 'dynamodb', operation });
  const armed = (more: object) => {
    const faults = createCallFaults();
    faults.add({ function: 'f', functionName: 'f', action: 'kill', ...more });
    return faults;
  };

  test('the so manieth call of one invocation, not of several', () => {
    const faults = armed({ call: 2 });
    expect(faults.take('f', 'one', call('PutItem'))).toBeUndefined();
    expect(faults.take('f', 'two', call('PutItem'))).toBeUndefined();
    expect(faults.take('f', 'two', call('GetItem'))).toBeDefined();
    expect(faults.concerns('f')).toBe(false);
  });

  test('only calls of the operation count, and only of the function', () => {
    const faults = armed({ operation: 'PutItem', call: 2 });
    expect(faults.take('g', 'one', call('PutItem'))).toBeUndefined();
    expect(faults.take('f', 'one', call('PutItem'))).toBeUndefined();
    expect(faults.take('f', 'one', call('GetItem'))).toBeUndefined();
    expect(faults.take('f', 'one', call('PutItem'))).toBeDefined();
  });

  test('the next so many', () => {
    const faults = armed({ times: 2 });
    const hits = [1, 2, 3].map(() => faults.take('f', 'one', call('PutItem')) !== undefined);
    expect(hits).toEqual([true, true, false]);
  });
});

test('a transaction says what it is made of, each kind once; other calls are made of nothing', () => {
  const TransactItems = [{ Put: {} }, { ConditionCheck: {} }, { Put: {} }, { Delete: {} }, { Update: {} }];
  expect(partsOf({ TransactItems })).toEqual(['Put', 'ConditionCheck', 'Delete', 'Update']);
  for (const body of [undefined, {}, { TableName: 't' }, { TransactItems: 'x' }]) expect(partsOf(body)).toEqual([]);
});
