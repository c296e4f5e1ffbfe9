import { describe, expect, test } from 'vitest';
import { deploymentOf, placeholders, type StackDraft } from '../fixtures/stacks.ts';

/** What a property of a function of this stack resolves to. */
function resolved(value: unknown, draft: StackDraft = {}, ...others: StackDraft[]): unknown {
  const resources = {
    Probe: { Type: 'AWS::Lambda::Function', Properties: { Value: value } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'claims' } },
    Queue: { Type: 'AWS::SQS::Queue' },
    ...draft.resources,
  };
  const [probe] = deploymentOf(...others, { ...draft, resources }).resources('AWS::Lambda::Function');
  return probe?.properties['Value'];
}

describe('intrinsic functions', () => {
  test.each([
    ['Ref of a resource', { Ref: 'Table' }, 'claims'],
    [
      'GetAtt as a list',
      { 'Fn::GetAtt': ['Table', 'Arn'] },
      'arn:aws-cn:dynamodb:cn-north-1:111122223333:table/claims',
    ],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws-cn:sqs:cn-north-1:111122223333:service-Queue'],
    ['Ref of a queue is its address', { Ref: 'Queue' }, 'http://127.0.0.1:9324/000000000000/service-Queue'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 'b']] }, 'a-cn-north-1-b'],
    [
      'Sub',
      { 'Fn::Sub': placeholders('x/<Table>/<Queue.Arn>/<AWS::AccountId>/<!kept>') },
      placeholders('x/claims/arn:aws-cn:sqs:cn-north-1:111122223333:service-Queue/111122223333/<kept>'),
    ],
    [
      'Sub with variables',
      { 'Fn::Sub': [placeholders('<a>-<Table>'), { a: { Ref: 'AWS::Partition' } }] },
      'aws-cn-claims',
    ],
    ['Select and Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['nesting in plain data', { a: [{ b: { Ref: 'AWS::StackName' } }] }, { a: [{ b: 'service' }] }],
    ['NoValue removes', { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] }, { b: [1] }],
  ])('%s', (_name, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('If takes the branch of its condition, and conditions may combine', () => {
    const draft = {
      parameters: { Url: { default: '' } },
      conditions: {
        Given: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Url' }, ''] }] },
        Both: { 'Fn::And': [{ Condition: 'Given' }, { 'Fn::Equals': [1, '1'] }] },
        Either: { 'Fn::Or': [{ Condition: 'Given' }, { 'Fn::Equals': ['a', 'a'] }] },
      },
    };
    const branch = (name: string) => resolved({ 'Fn::If': [name, 'yes', 'no'] }, draft);
    expect([branch('Given'), branch('Both'), branch('Either')]).toEqual(['no', 'no', 'yes']);
  });

  test('FindInMap', () => {
    const draft = { mappings: { Sizes: { 'cn-north-1': { big: '8' } } } };
    expect(resolved({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'big'] }, draft)).toBe('8');
    expect(() => resolved({ 'Fn::FindInMap': ['Sizes', 'x', 'big'] }, draft)).toThrow('nothing at Sizes/x/big');
  });

  test('values of other stacks come by output or by export', () => {
    const storage: StackDraft = {
      name: 'storage',
      resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
      outputs: {
        Name: { value: { Ref: 'Bucket' }, exportName: undefined },
        Arn: {
          value: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
          exportName: { 'Fn::Sub': placeholders('<AWS::StackName>:arn') },
        },
      },
    };
    const output = { 'Fn::GetStackOutput': { StackName: 'storage', OutputName: 'Name', Region: 'cn-north-1' } };
    expect(resolved(output, {}, storage)).toBe('storage-bucket');
    expect(resolved({ 'Fn::ImportValue': 'storage:arn' }, {}, storage)).toBe('arn:aws-cn:s3:::storage-bucket');
    expect(() => resolved({ 'Fn::ImportValue': 'nobody' }, {}, storage)).toThrow('no stack exports nobody');
  });

  test.each([
    [{ 'Fn::Cidr': ['10.0.0.0/8', 1, 1] }, 'refusing to pretend: unknown intrinsic function Fn::Cidr'],
    [{ Ref: 'Nobody' }, 'nothing is called Nobody'],
    [{ Ref: 'AWS::NotificationARNs' }, 'unknown pseudo parameter AWS::NotificationARNs'],
    [{ 'Fn::GetAtt': ['Table', 'Colour'] }, 'service/Table has no Colour here'],
    [{ 'Fn::Select': [5, ['a']] }, 'no element 5'],
  ])('%j is refused', (value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });

  test('an error says which resource it is about', () => {
    expect(() => resolved({ Ref: 'Nobody' })).toThrow('service/Probe (AWS::Lambda::Function)');
  });

  test('a parameter without value is named', () => {
    expect(() => resolved({ Ref: 'Empty' }, { parameters: { Empty: { default: undefined } } })).toThrow(
      'parameter Empty has no value',
    );
  });
});
