import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedCall } from '../../local/faults/call-gateway.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

// What IAM calls the rights that an operation takes; one of them must be granted. A transaction takes those of its
// parts, which the recording does not tell: that the role may write at all is what is checked of it.
const rights: Readonly<Record<string, readonly string[]>> = {
  'dynamodb TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  'sqs SendMessageBatch': ['sqs:SendMessage'],
  's3 HeadObject': ['s3:GetObject', 's3:GetObjectVersion'],
  's3 GetObject': ['s3:GetObject', 's3:GetObjectVersion'],
  's3 CopyObject': ['s3:PutObject'],
  's3 CreateMultipartUpload': ['s3:PutObject'],
  's3 CompleteMultipartUpload': ['s3:PutObject'],
  's3 UploadPart': ['s3:PutObject'],
  's3 ListParts': ['s3:ListMultipartUploadParts'],
  's3 ListObjectsV2': ['s3:ListBucket'],
};

function listed<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function actionsOf(role: Resource | undefined): Set<string> {
  const policies = (role?.Properties['Policies'] ?? []) as {
    PolicyDocument: { Statement: { Action: string | string[] }[] };
  }[];
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return new Set(statements.flatMap(({ Action }) => listed(Action)));
}

/** Recorded calls whose operation the synthesized role of the calling function does not allow: `function service operation`. */
export function deniedCalls(assembly: string, calls: readonly RecordedCall[]): string[] {
  const template: { Resources: Record<string, Resource> } = JSON.parse(
    readFileSync(join(assembly, 'jipei-local-service.template.json'), 'utf8'),
  );
  const granted = new Map<string, Set<string>>();
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const [roleId = ''] = (Properties['Role'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
    granted.set(logicalId, actionsOf(template.Resources[roleId]));
  }
  const denied = new Set<string>();
  for (const call of calls) {
    const owner = [...granted.keys()].find((logicalId) => call.function.includes(logicalId));
    const wanted = rights[`${call.service} ${call.operation}`] ?? [`${call.service}:${call.operation}`];
    const may = owner !== undefined && wanted.some((action) => granted.get(owner)?.has(action));
    if (!may) denied.add(`${call.function} ${call.service} ${call.operation}`);
  }
  return [...denied];
}
