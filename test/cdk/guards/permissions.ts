import { describe, expect, test } from 'vitest';
import { functionList } from '../../../cdk/functions/function-list.ts';
import type { Resource, Synthesized } from '../synthesized.ts';

interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: unknown;
  Condition?: unknown;
}

// Where a thing is, and the statement that gives a right to it.
const placeVariables: Readonly<Record<string, RegExp>> = {
  TABLE_NAME: /^Table$/,
  INCOMING_BUCKET: /^Incoming/,
  EVIDENCE_BUCKET: /^Evidence/,
  NOTICES_BUCKET: /^Notices/,
  KEY_ID: /^PersonalDataKey$/,
  ASSESS_DEAD_LETTERS_URL: /^RedriveFrom$/,
  VERIFY_DEAD_LETTERS_URL: /^RedriveFrom$/,
};

function listed<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function statementsOf({ properties }: Resource): Statement[] {
  const policies = (properties['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap((policy) => policy.PolicyDocument.Statement);
}

/** Statements of queues, buckets, topics and keys about who may use them. */
function resourceStatements({ type, properties }: Resource): Statement[] {
  const document = (properties['PolicyDocument'] ?? properties['KeyPolicy']) as { Statement: Statement[] } | undefined;
  return type === 'AWS::IAM::Role' ? [] : (document?.Statement ?? []);
}

/** Rights: single actions on single things, and only what the function is for. */
export function permissionGuards(suite: Synthesized): void {
  const roles = suite.ofType('AWS::IAM::Role');

  const roleOf = (name: string): Resource => {
    const [role = ''] = suite.referencesIn(suite.functionOf(name), suite.functionOf(name).properties['Role']);
    return suite.byId(role);
  };
  /** Actions by the name of their statement. */
  const rights = (name: string): Record<string, string[]> =>
    Object.fromEntries(
      statementsOf(roleOf(name)).map(({ Sid = '', Action }) => [Sid, listed(Action).toSorted()] as const),
    );

  test('all rights are in the role itself: no shared policies, none managed by AWS', () => {
    expect(suite.ofType('AWS::IAM::Policy')).toEqual([]);
    expect(suite.ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
    for (const role of roles) expect(role.properties).not.toHaveProperty('ManagedPolicyArns');
  });

  test('every function has a role that no other has', () => {
    expect(new Set(functionList.map(({ name }) => roleOf(name).id)).size).toBe(functionList.length);
  });

  test('no right is given by a wildcard in its action, except to the account over its own keys', () => {
    for (const action of roles.flatMap(statementsOf).flatMap(({ Action }) => listed(Action))) {
      expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
    }
    const wild = suite.resources
      .flatMap(resourceStatements)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => listed(Action))
      .filter((action) => action.includes('*'));
    expect(new Set(wild)).toEqual(new Set(['kms:*']));
  });

  test('only ListStreams, which knows no resource, is given on all resources', () => {
    const everywhere = roles.flatMap((role) =>
      statementsOf(role)
        .filter(({ Resource: on }) => listed(on).includes('*'))
        .map(({ Action }) => [role.id, Action]),
    );
    expect(everywhere).toEqual([[roleOf('relay-events').id, 'dynamodb:ListStreams']]);
  });

  test('every other resource is a thing of this deployment, an index of the table or the objects of a bucket', () => {
    for (const role of roles) {
      const rest = statementsOf(role).filter(({ Sid }) => Sid !== 'TriggerStreamList');
      for (const one of rest.flatMap((statement) => listed(statement.Resource))) {
        expect(suite.referencesIn(role, one)).toHaveLength(1);
        const [, literal = ''] = /"(\/[^"]*)"/.exec(JSON.stringify(one)) ?? [];
        expect(literal).toMatch(/^(|\/\*|\/index\/[a-z]+)$/);
      }
    }
  });

  test('the key of personal data opens only what the product sealed under it', () => {
    for (const { name, uses } of functionList) {
      const statements = statementsOf(roleOf(name)).filter(({ Action }) => listed(Action).includes('kms:Decrypt'));
      expect(statements).toHaveLength(uses.personalData === true ? 1 : 0);
      for (const { Condition, Resource: on } of statements) {
        expect(Condition).toEqual({ StringLike: { 'kms:EncryptionContext:purpose': 'jipei/*' } });
        expect(suite.referencesIn(roleOf(name), on)).toEqual([expect.stringContaining('PersonalDataKey')]);
      }
    }
  });

  describe('nobody may', () => {
    test.each([
      // What is locked stays locked, and what was proven stays (RELIABILITY I6).
      's3:BypassGovernanceRetention',
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutObjectLegalHold',
      's3:PutBucketPolicy',
      'dynamodb:DeleteTable',
      'dynamodb:Scan',
      'kms:ScheduleKeyDeletion',
      'sqs:PurgeQueue',
    ])('%s', (forbidden) => {
      const allowed = functionList.filter(({ name }) => Object.values(rights(name)).flat().includes(forbidden));
      expect(allowed).toEqual([]);
    });

    test('write evidence but verify-evidence, notices but the two jobs and the desk, uploads but those two that take and join them', () => {
      const writers = (sid: string) =>
        functionList.map(({ name }) => name).filter((name) => rights(name)[sid]?.includes('s3:PutObject'));
      expect(writers('EvidenceObjects')).toEqual(['verify-evidence']);
      // At payment the lock is made longer (三(二)); nothing of the evidence can be read or put with that.
      expect(rights('settle-payments')['EvidenceObjects']).toEqual(['s3:GetObjectRetention', 's3:PutObjectRetention']);
      // The desk takes rows of a notice down at once; a leak cannot wait for the next job.
      expect(writers('NoticesObjects').toSorted()).toEqual(['close-notices', 'desk-api', 'publish-notices']);
      expect(writers('IncomingObjects').toSorted()).toEqual(['evidence-api', 'verify-evidence']);
    });
  });

  test('relay-events cannot touch the table: it reads the stream and sends messages', () => {
    expect(rights('relay-events')).toEqual({
      Queues: ['sqs:SendMessage'],
      TriggerStream: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      TriggerStreamList: ['dynamodb:ListStreams'],
      TriggerUnrelayed: ['sqs:SendMessage'],
      Log: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    });
  });

  test('dead letters are taken by operations-api alone, and go nowhere but back', () => {
    expect(rights('operations-api')).toMatchObject({
      RedriveFrom: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      RedriveTo: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
    });
    const role = roleOf('operations-api');
    const queuesOf = (sid: string) => {
      const found = statementsOf(role).filter(({ Sid }) => Sid === sid);
      return found.flatMap(({ Resource: on }) => suite.referencesIn(role, on)).map((id) => suite.byId(id));
    };
    const from = queuesOf('RedriveFrom');
    const to = queuesOf('RedriveTo');
    expect(from.map(({ properties }) => 'RedrivePolicy' in properties)).toEqual([false, false]);
    expect(to.flatMap((queue) => suite.referencesIn(queue, queue.properties['RedrivePolicy']))).toEqual(
      from.map(({ id }) => id),
    );
    const takers = functionList.filter(({ name }) => 'RedriveFrom' in rights(name));
    expect(takers.map(({ name }) => name)).toEqual(['operations-api']);
  });

  test('a function learns where a thing is if, and only if, it may use it', () => {
    for (const { name } of functionList) {
      const { Variables } = suite.functionOf(name).properties['Environment'] as { Variables: object };
      const sids = Object.keys(rights(name));
      for (const [variable, sid] of Object.entries(placeVariables)) {
        expect([name, variable, variable in Variables]).toEqual([name, variable, sids.some((one) => sid.test(one))]);
      }
    }
  });
}
