import { describe, expect, test } from 'vitest';
import { createDeployment } from '../../../local/template/deployment.ts';
import { findByName } from '../../../local/template/names.ts';
import { refuseUnknownTypes } from '../../../local/template/resource-types.ts';
import { deploymentOf, placeholders, stackOf } from '../fixtures/stacks.ts';

describe('deployment', () => {
  test('a resource whose condition fails does not exist', () => {
    const deployment = deploymentOf({
      conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      resources: { A: { Type: 'AWS::SQS::Queue', Condition: 'Never' }, B: { Type: 'AWS::SQS::Queue' } },
    });
    expect(deployment.resources('AWS::SQS::Queue').map((one) => one.logicalId)).toEqual(['B']);
  });

  test('what an engine registered wins over what was foreseen', () => {
    const deployment = deploymentOf({
      resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Probe: { Type: 'AWS::Lambda::Function', Properties: { Key: { Ref: 'Key' } } },
      },
    });
    const [key] = deployment.resources('AWS::KMS::Key');
    if (key === undefined) throw new Error('no key');
    deployment.register(key, { ref: 'id-1', attributes: { Arn: 'arn:1' } });
    expect(deployment.resources('AWS::Lambda::Function')[0]?.properties).toEqual({ Key: 'id-1' });
  });

  test('parameters given win over defaults; outputs are found by id and by stack', () => {
    const stack = stackOf({
      parameters: { Who: { default: 'nobody' } },
      outputs: { Greeting: { value: { 'Fn::Sub': placeholders('hello <Who>') }, exportName: undefined } },
    });
    const addresses = { sqs: '', api: () => '' };
    const outputs = (parameters: Record<string, string>) =>
      createDeployment({ stacks: [stack], parameters, addresses }).outputs();
    expect(outputs({})).toEqual({ Greeting: 'hello nobody', 'service.Greeting': 'hello nobody' });
    expect(outputs({ Who: 'you' })['Greeting']).toBe('hello you');
  });

  test('physical names fit the limits of their kind and end as the logical id does', () => {
    const long = 'VeryLongLogicalIdOfSomethingThatGoesOnAndOnForEverAndEver0123456789ABCDEF';
    const deployment = deploymentOf({
      resources: { [long]: { Type: 'AWS::S3::Bucket' }, [`${long}Fn`]: { Type: 'AWS::Lambda::Function' } },
    });
    const [bucket] = deployment.resources('AWS::S3::Bucket');
    const [fn] = deployment.resources('AWS::Lambda::Function');
    expect(bucket?.ref).toMatch(/^[a-z0-9][a-z0-9.-]{1,62}0123456789abcdef$/);
    expect(bucket?.ref.length).toBeLessThanOrEqual(63);
    expect(fn?.ref.length).toBeLessThanOrEqual(64);
    expect(fn?.ref).toMatch(/0123456789ABCDEFFn$/);
  });

  test('a FIFO queue is called so', () => {
    const deployment = deploymentOf({ resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } } });
    expect(deployment.resources('AWS::SQS::Queue')[0]?.attributes['QueueName']).toBe('service-Q.fifo');
  });
});

describe('resource types', () => {
  test('an unknown type stops everything and is named', () => {
    const stack = stackOf({
      resources: { Site: { Type: 'AWS::CloudFront::Distribution' }, Q: { Type: 'AWS::SQS::Queue' } },
    });
    expect(() => refuseUnknownTypes([stack])).toThrow(
      'refusing to pretend: the local cloud does not know AWS::CloudFront::Distribution (service/Site)',
    );
  });

  test('what is without effect is told with its count', () => {
    const stack = stackOf({ resources: { A: { Type: 'AWS::IAM::Role' }, B: { Type: 'AWS::IAM::Role' } } });
    expect(refuseUnknownTypes([stack])).toEqual(['2 × AWS::IAM::Role: permissions are not enforced here']);
  });
});

describe('names', () => {
  const things = [
    { logicalId: 'AssessClaim1A2B', name: 'jipei-local-assess-claim', path: 'service/assess-claim/Resource' },
    { logicalId: 'Relay3C4D', name: 'jipei-local-relay', path: 'service/relay/Resource' },
    { logicalId: 'Other', name: 'other-relay', path: 'service/twin/Resource' },
  ];
  test.each([
    ['AssessClaim1A2B', 0],
    ['jipei-local-assess-claim', 0],
    ['assess-claim', 0],
    ['relay', 1],
    ['twin', 2],
  ])('%s', (name, index) => {
    expect(findByName(things, name, 'function')).toBe(things[index]);
  });

  test('nothing or several: the error lists what there is', () => {
    expect(() => findByName(things, 'nobody', 'function')).toThrow(
      'there are: jipei-local-assess-claim, jipei-local-relay',
    );
    expect(() => findByName(things.slice(1), 'service', 'function')).toThrow('several functions fit "service"');
  });
});
