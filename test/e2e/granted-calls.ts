import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedCall } from '../../local/faults/call-gateway.ts';
import type { LocalCloud } from '../../local/local-cloud.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

interface Statement {
  Sid?: string;
  Action: string | string[];
  Resource: unknown;
}

/** One action on one thing; `thing` is a logical id, with `/index/<name>` for an index and `/*` for a bucket's objects. */
interface Right {
  function: string;
  action: string;
  thing: string;
}

/** What of a call needs a right: one of the actions, on the things that the call names. */
type Need = readonly string[];

// What IAM calls the rights that an operation takes, where it does not call them as the operation.
const needsOf: Readonly<Record<string, readonly Need[]>> = {
  'sqs SendMessageBatch': [['sqs:SendMessage']],
  // Whether a version is named, which takes a right of its own, the recording does not tell.
  's3 HeadObject': [['s3:GetObject', 's3:GetObjectVersion']],
  's3 GetObject': [['s3:GetObject', 's3:GetObjectVersion']],
  // Copies are made into the evidence bucket, and each is locked by the call that makes it.
  's3 CopyObject': [['s3:PutObject'], ['s3:PutObjectRetention']],
  's3 CreateMultipartUpload': [['s3:PutObject']],
  's3 CompleteMultipartUpload': [['s3:PutObject']],
  's3 UploadPart': [['s3:PutObject']],
  's3 ListParts': [['s3:ListMultipartUploadParts']],
  's3 ListObjectsV2': [['s3:ListBucket']],
};

/** The right that each part of a transaction takes. */
const partRights: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

function listed<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function needs({ service, operation, parts }: RecordedCall): readonly Need[] {
  if (operation === 'TransactWriteItems') return parts.map((part) => [partRights[part] ?? `unknown:${part}`]);
  return needsOf[`${service} ${operation}`] ?? [[`${service}:${operation}`]];
}

/** Who was called, and what each role says, in the words of the template. */
function read(assembly: string, { resources }: LocalCloud) {
  const template: { Resources: Record<string, Resource> } = JSON.parse(
    readFileSync(join(assembly, 'jipei-local-service.template.json'), 'utf8'),
  );
  // The longest first: an id may be the beginning of another.
  const ids = resources.map(({ logicalId }) => logicalId).toSorted((a, b) => b.length - a.length);
  const thingOf = (value: unknown): string => {
    const text = JSON.stringify(value);
    const id = ids.find((one) => text.includes(one));
    if (id === undefined) throw new Error(`no resource of ours: ${text}`);
    return id + (/"(\/[^"]*)"/.exec(text)?.[1] ?? '');
  };

  const functions = new Map<string, string>();
  const rights: Right[] = [];
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { Variables } = Properties['Environment'] as { Variables: Record<string, string> };
    const name = Variables['POWERTOOLS_SERVICE_NAME'] ?? '';
    functions.set(logicalId, name);
    const [roleId = ''] = (Properties['Role'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
    const policies = template.Resources[roleId]?.Properties['Policies'] as {
      PolicyDocument: { Statement: Statement[] };
    }[];
    for (const { Sid = '', Action, Resource } of policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)) {
      // Used by Lambda itself, in the function's name.
      if (Sid.startsWith('Trigger') || Sid === 'Log') continue;
      for (const action of listed(Action))
        for (const one of listed(Resource)) rights.push({ function: name, action, thing: thingOf(one) });
    }
  }

  /** The thing that a call names, as a right names it for this action. */
  const called = (name: string, action: string): string => {
    const found = resources.find(({ ref, arn }) => name === ref || name === arn || name.startsWith(`${ref}/`));
    if (found === undefined) return name;
    const rest = name === found.arn ? '' : name.slice(found.ref.length);
    if (!action.startsWith('s3:')) return found.logicalId + rest;
    return found.logicalId + (action === 's3:ListBucket' ? '' : '/*');
  };
  const functionOf = (call: RecordedCall): string => {
    const found = [...functions].find(([logicalId]) => call.function.includes(logicalId));
    return found?.[1] ?? call.function;
  };
  return { rights, called, functionOf };
}

const textOf = ({ function: name, action, thing }: Right): string => `${name} ${action} ${thing}`;

/** Rights as `function action thing`; things by their logical ids without the hash at the end. */
export interface Privilege {
  /** All that the synthesized roles give the functions' own code. */
  granted: string[];
  /** What calls took and no role gives. */
  denied: string[];
  /** What roles give and no call took. */
  unused: string[];
}

/** Holds every AWS call of the functions against the rights in the synthesized roles, to the table's index and the bucket. */
export function privilegeOf(assembly: string, cloud: LocalCloud): Privilege {
  const { rights, called, functionOf } = read(assembly, cloud);
  const granted = new Set(rights.map(textOf));
  const used = new Set<string>();
  const denied = new Set<string>();
  for (const call of cloud.calls()) {
    const name = functionOf(call);
    for (const need of needs(call)) {
      for (const resource of call.resources) {
        const wanted = need.map((action) => textOf({ function: name, action, thing: called(resource, action) }));
        const given = wanted.filter((one) => granted.has(one));
        for (const one of given) used.add(one);
        if (given.length === 0) denied.add(wanted.join(' or '));
      }
      if (call.resources.length === 0) denied.add(`${name} ${need.join(' or ')} on nothing that is named`);
    }
  }
  const plain = (all: Iterable<string>): string[] =>
    [...all].map((one) => one.replaceAll(/[0-9A-F]{8}(?=$|\/| or )/g, '')).toSorted();
  const unused = [...granted].filter((one) => !used.has(one));
  return { granted: plain(granted), denied: plain(denied), unused: plain(unused) };
}
