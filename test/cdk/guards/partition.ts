import { expect, test } from 'vitest';
import type { Synthesized } from '../synthesized.ts';

// Seen in the endpoint and feature lists of AWS China. A new type is looked up there before it comes in here.
const offeredInBoth = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::GlobalTable',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
];

/** Every string of a template with the path to it. */
function* strings(value: unknown, path: string): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* strings(inner, `${path}.${key}`);
}

/** Partitions: nothing in a template that only one of them knows. */
export function partitionGuards(suite: Synthesized): void {
  const { partition } = suite.settings;
  const all = [...strings(suite.templates, '')];

  test('every name of a thing carries its own partition, or leaves it to the deployment', () => {
    const foreign = all.flatMap(([path, text]) =>
      [...text.matchAll(/arn:(aws[a-z-]*):/g)].filter(([, named]) => named !== partition).map(() => [path, text]),
    );
    expect(foreign).toEqual([]);
  });

  test('no address is spelt out: only principals are, which are the same everywhere', () => {
    const spelt = all.filter(
      ([path, text]) => text.includes('amazonaws.com') && !/\.Principal(\.Service)?$/.test(path),
    );
    expect(spelt).toEqual([]);
  });

  test('only types that both partitions offer are used', () => {
    const types = new Set(suite.resources.map(({ type }) => type));
    expect([...types].filter((type) => !offeredInBoth.includes(type))).toEqual([]);
  });

  test('nothing is used that a type offers elsewhere only', () => {
    for (const { properties } of suite.ofType('AWS::Lambda::Function')) {
      expect(properties).not.toHaveProperty('TracingConfig');
      expect(properties).not.toHaveProperty('SnapStart');
    }
    // An intrinsic so young that nobody has seen it work in China; exports do.
    expect(all.filter(([path]) => path.includes('Fn::GetStackOutput'))).toEqual([]);
    const tables = suite.ofType('AWS::DynamoDB::GlobalTable').map(({ properties }) => properties['Replicas']);
    expect(tables).toEqual([[expect.anything()]]);
  });
}
