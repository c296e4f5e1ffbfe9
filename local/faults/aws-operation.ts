import type { IncomingHttpHeaders } from 'node:http';

/** Which call of which AWS service a request is. */
export interface AwsOperation {
  readonly service: string;
  /** `PutItem`, `SendMessage`, `UploadPart`, … */
  readonly operation: string;
}

/** @param service `dynamodb`, `sqs`, `kms` or `s3`, known from where the request goes. */
export function awsOperation(service: string, method: string, url: string, headers: IncomingHttpHeaders): AwsOperation {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { service, operation: target.slice(target.indexOf('.') + 1) };
  return { service, operation: s3Operation(method, new URL(url, 'http://s3'), headers) };
}

/** Sub-resources by which S3 tells operations apart, with what they are called. */
const objectSubresources: Readonly<Record<string, string>> = {
  retention: 'ObjectRetention',
  'legal-hold': 'ObjectLegalHold',
  tagging: 'ObjectTagging',
  attributes: 'ObjectAttributes',
  acl: 'ObjectAcl',
};

function s3Operation(method: string, url: URL, headers: IncomingHttpHeaders): string {
  const query = url.searchParams;
  const isObject = url.pathname.split('/').filter(Boolean).length > 1;
  const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete', HEAD: 'Head', POST: 'Post' }[method] ?? method;
  if (!isObject) {
    if (query.has('delete')) return 'DeleteObjects';
    if (query.has('uploads')) return 'ListMultipartUploads';
    if (query.has('versions')) return 'ListObjectVersions';
    if (method === 'GET') return query.has('list-type') ? 'ListObjectsV2' : 'ListObjects';
    return `${verb}Bucket`;
  }
  const subresource = Object.keys(objectSubresources).find((name) => query.has(name));
  if (subresource !== undefined) return `${verb}${objectSubresources[subresource]}`;
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload';
  if (query.has('uploadId')) {
    if (method === 'GET') return 'ListParts';
    if (method === 'DELETE') return 'AbortMultipartUpload';
    return 'x-amz-copy-source' in headers ? 'UploadPartCopy' : 'UploadPart';
  }
  return 'x-amz-copy-source' in headers ? 'CopyObject' : `${verb}Object`;
}

/** The tables, queues, keys or objects that a call names. */
export function resourcesOf({ service }: AwsOperation, url: string, body: unknown): string[] {
  if (service === 's3') return [decodeURIComponent(new URL(url, 'http://s3').pathname.slice(1))];
  const found = new Set<string>();
  const names = { dynamodb: 'TableName', sqs: 'QueueUrl', kms: 'KeyId' }[service];
  const search = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    for (const [key, one] of Object.entries(value)) {
      if (key === names && typeof one === 'string') found.add(indexed(one, value));
      else if (key === 'RequestItems' && !Array.isArray(one)) for (const table of Object.keys(one)) found.add(table);
      else search(one, depth + 1);
    }
  };
  search(body, 0);
  return [...found];
}

/** What a transaction is made of (`Put`, `Update`, `Delete`, `ConditionCheck`); nothing for other calls. */
export function partsOf(body: unknown): string[] {
  const { TransactItems } = (body ?? {}) as { TransactItems?: unknown };
  if (!Array.isArray(TransactItems)) return [];
  return [...new Set(TransactItems.flatMap((item: object) => Object.keys(item)))];
}

/** `table/index/name` where the call reads an index: permissions name them apart. */
function indexed(table: string, call: object): string {
  const index = (call as { IndexName?: unknown }).IndexName;
  return typeof index === 'string' ? `${table}/index/${index}` : table;
}
